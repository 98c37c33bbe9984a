"""Begins with announcements and the word that went out."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("customers", "0005_index_long_lists"),
        ("planned_work", "0003_forecast_and_freeze"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("grade", models.CharField(max_length=4)),
                ("circuits", models.PositiveIntegerField()),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Up"), (1, "Unprotected"), (2, "Degraded"), (3, "Down")]
                    ),
                ),
                ("revision", models.PositiveIntegerField()),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("due_at", models.DateTimeField(null=True)),
                ("late", models.BooleanField(default=False)),
                ("untold_since", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No answer yet"),
                            ("accepted", "Accepted"),
                            ("prepared", "Accepted and prepared"),
                            ("other_time", "Asks for another time"),
                        ],
                        default="",
                        max_length=12,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=80)),
                (
                    "answered_via",
                    models.CharField(
                        blank=True, choices=[("portal", "in the portal"), ("phone", "by phone")], max_length=8
                    ),
                ),
                ("answer_text", models.TextField(blank=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="customers.customer"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="announcements",
                        to="planned_work.plannedwork",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("first", "Announcement"),
                            ("moved", "Change of the window"),
                            ("reminder", "Reminder to answer"),
                            ("off", "Called off"),
                            ("done", "Over"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=80)),
                ("names", models.JSONField(default=list)),
                ("ways", models.JSONField(default=dict)),
                ("text", models.TextField(blank=True)),
                (
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tellings",
                        to="announcements.announcement",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["customer", "-from_at"], name="announcement_by_customer"),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["answer", "from_at"], name="announcement_by_answer"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(fields=("work", "customer"), name="one_announcement_per_customer"),
        ),
    ]
