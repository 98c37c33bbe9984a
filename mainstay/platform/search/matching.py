"""How do the databases find entries by terms? One index for each tier: PostgreSQL's GIN, SQLite's FTS5."""

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from mainstay.platform.search.asking import Ask, all_of, for_postgresql, for_rows, for_sqlite, looked_up
from mainstay.platform.search.models import SearchEntry, Tier

Entries = QuerySet[SearchEntry]


class _Holds(Func):
    """The expression of the indexes of terms, as `migrations.0005_tiers` makes it, asked for a question."""

    template = "(search_terms(%(expressions)s::tsquery)"
    arg_joiner = ") @@ "


def holding(parts: list[Ask]) -> Q:
    """Return the condition that an entry has all parts of a question, as a part of a larger question."""
    ask = all_of(looked_up(parts)[0])
    condition = Q(pk__in=())
    for tier in Tier.values:
        if connection.vendor == "sqlite":
            inner = f"SELECT rowid FROM search_index_{tier} WHERE search_index_{tier} MATCH %s"  # noqa: S608 -- a number
            condition |= Q(pk__in=RawSQL(inner, [for_sqlite(ask)], BigIntegerField()))  # noqa: S611 -- a parameter
        else:
            condition |= Q(_Holds("terms", Value(for_postgresql(ask)), output_field=BooleanField()), tier=tier)
    return condition


def with_rows(entries: Entries, parts: list[Ask]) -> Entries:
    """Return those entries whose terms answer all parts, compared row by row."""
    if not parts:
        return entries
    padded = entries.alias(padded=Concat(Value(" "), "terms", Value(" "), output_field=TextField()))
    for part in parts:
        padded = padded.filter(for_rows(part, "padded"))
    return padded


def in_tier(tier: int, parts: list[Ask], *, place: Ask | None = None) -> Entries:
    """Return the entries of a tier that answer all parts; `place` is asked of the index as well."""
    narrow, wide = looked_up(parts)
    ask = all_of([*narrow, *([place] if place else [])])
    entries = SearchEntry.objects.all()
    if connection.vendor == "sqlite":
        # A join, not a list of keys: the database then stops at the limit instead of collecting every match first.
        table = f"search_index_{tier}"
        entries = entries.extra(
            tables=[table],
            where=[f"{table}.{table} MATCH %s", f"{table}.rowid = search_searchentry.id"],
            params=[for_sqlite(ask)],
        )
    else:
        holds = _Holds("terms", Value(for_postgresql(ask)), output_field=BooleanField())
        entries = entries.filter(Q(holds), tier=tier)
    return with_rows(entries, wide)
