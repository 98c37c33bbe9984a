"""Lets promises say something else for repeated faults."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contracts", "0002_join_other_rooms"),
    ]

    operations = [
        migrations.AddField(
            model_name="specialterm",
            name="repeat_amount",
            field=models.DecimalField(
                blank=True,
                decimal_places=3,
                max_digits=9,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="repeat_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="specialterm",
            name="repeat_escalates",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
