"""Makes the room's first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alarms", "0002_join_other_rooms"),
        ("customers", "0001_begin"),
        ("inventory", "0001_begin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("fault", "Fault"), ("consultation", "Consultation")], default="fault", max_length=16
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("impact", "Network alarm"),
                            ("portal", "Customer portal"),
                            ("phone", "Phone"),
                            ("staff", "Staff"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("assigned", "In progress"),
                            ("paused", "Paused"),
                            ("resolved", "Resolved"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("region_code", models.CharField(max_length=12)),
                ("grade", models.CharField(blank=True, max_length=4)),
                ("grade_rank", models.PositiveSmallIntegerField(default=9)),
                (
                    "responsibility",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("operator", "Operator"),
                            ("customer", "Customer"),
                            ("other_operator", "Other operator"),
                            ("force_majeure", "Force majeure"),
                        ],
                        max_length=16,
                    ),
                ),
                ("cause_code", models.CharField(blank=True, max_length=40)),
                ("is_repeat", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("next_update_at", models.DateTimeField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="customers.customer"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="alarms.incident",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.ticket",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Pause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=20)),
                ("evidence", models.CharField(max_length=400)),
                ("from_at", models.DateTimeField()),
                ("limit_at", models.DateTimeField(null=True)),
                ("to_at", models.DateTimeField(null=True)),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_user_id", models.BigIntegerField(null=True)),
                ("needs_approval", models.BooleanField(default=False)),
                ("approved_by", models.CharField(blank=True, max_length=80)),
                ("approved_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Clock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("restoration", "Restoration"),
                            ("response", "Response"),
                            ("feedback", "Progress report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("promise", models.JSONField()),
                ("policy", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("met", "Met"),
                            ("breached", "Breached"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="not_started",
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("deadline_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("used_s", models.BigIntegerField(default=0)),
                ("total_s", models.BigIntegerField(default=0)),
                ("judged_at", models.DateTimeField(null=True)),
                (
                    "circuit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.circuit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TicketEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "Ticket opened"),
                            ("circuit_down", "Circuit down"),
                            ("circuit_degraded", "Circuit degraded"),
                            ("circuit_restored", "Circuit restored"),
                            ("not_affected", "Not affected"),
                            ("claimed", "Claimed"),
                            ("assigned", "Assigned"),
                            ("note", "Note"),
                            ("call", "Call"),
                            ("customer_report", "Customer's report"),
                            ("customer_told", "Customer told"),
                            ("next_update", "Next update promised"),
                            ("pause_asked", "Pause asked for"),
                            ("pause_refused", "Pause refused"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("promise_changed", "Promise changed"),
                            ("escalated", "Escalated"),
                            ("breached", "Promise missed"),
                            ("resolved", "Resolved"),
                            ("confirmed", "Customer confirmed"),
                            ("reopened", "Reopened"),
                            ("linked", "Linked"),
                            ("responsibility", "Responsibility decided"),
                            ("closed", "Closed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=80)),
                ("user_id", models.BigIntegerField(null=True)),
                ("text", models.TextField(blank=True)),
                ("for_customer", models.BooleanField(default=False)),
                ("body", models.JSONField(default=dict)),
                (
                    "circuit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.circuit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["status", "deadline_at"], name="ticket_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["customer", "-opened_at"], name="ticket_by_customer"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["-opened_at"], name="ticket_by_opening"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("incident__isnull", False), ("status__in", ("open", "assigned", "paused", "resolved"))
                ),
                fields=("incident", "customer"),
                name="one_live_ticket_per_customer",
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(condition=models.Q(("state", "running")), fields=["deadline_at"], name="clock_running"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(fields=("ticket", "kind", "circuit"), name="one_clock_per_circuit"),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("circuit__isnull", True)), fields=("ticket", "kind"), name="one_clock_per_ticket"
            ),
        ),
        migrations.AddIndex(
            model_name="ticketevent",
            index=models.Index(fields=["ticket", "at", "id"], name="event_by_ticket"),
        ),
    ]
