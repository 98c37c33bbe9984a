"""Adds what work is expected to do, freeze rules, suppliers' circuits, calendar feeds, results and revisions."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_index_long_lists"),
        ("inventory", "0005_note_changes"),
        ("planned_work", "0002_say_what_is_done"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "All I may see"), ("region", "A region"), ("customer", "A customer")],
                        max_length=10,
                    ),
                ),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("read_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ForecastCircuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")]
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FreezeRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("freeze", "Freeze"), ("protection", "Protection of an important event")],
                        default="freeze",
                        max_length=12,
                    ),
                ),
                (
                    "effect",
                    models.CharField(
                        choices=[("refuse", "Work is refused"), ("mandate", "Work needs a mandate")],
                        default="refuse",
                        max_length=8,
                    ),
                ),
                (
                    "overridden_by",
                    models.CharField(
                        choices=[("leader", "Leaders"), ("administrator", "Administrators"), ("nobody", "Nobody")],
                        default="leader",
                        max_length=16,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("grades", models.JSONField(default=list)),
                ("why", models.CharField(blank=True, max_length=400)),
                ("retired_at", models.DateTimeField(null=True)),
                ("made_by", models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(max_length=400)),
                ("by", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SupplierCircuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("supplier", models.CharField(max_length=120)),
                ("object_id", models.CharField(max_length=160)),
            ],
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="details_en",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="preparation_en",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="changed_why",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[("done", "Done as planned"), ("partly", "Partly done"), ("rolled_back", "Rolled back")],
                default="",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="result_note",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="revision",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="supplier",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="supplier_ref",
            field=models.CharField(blank=True, default="", max_length=160),
        ),
        migrations.AddField(
            model_name="plannedwork",
            name="supplier_sequence",
            field=models.IntegerField(default=-1),
        ),
        migrations.AddIndex(
            model_name="plannedwork",
            index=models.Index(fields=["from_at", "to_at"], name="work_by_window"),
        ),
        migrations.AddIndex(
            model_name="plannedwork",
            index=models.Index(fields=["status", "to_at"], name="work_by_status"),
        ),
        migrations.AddConstraint(
            model_name="plannedwork",
            constraint=models.UniqueConstraint(
                condition=models.Q(("supplier_ref", ""), _negated=True),
                fields=("supplier", "supplier_ref"),
                name="one_work_per_note",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="customer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="forecastcircuit",
            name="circuit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.circuit"
            ),
        ),
        migrations.AddField(
            model_name="forecastcircuit",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="forecastcircuit",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="forecast", to="planned_work.plannedwork"
            ),
        ),
        migrations.AddIndex(
            model_name="freezerule",
            index=models.Index(fields=["to_at", "from_at"], name="freeze_by_period"),
        ),
        migrations.AddConstraint(
            model_name="freezerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_at__gt", models.F("from_at"))), name="freeze_ends_after_start"
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="rule",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="planned_work.freezerule"
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="work",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overrides", to="planned_work.plannedwork"
            ),
        ),
        migrations.AddField(
            model_name="suppliercircuit",
            name="resource",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inventory.resource"
            ),
        ),
        migrations.AddIndex(
            model_name="forecastcircuit",
            index=models.Index(fields=["customer", "work"], name="forecast_by_customer"),
        ),
        migrations.AddConstraint(
            model_name="forecastcircuit",
            constraint=models.UniqueConstraint(fields=("work", "circuit"), name="one_forecast_per_circuit"),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(fields=("work", "rule"), name="one_override_per_rule"),
        ),
        migrations.AddConstraint(
            model_name="suppliercircuit",
            constraint=models.UniqueConstraint(fields=("supplier", "object_id"), name="one_resource_per_object"),
        ),
    ]
