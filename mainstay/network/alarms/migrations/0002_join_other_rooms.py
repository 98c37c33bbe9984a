"""Ties the room's tables to those of other rooms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alarms", "0001_begin"),
        ("customers", "0001_begin"),
        ("inventory", "0001_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="resource",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="inventory.resource"
            ),
        ),
        migrations.AddField(
            model_name="alarmreport",
            name="source",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alarms.alarmsource"
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="source",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alarms.alarmsource"
            ),
        ),
        migrations.AddField(
            model_name="effectrule",
            name="source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rules",
                to="alarms.alarmsource",
            ),
        ),
        migrations.AddField(
            model_name="impact",
            name="circuit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="impacts", to="inventory.circuit"
            ),
        ),
        migrations.AddField(
            model_name="impact",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="cause",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents",
                to="inventory.resource",
            ),
        ),
    ]
