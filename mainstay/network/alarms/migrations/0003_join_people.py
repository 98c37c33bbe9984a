"""Ties the room's tables to those of other rooms."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alarms", "0002_join_other_rooms"),
        ("inventory", "0001_begin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="claimed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="alarms.incident"
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alarms.alarmsource"
            ),
        ),
        migrations.AddField(
            model_name="impact",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="impacts", to="alarms.incident"
            ),
        ),
        migrations.AddField(
            model_name="alarm",
            name="incident",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="alarms.incident"
            ),
        ),
        migrations.AddField(
            model_name="intakebatch",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alarms.alarmsource"
            ),
        ),
        migrations.AddField(
            model_name="quarantinedresource",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="inventory.resource",
            ),
        ),
        migrations.AddField(
            model_name="quarantinedresource",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alarms.alarmsource"
            ),
        ),
        migrations.AddIndex(
            model_name="alarmreport",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["id"], name="report_waiting"),
        ),
        migrations.AddIndex(
            model_name="alarmreport",
            index=models.Index(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=["source", "external_id"],
                name="report_by_external",
            ),
        ),
        migrations.AddIndex(
            model_name="alarmreport",
            index=models.Index(
                condition=models.Q(("outcome", "quarantined")), fields=["resource_ref"], name="report_quarantined"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["status", "-opened_at"], name="incident_by_status"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["-opened_at"], name="incident_by_opening"),
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(fields=["circuit", "from_at"], name="impact_by_circuit"),
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(fields=["customer", "-from_at"], name="impact_by_customer"),
        ),
        migrations.AddIndex(
            model_name="impact",
            index=models.Index(fields=["incident", "to_at"], name="impact_by_incident"),
        ),
        migrations.AddConstraint(
            model_name="impact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_at__isnull", True)), fields=("circuit",), name="one_standing_impact"
            ),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(fields=["-raised_at"], name="alarm_by_raising"),
        ),
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("cleared_at__isnull", True)), fields=["-raised_at"], name="alarm_standing"
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at__isnull", True)),
                fields=("source", "resource", "alarm_type"),
                name="one_standing_alarm",
            ),
        ),
        migrations.AddConstraint(
            model_name="intakebatch",
            constraint=models.UniqueConstraint(fields=("source", "key"), name="one_answer_per_batch"),
        ),
        migrations.AddConstraint(
            model_name="quarantinedresource",
            constraint=models.UniqueConstraint(fields=("source", "resource_ref"), name="one_quarantine_per_ref"),
        ),
    ]
