from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0005_watch_for_storms"),
        ("inventory", "0002_count_revisions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=["-effect", "-raised_at"],
                name="alarm_standing_by_effect",
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=["-last_at", "-id"],
                name="alarm_standing_by_last",
            ),
        ),
    ]
