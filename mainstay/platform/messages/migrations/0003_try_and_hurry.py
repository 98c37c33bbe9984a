"""Lets a sender be tried out, and a delivery be hurried by hand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mainstay_messages", "0002_carry_outside"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="hurried",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="delivery",
            name="pinned",
            field=models.BooleanField(default=False),
        ),
    ]
