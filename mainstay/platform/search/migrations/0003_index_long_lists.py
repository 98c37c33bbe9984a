from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0002_index"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(fields=["customer_id"], name="entry_by_owner"),
        ),
    ]
