"""Keeps on which channels contacts are told, and their robots."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_keep_who_created"),
    ]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="dingtalk",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="contact",
            name="notify_by",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="contact",
            name="webhook",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name="contact",
            name="wecom",
            field=models.CharField(blank=True, max_length=400),
        ),
    ]
