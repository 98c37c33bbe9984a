from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0001_begin"),
        ("contracts", "0002_join_other_rooms"),
        ("customers", "0005_index_long_lists"),
        ("inventory", "0003_retire_resources"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(fields=["live_state", "number"], name="circuit_by_rising_state"),
        ),
        migrations.AddIndex(
            model_name="circuit",
            index=models.Index(fields=["grade", "number"], name="circuit_by_grade"),
        ),
    ]
