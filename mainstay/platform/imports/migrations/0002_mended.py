"""Links an import to the one whose bad rows it mends, knows files being read, keeps who created things elsewhere."""

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
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_kind", models.CharField(max_length=32)),
                ("object_id", models.BigIntegerField()),
                ("created_at", models.DateTimeField(null=True)),
                ("created_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("object_kind", "object_id"), name="one_origin")],
            },
        ),
    ]
