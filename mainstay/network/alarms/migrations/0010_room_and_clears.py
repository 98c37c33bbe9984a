from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0009_impact_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="alarmsource",
            name="region_code",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddIndex(
            model_name="alarmreport",
            index=models.Index(condition=models.Q(("kind", "clear")), fields=["received_at"], name="report_clears"),
        ),
    ]
