"""Makes the room's first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="OutboxEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=48)),
                ("object_kind", models.CharField(max_length=32)),
                ("object_id", models.CharField(max_length=64)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("body", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="ReaderPosition",
            fields=[
                ("reader", models.CharField(max_length=48, primary_key=True, serialize=False)),
                ("seen", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("actor_name", models.CharField(max_length=80)),
                ("actor_kind", models.CharField(max_length=12)),
                ("user_id", models.BigIntegerField(null=True)),
                ("action", models.CharField(max_length=64)),
                ("object_kind", models.CharField(max_length=32)),
                ("object_id", models.CharField(max_length=64)),
                ("object_label", models.CharField(blank=True, max_length=160)),
                ("customer_id", models.BigIntegerField(null=True)),
                ("region_code", models.CharField(blank=True, max_length=12)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("why", models.CharField(blank=True, max_length=400)),
                ("request_id", models.CharField(blank=True, max_length=40)),
                ("seal_number", models.BigIntegerField(null=True, unique=True)),
                ("previous_digest", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_kind", "object_id"], name="entry_by_object"),
                    models.Index(fields=["customer_id", "-id"], name="entry_by_customer"),
                    models.Index(fields=["digest", "id"], name="entry_by_digest"),
                ],
            },
        ),
    ]
