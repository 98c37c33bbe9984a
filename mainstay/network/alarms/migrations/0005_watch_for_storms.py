"""Adds what storms are seen by and kept in, and the indexes by which standing causes are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0004_declare_incidents"),
        ("customers", "0003_keep_who_created"),
        ("inventory", "0002_count_revisions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Storm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("calm_since", models.DateTimeField(null=True)),
                ("signals", models.CharField(max_length=60)),
                ("reports", models.PositiveIntegerField(default=0)),
                ("peak_per_second", models.PositiveIntegerField(default=0)),
                ("peak_at", models.DateTimeField(null=True)),
                ("most_causes", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="StormRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rate_least", models.PositiveIntegerField(default=600)),
                ("rate_times", models.PositiveIntegerField(default=10)),
                ("backlog", models.PositiveIntegerField(default=2000)),
                ("behind_s", models.PositiveIntegerField(default=15)),
                ("causes", models.PositiveIntegerField(default=60)),
                ("calm_percent", models.PositiveSmallIntegerField(default=50)),
                ("calm_s", models.PositiveIntegerField(default=300)),
            ],
        ),
        migrations.CreateModel(
            name="StreamSample",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(unique=True)),
                ("reports", models.PositiveIntegerField(default=0)),
                ("peak_per_second", models.PositiveIntegerField(default=0)),
                ("last_report_id", models.BigIntegerField(default=0)),
                ("stormy", models.BooleanField(default=False)),
            ],
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True)), fields=["incident", "source"], name="alarm_of_cause"
            ),
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(
                condition=models.Q(("to_at__isnull", True)), fields=["incident", "state"], name="impact_standing"
            ),
        ),
        migrations.AddIndex(
            model_name="storm",
            index=models.Index(fields=["-began_at"], name="storm_by_begin"),
        ),
    ]
