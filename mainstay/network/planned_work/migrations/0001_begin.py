"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("inventory", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlannedWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=160)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("approved", "Approved"),
                            ("cancelled", "Cancelled"),
                            ("done", "Done"),
                        ],
                        default="planned",
                        max_length=12,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("announced_at", models.DateTimeField(null=True)),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("resources", models.ManyToManyField(related_name="planned_work", to="inventory.resource")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_at__gt", models.F("from_at"))), name="work_ends_after_start"
                    )
                ],
            },
        ),
    ]
