"""Makes the room's first tables."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0001_begin"),
        ("inventory", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="CircuitTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("restoration", "Restoration"),
                            ("response", "Response"),
                            ("feedback", "Progress report"),
                            ("availability", "Monthly availability"),
                            ("planned_notice", "Notice of planned work"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=3, max_digits=9, validators=[django.core.validators.MinValueValidator(0)]
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("natural_minutes", "minutes"),
                            ("working_minutes", "working minutes"),
                            ("working_days", "working days"),
                            ("same_day", "same day"),
                            ("percent", "per cent"),
                        ],
                        max_length=16,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.calendar"
                    ),
                ),
                (
                    "circuit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="inventory.circuit"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
