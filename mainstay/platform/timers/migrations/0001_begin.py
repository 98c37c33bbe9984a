"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Timer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due_at", models.DateTimeField()),
                ("purpose", models.CharField(max_length=48)),
                ("owner_kind", models.CharField(max_length=32)),
                ("owner_id", models.BigIntegerField()),
                ("rung", models.CharField(max_length=32)),
                ("fired_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("fired_at__isnull", True)),
                        fields=["due_at"],
                        name="timer_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "owner_kind", "owner_id", "rung"), name="one_timer_per_rung"
                    )
                ],
            },
        ),
    ]
