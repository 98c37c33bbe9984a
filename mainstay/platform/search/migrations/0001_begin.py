"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("object_kind", models.CharField(max_length=32)),
                ("object_id", models.CharField(max_length=64)),
                ("label", models.CharField(max_length=200)),
                ("detail", models.CharField(blank=True, max_length=240)),
                ("rank", models.PositiveSmallIntegerField(default=100)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("terms", models.TextField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("object_kind", "object_id"), name="one_entry_per_thing")
                ],
            },
        ),
    ]
