"""Incidents that people declare because customers report them, before or without any alarm."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alarms", "0003_join_people")]

    operations = [
        migrations.AddField("incident", "adopted_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "incident",
            "origin",
            models.CharField(
                choices=[("alarms", "Alarms"), ("reports", "Reported by customers")],
                db_default="alarms",
                default="alarms",
                max_length=8,
            ),
        ),
    ]
