"""Makes the room's first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("file_name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("size_bytes", models.BigIntegerField()),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("good-rows", "Take the good rows, list the bad ones"),
                            ("all-or-nothing", "All rows or nothing"),
                        ],
                        default="good-rows",
                        max_length=16,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
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
                ("columns", models.JSONField()),
                ("mapping", models.JSONField(default=dict)),
                ("preview", models.JSONField(default=list)),
                ("total", models.PositiveIntegerField()),
                ("created", models.PositiveIntegerField(default=0)),
                ("updated", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("undone", models.PositiveIntegerField(default=0)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("cursor", models.BigIntegerField(default=0)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_by_id", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=80)),
                ("problem", models.CharField(blank=True, max_length=400)),
            ],
            options={
                "indexes": [models.Index(fields=["state", "id"], name="import_by_state")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField()),
                ("cells", models.JSONField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waiting"),
                            ("created", "Created"),
                            ("updated", "Changed"),
                            ("unchanged", "Unchanged"),
                            ("refused", "Refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("object_kind", models.CharField(blank=True, max_length=32)),
                ("object_id", models.BigIntegerField(null=True)),
                ("label", models.CharField(blank=True, max_length=160)),
                ("error", models.CharField(blank=True, max_length=400)),
                ("error_values", models.JSONField(null=True)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("undone", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="imports.importrun"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["run", "outcome", "line"], name="import_row_by_outcome")],
                "constraints": [models.UniqueConstraint(fields=("run", "line"), name="one_row_per_line")],
            },
        ),
    ]
