"""Lets PostgreSQL refuse to delete anything about a customer (A2).

SQLite would lose such triggers whenever a later migration makes the table anew; there the models refuse alone.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TABLES = (
    "customers_customer", "customers_contact", "customers_heldrole", "customers_site", "customers_agent",
    "customers_agency", "customers_suggestion", "customers_delivered",
)  # fmt: skip


def refuse(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put a trigger before every delete."""
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(
        "CREATE OR REPLACE FUNCTION customers_keep() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'Nothing about a customer is deleted (table %).', TG_TABLE_NAME; END $$",
        params=None,
    )
    for table in TABLES:
        editor.execute(
            f"CREATE TRIGGER {table}_keep BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION customers_keep()",
            params=None,
        )


def allow(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away again."""
    if editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
    editor.execute("DROP FUNCTION IF EXISTS customers_keep()")


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_complete_archive")]

    operations = [migrations.RunPython(refuse, allow)]
