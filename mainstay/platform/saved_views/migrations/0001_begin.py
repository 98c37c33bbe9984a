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
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=60)),
                ("query", models.TextField(blank=True)),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("me", "Only me"),
                            ("duty", "Everybody with my duty"),
                            ("region", "Everybody in my region"),
                            ("everyone", "Everybody in the console"),
                        ],
                        default="me",
                        max_length=8,
                    ),
                ),
                ("duties", models.JSONField(default=list)),
                ("regions", models.JSONField(default=list)),
                ("made_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ViewUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=32)),
                ("pinned", models.BooleanField(default=False)),
                ("default", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uses", to="saved_views.savedview"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="savedview",
            index=models.Index(fields=["page", "audience"], name="view_by_page"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("owner", "page", "name"), name="one_view_per_name"),
        ),
        migrations.AddConstraint(
            model_name="viewuse",
            constraint=models.UniqueConstraint(fields=("user", "view"), name="one_use_per_view"),
        ),
        migrations.AddConstraint(
            model_name="viewuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("default", True)), fields=("user", "page"), name="one_default_per_page"
            ),
        ),
    ]
