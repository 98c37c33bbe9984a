"""Keep what is wrong with the house itself, and when somebody last looked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_begin"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("name", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Trouble",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32)),
                ("subject", models.CharField(blank=True, max_length=80)),
                (
                    "level",
                    models.CharField(
                        choices=[("error", "Error"), ("warning", "Warning"), ("fact", "Fact")], max_length=8
                    ),
                ),
                ("sentence", models.CharField(max_length=200)),
                ("advice", models.CharField(blank=True, max_length=200)),
                ("figures", models.JSONField(default=dict)),
                ("began_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["-began_at"], name="trouble_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("code", "subject"),
                        name="one_standing_trouble",
                    )
                ],
            },
        ),
    ]
