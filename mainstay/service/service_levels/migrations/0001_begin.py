"""Begins months of the ledger, results, versions, exclusions, proposals."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("alarms", "0007_remember_groups"),
        ("contracts", "0003_clause_for_repeats"),
        ("customers", "0005_index_long_lists"),
        ("inventory", "0005_note_changes"),
        ("tickets", "0004_several_clocks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(unique=True)),
                ("reckoned_to", models.DateTimeField()),
                ("data_from", models.DateTimeField(null=True)),
                ("silences", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=0)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Touched",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("circuit_id", models.BigIntegerField(null=True)),
                ("ticket_id", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField(null=True)),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "responsibility",
                    models.CharField(
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
                (
                    "was",
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
                ("decided_why", models.CharField(blank=True, max_length=400)),
                (
                    "circuit",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.circuit"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MonthVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=80)),
                ("why", models.CharField(blank=True, max_length=400)),
                ("circuit_ids", models.JSONField(default=list)),
                (
                    "month",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="service_levels.ledgermonth",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made",
                        to="service_levels.proposal",
                    ),
                ),
            ],
            options={
                "ordering": ("version",),
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(blank=True, max_length=12)),
                (
                    "technology",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sdh", "SDH"),
                            ("mstp", "MSTP"),
                            ("ptn", "PTN"),
                            ("ipran", "IPRAN"),
                            ("otn", "OTN"),
                            ("pon", "PON"),
                            ("mpls", "IP/MPLS"),
                            ("wireless", "Wireless"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alarms.alarmsource"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(max_length=200)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(blank=True, null=True)),
                ("weekday", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("from_minute", models.PositiveSmallIntegerField(default=0)),
                ("to_minute", models.PositiveSmallIntegerField(default=0)),
                ("agreed_by", models.CharField(max_length=80)),
                ("agreed_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                (
                    "circuit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.circuit",
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("circuit__isnull", False), ("contract__isnull", True), ("customer__isnull", True)
                            ),
                            models.Q(
                                ("circuit__isnull", True), ("contract__isnull", False), ("customer__isnull", True)
                            ),
                            models.Q(
                                ("circuit__isnull", True), ("contract__isnull", True), ("customer__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="exclusion_has_one_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CircuitMonth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(max_length=12)),
                ("grade", models.CharField(max_length=4)),
                ("version", models.PositiveIntegerField(default=1)),
                ("until_version", models.PositiveIntegerField(null=True)),
                ("from_s", models.PositiveIntegerField(default=0)),
                ("to_s", models.PositiveIntegerField()),
                ("down_s", models.PositiveIntegerField(default=0)),
                ("degraded_s", models.PositiveIntegerField(default=0)),
                ("unknown_s", models.PositiveIntegerField(default=0)),
                ("planned_s", models.PositiveIntegerField(default=0)),
                ("excluded_s", models.PositiveIntegerField(default=0)),
                ("outages", models.PositiveIntegerField(default=0)),
                ("longest_s", models.PositiveIntegerField(default=0)),
                ("felt_down_s", models.PositiveIntegerField(default=0)),
                ("felt_degraded_s", models.PositiveIntegerField(default=0)),
                ("felt_unknown_s", models.PositiveIntegerField(default=0)),
                ("felt_outages", models.PositiveIntegerField(default=0)),
                ("felt_longest_s", models.PositiveIntegerField(default=0)),
                ("target_millionths", models.PositiveIntegerField(null=True)),
                ("promise", models.JSONField(default=dict)),
                ("stretches", models.JSONField(default=list)),
                ("running", models.BooleanField(default=False)),
                (
                    "circuit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.circuit"
                    ),
                ),
                (
                    "contract",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contracts.contract",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "month",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="service_levels.ledgermonth",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["month", "customer"], name="result_by_customer"),
                    models.Index(fields=["month", "region_code"], name="result_by_region"),
                    models.Index(condition=models.Q(("running", True)), fields=["month"], name="result_running"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("month", "circuit", "version"), name="one_result_per_version")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["state", "asked_at"], name="proposal_by_state"),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["ticket", "asked_at"], name="proposal_by_ticket"),
        ),
        migrations.AddConstraint(
            model_name="monthversion",
            constraint=models.UniqueConstraint(fields=("month", "version"), name="one_row_per_month_version"),
        ),
    ]
