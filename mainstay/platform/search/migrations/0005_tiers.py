"""Divides the index of terms into tiers, so that a common word stops among what matters most; notes who opened what.

The terms of what is there already are turned into the new ones here: pinyin and initials by neighbours instead of from
each syllable to the end.
"""

# ruff: noqa: S608, ISC004 -- names of our own tables; two strings are one statement
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mainstay.platform.search.migrations._old_terms import prominence, renewed

TIERS = (0, 1, 2, 3)
AT_ONCE = 2_000
_SQLITE_OLD = (
    "DROP TRIGGER IF EXISTS search_index_insert",
    "DROP TRIGGER IF EXISTS search_index_delete",
    "DROP TRIGGER IF EXISTS search_index_update",
    "DROP TABLE IF EXISTS search_index",
)


def _sqlite() -> list[str]:
    statements = []
    for tier in TIERS:
        name = f"search_index_{tier}"
        statements += [
            f"CREATE VIEW IF NOT EXISTS search_tier_{tier} AS"
            f" SELECT id, terms FROM search_searchentry WHERE tier = {tier}",
            f"""CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5(
                terms, content='search_tier_{tier}', content_rowid='id',
                tokenize="unicode61 remove_diacritics 0", detail='none', prefix='2'
            )""",
            f"""CREATE TRIGGER IF NOT EXISTS {name}_insert AFTER INSERT ON search_searchentry
            WHEN new.tier = {tier} BEGIN
                INSERT INTO {name}(rowid, terms) VALUES (new.id, new.terms);
            END""",
            f"""CREATE TRIGGER IF NOT EXISTS {name}_delete AFTER DELETE ON search_searchentry
            WHEN old.tier = {tier} BEGIN
                INSERT INTO {name}({name}, rowid, terms) VALUES ('delete', old.id, old.terms);
            END""",
            f"""CREATE TRIGGER IF NOT EXISTS {name}_left AFTER UPDATE OF terms, tier ON search_searchentry
            WHEN old.tier = {tier} AND (old.tier <> new.tier OR old.terms <> new.terms) BEGIN
                INSERT INTO {name}({name}, rowid, terms) VALUES ('delete', old.id, old.terms);
            END""",
            f"""CREATE TRIGGER IF NOT EXISTS {name}_joined AFTER UPDATE OF terms, tier ON search_searchentry
            WHEN new.tier = {tier} AND (old.tier <> new.tier OR old.terms <> new.terms) BEGIN
                INSERT INTO {name}(rowid, terms) VALUES (new.id, new.terms);
            END""",
            f"INSERT INTO {name}({name}) VALUES ('rebuild')",
        ]
    return statements


def _postgresql() -> list[str]:
    return [
        *(
            f"CREATE INDEX search_index_{tier} ON search_searchentry USING gin (search_terms(terms))"
            f" WITH (gin_pending_list_limit = 256) WHERE tier = {tier}"
            for tier in TIERS
        ),
        "ANALYZE search_searchentry",
    ]


def drop_old(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the one index there was."""
    sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in _SQLITE_OLD if sqlite else ("DROP INDEX IF EXISTS search_index",):
        schema_editor.execute(statement)


def renew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Turn the terms of what is there into the new ones, and put it into tiers."""
    entries, last = apps.get_model("search", "SearchEntry").objects, 0
    while rows := list(entries.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in rows:
            row.terms = renewed(row.terms, row.region_code)
            row.tier = prominence(row.object_kind, row.object_id, row.rank)
        entries.bulk_update(rows, ["terms", "tier"], batch_size=200)
        last = rows[-1].pk


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make an index for each tier."""
    for statement in _sqlite() if schema_editor.connection.vendor == "sqlite" else _postgresql():
        schema_editor.execute(statement)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the indexes of the tiers."""
    for tier in TIERS:
        name = f"search_index_{tier}"
        if schema_editor.connection.vendor == "sqlite":
            for what in ("insert", "delete", "left", "joined"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}_{what}")
            schema_editor.execute(f"DROP TABLE IF EXISTS {name}")
            schema_editor.execute(f"DROP VIEW IF EXISTS search_tier_{tier}")
        else:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("search", "0004_cost_of_terms"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_old, migrations.RunPython.noop),
        migrations.AddField("searchentry", "tier", models.PositiveSmallIntegerField(default=3, db_default=3)),
        migrations.AddField("searchentry", "uses", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.CreateModel(
            name="SearchUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("times", models.PositiveIntegerField(default=1)),
                ("last_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to="search.searchentry"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-last_at"], name="use_by_person")],
                "constraints": [models.UniqueConstraint(fields=("user", "entry"), name="one_use_per_person")],
            },
        ),
        migrations.RunPython(renew, migrations.RunPython.noop),
        migrations.RunPython(make_index, drop_index),
    ]
