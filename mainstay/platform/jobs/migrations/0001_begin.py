"""Makes the room's first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Stopped"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                ("arguments", models.JSONField(default=dict)),
                ("kept", models.JSONField(default=dict)),
                ("user_id", models.BigIntegerField(null=True)),
                ("user_name", models.CharField(max_length=80)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("at_once", models.BooleanField(default=False)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("slice", models.PositiveIntegerField(default=0)),
                ("place", models.PositiveIntegerField(default=0)),
                ("cancel_asked", models.BooleanField(default=False)),
                ("cancelled_by", models.CharField(blank=True, max_length=80)),
                ("asked_at", models.DateTimeField()),
                ("began_at", models.DateTimeField(null=True)),
                ("alive_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("problem", models.CharField(blank=True, max_length=400)),
                ("problem_values", models.JSONField(null=True)),
                ("file", models.CharField(blank=True, max_length=200)),
                (
                    "of",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="again", to="jobs.job"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JobRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_id", models.BigIntegerField()),
                ("label", models.CharField(blank=True, max_length=160)),
                ("error", models.CharField(max_length=400)),
                ("error_values", models.JSONField(null=True)),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="refusals", to="jobs.job"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="JobSlice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("ids", models.JSONField()),
                (
                    "job",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slices", to="jobs.job"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["state", "id"], name="job_by_state"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["user_id", "-id"], name="job_by_user"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(fields=["user_id", "-alive_at"], name="job_by_turn"),
        ),
        migrations.AddConstraint(
            model_name="jobrefusal",
            constraint=models.UniqueConstraint(fields=("job", "object_id"), name="one_refusal_per_object"),
        ),
        migrations.AddConstraint(
            model_name="jobslice",
            constraint=models.UniqueConstraint(fields=("job", "number"), name="one_slice_per_number"),
        ),
    ]
