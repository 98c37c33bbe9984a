from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_count_revisions")]

    operations = [
        migrations.AddField("resource", "retired_at", models.DateTimeField(blank=True, null=True)),
    ]
