"""Ties the room's tables to those of other rooms."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calendars", "0001_begin"),
        ("catalog", "0001_begin"),
        ("contracts", "0001_begin"),
        ("customers", "0001_begin"),
    ]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contracts", to="customers.customer"
            ),
        ),
        migrations.AddField(
            model_name="contractline",
            name="contract",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="contracts.contract"
            ),
        ),
        migrations.AddField(
            model_name="contractline",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.product"
            ),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="calendar",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="calendars.calendar"
            ),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="contract",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="terms",
                to="contracts.contract",
            ),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="terms",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="terms",
                to="contracts.contractline",
            ),
        ),
        migrations.AddConstraint(
            model_name="contractline",
            constraint=models.UniqueConstraint(fields=("contract", "position"), name="one_line_per_position"),
        ),
        migrations.AddConstraint(
            model_name="specialterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contract__isnull", True), ("customer__isnull", True), ("line__isnull", False)),
                    models.Q(("contract__isnull", False), ("customer__isnull", True), ("line__isnull", True)),
                    models.Q(("contract__isnull", True), ("customer__isnull", False), ("line__isnull", True)),
                    _connector="OR",
                ),
                name="special_term_has_one_place",
            ),
        ),
    ]
