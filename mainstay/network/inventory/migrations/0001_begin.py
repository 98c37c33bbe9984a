"""Makes the room's first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0001_begin"),
        ("contracts", "0001_begin"),
        ("customers", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=48, unique=True)),
                ("name", models.CharField(blank=True, max_length=160)),
                (
                    "grade",
                    models.CharField(
                        choices=[("AAA", "AAA"), ("AA", "AA"), ("A", "A"), ("I", "I"), ("II", "II"), ("III", "III")],
                        max_length=4,
                    ),
                ),
                (
                    "technology",
                    models.CharField(
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
                    "reach",
                    models.CharField(
                        choices=[
                            ("", "any"),
                            ("local", "within a city"),
                            ("province", "within the province"),
                            ("country", "between provinces"),
                        ],
                        max_length=8,
                    ),
                ),
                ("bandwidth_kbps", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "In service"), ("ceased", "Ceased")], default="active", max_length=8
                    ),
                ),
                ("region_code", models.CharField(max_length=12)),
                ("opened_on", models.DateField(blank=True, null=True)),
                (
                    "live_state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")], default=0
                    ),
                ),
                ("live_planned", models.BooleanField(default=False)),
                ("live_since", models.DateTimeField(blank=True, null=True)),
                (
                    "contract_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="circuits",
                        to="contracts.contractline",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="circuits", to="customers.customer"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Path",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("working", "Working path"), ("protection", "Protection path")], max_length=12
                    ),
                ),
                (
                    "circuit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paths", to="inventory.circuit"
                    ),
                ),
            ],
            options={
                "ordering": ("-role",),
            },
        ),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=80, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("site", "Site"),
                            ("room", "Room"),
                            ("device", "Device"),
                            ("card", "Card"),
                            ("port", "Port"),
                            ("duct", "Duct"),
                            ("cable", "Cable"),
                            ("fibre", "Fibre"),
                            ("link", "Link"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "—"),
                            ("backbone", "Backbone"),
                            ("aggregation", "Aggregation"),
                            ("access", "Access"),
                            ("converter", "Converter"),
                            ("router", "Customer router"),
                            ("modem", "Modem"),
                        ],
                        max_length=12,
                    ),
                ),
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
                ("vendor", models.CharField(blank=True, max_length=40)),
                ("model", models.CharField(blank=True, max_length=60)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("management_ip", models.GenericIPAddressField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                (
                    "a_end",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.resource",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="inventory.resource",
                    ),
                ),
                (
                    "z_end",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.resource",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "path",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hops", to="inventory.path"
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hops", to="inventory.resource"
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
            },
        ),
        migrations.CreateModel(
            name="Dependency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "on",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="dependants", to="inventory.resource"
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dependencies",
                        to="inventory.resource",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CircuitEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("A", "A end"), ("Z", "Z end")], max_length=1)),
                ("site_name", models.CharField(max_length=120)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("contact_name", models.CharField(blank=True, max_length=60)),
                ("contact_phone", models.CharField(blank=True, max_length=32)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("interface", models.CharField(blank=True, max_length=40)),
                ("protocol", models.CharField(blank=True, max_length=40)),
                ("ip_address", models.GenericIPAddressField(blank=True, null=True)),
                (
                    "circuit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ends", to="inventory.circuit"
                    ),
                ),
                (
                    "converter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.resource",
                    ),
                ),
                (
                    "router",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inventory.resource",
                    ),
                ),
            ],
            options={
                "ordering": ("side",),
            },
        ),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(fields=["customer", "number"], name="circuit_by_customer"),
        ),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(fields=["region_code", "number"], name="circuit_by_region"),
        ),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(fields=["-live_state", "number"], name="circuit_by_state"),
        ),
        migrations.AddConstraint(
            model_name="path",
            constraint=models.UniqueConstraint(fields=("circuit", "role"), name="one_path_per_role"),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["kind", "region_code"], name="resource_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="hop",
            constraint=models.UniqueConstraint(fields=("path", "position"), name="one_hop_per_position"),
        ),
        migrations.AddConstraint(
            model_name="dependency",
            constraint=models.UniqueConstraint(fields=("resource", "on"), name="one_dependency"),
        ),
        migrations.AddConstraint(
            model_name="circuitend",
            constraint=models.UniqueConstraint(fields=("circuit", "side"), name="two_ends_a_circuit"),
        ),
    ]
