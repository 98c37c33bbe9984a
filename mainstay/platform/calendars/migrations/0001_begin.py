"""Makes the room's first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("time_zone", models.CharField(default="Asia/Shanghai", max_length=48)),
                ("always", models.BooleanField(default=False)),
                ("special_days", models.CharField(blank=True, default="CN", max_length=8)),
                ("stamp", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("weekday", models.PositiveSmallIntegerField()),
                ("from_minute", models.PositiveSmallIntegerField()),
                ("to_minute", models.PositiveSmallIntegerField()),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hours", to="calendars.calendar"
                    ),
                ),
            ],
            options={
                "ordering": ("weekday", "from_minute"),
            },
        ),
        migrations.CreateModel(
            name="YearTable",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(default="CN", max_length=8)),
                ("year", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=200)),
                ("imported_at", models.DateTimeField()),
                ("imported_by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("country", "year"), name="one_table_per_year")],
            },
        ),
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "Holiday"), ("workday", "Moved workday"), ("custom", "Own hours")],
                        max_length=8,
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("hours", models.JSONField(blank=True, default=list)),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="calendars.yeartable"
                    ),
                ),
            ],
            options={
                "ordering": ("on",),
                "constraints": [models.UniqueConstraint(fields=("table", "on"), name="one_rule_per_day")],
            },
        ),
    ]
