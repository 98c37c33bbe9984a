"""What one shift hands over to the next, frozen as signed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duty", "0002_join_other_rooms")]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("facts", models.JSONField(default=dict)),
                ("remarks", models.JSONField(default=dict)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_by", models.CharField(blank=True, max_length=80)),
                ("signed_user_id", models.BigIntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("taken_by", models.CharField(blank=True, max_length=80)),
                ("taken_user_id", models.BigIntegerField(null=True)),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="handovers", to="duty.desk"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("desk", "from_at", "version"), name="one_version_of_a_handover")
                ],
                "indexes": [models.Index(fields=["-to_at"], name="handover_by_end")],
            },
        ),
    ]
