"""Makes the room's first tables."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="PromiseProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("active", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)), fields=("active",), name="one_active_profile"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PromiseTerm",
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
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("AAA", "AAA"), ("AA", "AA"), ("A", "A"), ("I", "I"), ("II", "II"), ("III", "III")],
                        max_length=4,
                    ),
                ),
                (
                    "reach",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "any"),
                            ("local", "within a city"),
                            ("province", "within the province"),
                            ("country", "between provinces"),
                        ],
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.calendar"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="catalog.promiseprofile"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
