from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_note_changes"),
        ("tickets", "0005_trust_the_worker"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("kind", "feedback"), ("stopped_at__isnull", True)),
                fields=["deadline_at"],
                name="clock_of_word_due",
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(
                condition=models.Q(("kind", "customer_report")), fields=["ticket"], name="event_reported"
            ),
        ),
    ]
