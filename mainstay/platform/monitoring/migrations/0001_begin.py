"""Ties the room's tables to those of other rooms."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken_at", models.DateTimeField()),
                ("took_s", models.FloatField()),
                ("path", models.CharField(max_length=400)),
                ("host", models.CharField(max_length=120)),
                ("size_bytes", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("proved_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-taken_at"], name="backup_by_time")],
            },
        ),
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32)),
                ("host", models.CharField(max_length=120)),
                ("instance", models.CharField(blank=True, max_length=32)),
                ("pid", models.PositiveIntegerField()),
                ("version", models.CharField(max_length=32)),
                ("started_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("figures", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "host", "instance"), name="one_heartbeat_per_program")
                ],
            },
        ),
    ]
