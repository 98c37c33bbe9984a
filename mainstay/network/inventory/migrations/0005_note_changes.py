from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0004_index_long_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="TopologyChange",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("resources", models.JSONField(default=list)),
                ("circuits", models.JSONField(default=list)),
                ("everything", models.BooleanField(default=False)),
            ],
        ),
    ]
