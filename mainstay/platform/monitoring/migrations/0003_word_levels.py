"""Word how bad a trouble is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0002_note_troubles"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trouble",
            name="level",
            field=models.CharField(
                choices=[("error", "Error"), ("warning", "Wants attention"), ("fact", "Fact")], max_length=8
            ),
        ),
    ]
