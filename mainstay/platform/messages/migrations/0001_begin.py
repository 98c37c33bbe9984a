"""Makes the room's first tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "Early warning"),
                            ("escalation", "Escalation"),
                            ("notice", "Notice"),
                            ("all_clear", "All clear"),
                            ("information", "Information"),
                        ],
                        max_length=16,
                    ),
                ),
                ("contact_id", models.BigIntegerField(null=True)),
                ("to_name", models.CharField(max_length=80)),
                ("to_address", models.CharField(blank=True, max_length=160)),
                ("channel", models.CharField(default="console", max_length=16)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("object_kind", models.CharField(blank=True, max_length=32)),
                ("object_id", models.CharField(blank=True, max_length=64)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("dedupe_key", models.CharField(max_length=120, unique=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["user", "-id"], name="message_by_user"),
                    models.Index(fields=["object_kind", "object_id"], name="message_by_object"),
                    models.Index(fields=["customer_id", "-id"], name="message_by_customer"),
                ],
            },
        ),
    ]
