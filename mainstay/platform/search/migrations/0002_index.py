"""Makes the index of terms: FTS5 kept by triggers on SQLite, a GIN index over the terms on PostgreSQL.

SQLite drops a table's triggers when Django rebuilds it: a migration that alters SearchEntry runs `make_index` again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
        terms, content='search_searchentry', content_rowid='id', tokenize="unicode61 remove_diacritics 0",
        detail='none', prefix='1 2 3'
    )""",
    """CREATE TRIGGER IF NOT EXISTS search_index_insert AFTER INSERT ON search_searchentry BEGIN
        INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms);
    END""",
    """CREATE TRIGGER IF NOT EXISTS search_index_delete AFTER DELETE ON search_searchentry BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
    END""",
    """CREATE TRIGGER IF NOT EXISTS search_index_update AFTER UPDATE OF terms ON search_searchentry BEGIN
        INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', old.id, old.terms);
        INSERT INTO search_index(rowid, terms) VALUES (new.id, new.terms);
    END""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)
_POSTGRESQL = (
    """CREATE INDEX IF NOT EXISTS search_index ON search_searchentry
        USING gin (array_to_tsvector(string_to_array(terms, ' ')))""",
)
_SQLITE_GONE = (
    "DROP TRIGGER IF EXISTS search_index_insert",
    "DROP TRIGGER IF EXISTS search_index_delete",
    "DROP TRIGGER IF EXISTS search_index_update",
    "DROP TABLE IF EXISTS search_index",
)


def make_index(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index of this database's kind."""
    for statement in _SQLITE if schema_editor.connection.vendor == "sqlite" else _POSTGRESQL:
        schema_editor.execute(statement)


def drop_index(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the index of this database's kind."""
    gone = _SQLITE_GONE if schema_editor.connection.vendor == "sqlite" else ("DROP INDEX IF EXISTS search_index",)
    for statement in gone:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_begin")]

    operations = [migrations.RunPython(make_index, drop_index)]
