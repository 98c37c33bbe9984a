from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0006_index_long_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarm",
            name="group",
            field=models.BigIntegerField(null=True),
        ),
    ]
