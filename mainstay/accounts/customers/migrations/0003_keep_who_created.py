"""Keeps who created a customer, here or in the system it came from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_join_other_rooms"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="created_by",
            field=models.CharField(blank=True, max_length=80),
        ),
    ]
