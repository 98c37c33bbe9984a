"""Lets messages leave the house: senders, deliveries and their tries, quiet hours, how staff are reached."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mainstay_messages", "0001_begin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QuietHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grade", models.CharField(max_length=12, unique=True)),
                ("from_minute", models.PositiveSmallIntegerField()),
                ("to_minute", models.PositiveSmallIntegerField()),
                ("channels", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "E-mail"),
                            ("sms", "SMS"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("smtp", "Mail server (SMTP)"),
                            ("http", "HTTP gateway (SMS and others)"),
                            ("wecom", "WeCom group robots"),
                            ("dingtalk", "DingTalk group robots"),
                            ("webhook", "Webhooks (JSON to the receiver's address)"),
                            ("apprise", "Any service that apprise knows"),
                            ("trial", "Trial: writes to a file, sends nothing"),
                        ],
                        max_length=16,
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("address", models.CharField(blank=True, max_length=400)),
                ("secret_name", models.CharField(blank=True, max_length=80)),
                ("options", models.JSONField(default=dict)),
                ("active", models.BooleanField(default=True)),
                ("per_minute", models.PositiveIntegerField(default=0)),
                ("at_once", models.PositiveSmallIntegerField(default=4)),
                ("timeout_s", models.PositiveSmallIntegerField(default=10)),
                ("give_up_minutes", models.PositiveIntegerField(default=240)),
                ("receipt_digest", models.CharField(blank=True, max_length=64)),
                ("last_ok_at", models.DateTimeField(null=True)),
                ("last_error_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.AddField(
            model_name="message",
            name="grade",
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name="message",
            name="short",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("console", "Console"),
                            ("portal", "Portal"),
                            ("email", "E-mail"),
                            ("sms", "SMS"),
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("webhook", "Webhook"),
                        ],
                        max_length=16,
                    ),
                ),
                ("to", models.CharField(max_length=400)),
                ("to_name", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("held", "Held for quiet hours"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed, will be tried again"),
                            ("given_up", "Given up"),
                            ("dropped", "Dropped"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("due_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("give_up_from", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("perhaps", models.BooleanField(default=False)),
                ("reference", models.CharField(blank=True, max_length=120)),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                (
                    "drop_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_sender", "No sender is set up for this channel."),
                            ("all_clear", "It was over before this went out."),
                            ("never_told", "The opening message never went out here."),
                            ("by_hand", "Somebody of us dropped it."),
                        ],
                        max_length=16,
                    ),
                ),
                ("key", models.CharField(max_length=32, unique=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="mainstay_messages.message",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="mainstay_messages.sender",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffChannels",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notify_by", models.JSONField(default=list)),
                ("wecom", models.CharField(blank=True, max_length=400)),
                ("dingtalk", models.CharField(blank=True, max_length=400)),
                ("webhook", models.CharField(blank=True, max_length=400)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryTry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ok", models.BooleanField(null=True)),
                ("error", models.CharField(blank=True, max_length=400)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="mainstay_messages.delivery",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mainstay_messages.sender"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["sender", "began_at"], name="try_by_sender")],
                "constraints": [models.UniqueConstraint(fields=("delivery", "number"), name="one_row_per_try")],
            },
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["channel", "state", "due_at"], name="delivery_due"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["state", "-id"], name="delivery_by_state"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["reference"], name="delivery_by_reference"),
        ),
    ]
