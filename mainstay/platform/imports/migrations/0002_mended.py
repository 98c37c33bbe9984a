"""Links an import to the one whose bad rows it mends, and knows files that are still being read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_begin")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="mends",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mended_by",
                to="imports.importrun",
            ),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="preview",
            field=models.JSONField(default=dict),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "Being read"),
                    ("draft", "Being prepared"),
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("refused", "Nothing taken over"),
                    ("undoing", "Being undone"),
                    ("undone", "Undone"),
                    ("failed", "Stopped"),
                ],
                default="draft",
                max_length=8,
            ),
        ),
    ]
