from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0005_note_changes"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["region_code"], name="resource_by_region"),
        ),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(
                condition=models.Q(("status", "active")), fields=["customer", "live_state"], name="circuit_of_customer"
            ),
        ),
    ]
