import django.db.models.deletion
from django.db import migrations, models

CARRY = """
INSERT INTO inventory_livecircuit (circuit_id, state, planned, since)
SELECT id, live_state, live_planned, live_since FROM inventory_circuit WHERE live_state > 0 OR live_since IS NOT NULL
"""
CARRY_BACK = """
UPDATE inventory_circuit SET live_state = s.state, live_planned = s.planned, live_since = s.since
FROM inventory_livecircuit s WHERE s.circuit_id = inventory_circuit.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_former_standing"),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveCircuit",
            fields=[
                (
                    "circuit",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="live",
                        serialize=False,
                        to="inventory.circuit",
                    ),
                ),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")]
                    ),
                ),
                ("planned", models.BooleanField(default=False)),
                ("since", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RunSQL(CARRY, CARRY_BACK),
        migrations.AddIndex(
            model_name="livecircuit",
            index=models.Index(condition=models.Q(("state__gt", 0)), fields=["state"], name="circuit_impaired"),
        ),
        migrations.RemoveIndex(model_name="circuit", name="circuit_by_state"),
        migrations.RemoveIndex(model_name="circuit", name="circuit_of_customer"),
        migrations.RemoveField(model_name="circuit", name="live_state"),
        migrations.RemoveField(model_name="circuit", name="live_planned"),
        migrations.RemoveField(model_name="circuit", name="live_since"),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(
                condition=models.Q(("status", "active")), fields=["customer"], name="circuit_of_customer"
            ),
        ),
    ]
