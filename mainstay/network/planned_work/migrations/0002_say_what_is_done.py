"""Adds who planned the work, what is done, what to prepare, and when it ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("planned_work", "0001_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="plannedwork",
            name="details",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="planned_by",
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="planned_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="preparation",
            field=models.TextField(blank=True),
        ),
    ]
