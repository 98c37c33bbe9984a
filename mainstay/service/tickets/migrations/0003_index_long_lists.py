from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LAST_DEADLINE = """CREATE INDEX IF NOT EXISTS ticket_by_last_deadline
    ON tickets_ticket (deadline_at DESC NULLS LAST, grade_rank, id DESC)"""


def index_last_deadlines(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index that SQLite has no words for (there the order is looked up in the index of the first deadline)."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LAST_DEADLINE)


def drop_last_deadlines(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop that index."""
    schema_editor.execute("DROP INDEX IF EXISTS ticket_by_last_deadline")


class Migration(migrations.Migration):
    dependencies = [
        ("alarms", "0006_index_long_lists"),
        ("customers", "0005_index_long_lists"),
        ("tickets", "0002_outage_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(index_last_deadlines, drop_last_deadlines),
        migrations.RemoveIndex(
            model_name="ticket",
            name="ticket_by_opening",
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["-opened_at", "-id"], name="ticket_by_opening"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["grade_rank", "deadline_at", "-id"], name="ticket_by_grade"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["-grade_rank", "deadline_at", "-id"], name="ticket_by_low_grade"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["deadline_at", "grade_rank", "-id"], name="ticket_by_first_deadline"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ("open", "assigned", "paused", "resolved"))),
                fields=["opened_at", "id"],
                name="ticket_live",
            ),
        ),
    ]
