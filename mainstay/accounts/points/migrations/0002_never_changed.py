"""Let the database refuse changes of what was written into the ledger, and on PostgreSQL deletions, too."""

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("points_transfer", "points_lotuse")
SAID = "what is written in the ledger of points is never changed; post a reversal"


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION points_never_changed() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for table in TABLES:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION points_never_changed()"
                )
            else:
                # Not on DELETE: emptying a whole database (tests, a new demo) is done by DELETE there.
                cursor.execute(
                    f"CREATE TRIGGER {table}_never_changed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
                )


def unguard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        for table in TABLES:
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_never_changed{on}")
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION points_never_changed()")


class Migration(migrations.Migration):
    dependencies = [("points", "0001_begin")]

    operations = [migrations.RunPython(guard, unguard)]
