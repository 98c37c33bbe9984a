"""Adds departments with internal targets, counted progress reports, and re-judgings that a second person approves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendars", "0002_keep_editions"),
        ("inventory", "0004_index_long_lists"),
        ("tickets", "0003_index_long_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=80)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("takes_first", models.BooleanField(default=False)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ("position", "code"),
            },
        ),
        migrations.CreateModel(
            name="DepartmentTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("AAA", "AAA"), ("AA", "AA"), ("A", "A"), ("I", "I"), ("II", "II"), ("III", "III")],
                        max_length=4,
                    ),
                ),
                ("amount", models.PositiveIntegerField()),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("natural_minutes", "minutes"),
                            ("working_minutes", "working minutes"),
                            ("working_days", "working days"),
                            ("same_day", "same day"),
                            ("percent", "per cent"),
                        ],
                        max_length=16,
                    ),
                ),
                ("pauses_help", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ("grade",),
            },
        ),
        migrations.CreateModel(
            name="Rejudging",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("began", "A circuit was out earlier"),
                            ("restored", "A circuit was back earlier"),
                            ("pause", "The clock should have stood still"),
                            ("responsibility", "Responsibility decided otherwise"),
                            ("promise", "The promise and calendar that hold now"),
                        ],
                        max_length=16,
                    ),
                ),
                ("wanted", models.JSONField()),
                ("why", models.CharField(max_length=400)),
                ("changes", models.JSONField(default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waits for approval"),
                            ("applied", "Approved and applied"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        max_length=8,
                    ),
                ),
                ("asked_by", models.CharField(max_length=80)),
                ("asked_user_id", models.BigIntegerField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=80)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="clock",
            name="one_clock_per_ticket",
        ),
        migrations.AddField(
            model_name="clock",
            name="missed_rounds",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("restoration", "Restoration"),
                    ("response", "Response"),
                    ("feedback", "Progress report"),
                    ("department", "Internal target"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Ticket opened"),
                    ("circuit_down", "Circuit down"),
                    ("circuit_degraded", "Circuit degraded"),
                    ("circuit_restored", "Circuit restored"),
                    ("not_affected", "Not affected"),
                    ("claimed", "Claimed"),
                    ("assigned", "Assigned"),
                    ("handed", "Handed to a department"),
                    ("note", "Note"),
                    ("call", "Call"),
                    ("customer_report", "Customer's report"),
                    ("customer_told", "Customer told"),
                    ("nobody_told", "Nobody could be told"),
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
                    ("rejudge_asked", "Re-judging asked for"),
                    ("rejudged", "Re-judged"),
                    ("rejudge_refused", "Re-judging refused"),
                    ("closed", "Closed"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="department",
            constraint=models.UniqueConstraint(
                condition=models.Q(("takes_first", True)), fields=("takes_first",), name="one_department_takes_first"
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="department",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.department"
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.department",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(
                condition=models.Q(("circuit__isnull", True), ("department__isnull", True)),
                fields=("ticket", "kind"),
                name="one_clock_per_ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.UniqueConstraint(fields=("ticket", "department"), name="one_clock_per_department"),
        ),
        migrations.AddField(
            model_name="departmenttarget",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.calendar"
            ),
        ),
        migrations.AddField(
            model_name="departmenttarget",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="tickets.department"
            ),
        ),
        migrations.AddField(
            model_name="rejudging",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rejudgings", to="tickets.ticket"
            ),
        ),
        migrations.AddConstraint(
            model_name="departmenttarget",
            constraint=models.UniqueConstraint(fields=("department", "grade"), name="one_target_per_grade"),
        ),
        migrations.AddIndex(
            model_name="rejudging",
            index=models.Index(fields=["state", "asked_at"], name="rejudging_by_state"),
        ),
    ]
