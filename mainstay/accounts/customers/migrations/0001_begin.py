"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("decision_maker", "Decision maker"),
                            ("key_contact", "Key contact"),
                            ("technical", "Technical contact"),
                            ("finance", "Finance contact"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("language", models.CharField(default="zh-hans", max_length=10)),
                ("birthday_on", models.DateField(blank=True, null=True)),
                ("notify", models.BooleanField(default=False)),
                ("left_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("short_name", models.CharField(blank=True, max_length=40)),
                (
                    "kind",
                    models.CharField(
                        choices=[("group", "Group"), ("organisation", "Organisation"), ("individual", "Individual")],
                        default="organisation",
                        max_length=16,
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("state", "State-owned"),
                            ("private", "Private"),
                            ("foreign", "Foreign-invested"),
                            ("public", "Public institution"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "service_grade",
                    models.CharField(
                        choices=[
                            ("gold", "Gold"),
                            ("silver", "Silver"),
                            ("bronze", "Bronze"),
                            ("standard", "Standard"),
                        ],
                        default="standard",
                        max_length=12,
                    ),
                ),
                ("grade_reason", models.CharField(blank=True, max_length=200)),
                ("is_special", models.BooleanField(default=False)),
                (
                    "archive",
                    models.CharField(
                        choices=[("active", "Active"), ("retained", "Retained")], default="active", max_length=12
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("since_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=1)),
            ],
        ),
    ]
