"""How do the databases find entries by terms? One index for each tier: PostgreSQL's GIN, SQLite's FTS5.

What is asked often is written as one statement here: putting it together by querysets takes longer than its answer.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat

from mainstay.platform.search.asking import (
    MOST_WAYS,
    AllOf,
    AnyOf,
    Ask,
    Term,
    all_of,
    for_postgresql,
    for_rows,
    for_sqlite,
    looked_up,
    one_by_one,
)
from mainstay.platform.search.models import SearchEntry, Tier

Entries = QuerySet[SearchEntry]
Row = tuple[Any, ...]
HEAD = 160
"""Characters of an entry's terms in which the beginnings of its label stand."""
_TABLE = "search_searchentry"
_PADDED = f"(' ' || {_TABLE}.terms || ' ')"


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
            inner = f"SELECT rowid FROM search_index_{tier} WHERE search_index_{tier} MATCH %s"  # noqa: S608
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


def first_matches(
    parts: list[Ask],
    allowed: Q,
    *,
    limit: int,
    place: Ask | None = None,
    whole: bool = False,
    tiers: Iterable[Tier] = tuple(Tier),
) -> list[Row]:
    """Return the first entries that answer all parts, tier after tier, within what is allowed (1 query).

    `place` is asked of the index as well. Each row: id, kind, object id, label, detail, customer, region, rank, uses,
    and the beginning of its terms, or all of them (`whole`).
    """
    if connection.vendor == "sqlite":
        return _run(*_legs_of_sqlite(parts, allowed, place, whole=whole, tiers=tiers), limit)
    alike: dict[tuple[Ask, ...], list[str]] = {}
    for one in one_by_one(parts, most=MOST_WAYS):
        narrow, wide = looked_up(one)
        alike.setdefault(tuple(wide), []).append(for_postgresql(all_of([*narrow, *([place] if place else [])])))
    legs, values = [], list[Any]()
    for wide_ones, questions in alike.items():
        condition, compared = _condition(allowed, list(wide_ones))
        for tier in tiers:
            legs.append(_leg(tier, condition, whole=whole, many=len(questions) > 1))
            values += [questions if len(questions) > 1 else questions[0], *compared]
    return _run(" UNION ALL ".join(legs), values, limit)


def _legs_of_sqlite(
    parts: list[Ask], allowed: Q, place: Ask | None, *, whole: bool, tiers: Iterable[Tier]
) -> tuple[str, list[Any]]:
    """Return the statement for all tiers, and its values. A join, not a list of keys: it then stops at the limit."""
    legs, values = [], list[Any]()
    for one in one_by_one(parts):
        narrow, wide = looked_up(one)
        ask = all_of([*narrow, *([place] if place else [])])
        condition, compared = _condition(allowed, wide)
        for tier in tiers:
            index = f"search_index_{tier}"
            legs.append(
                f"SELECT {_columns(whole=whole)} FROM {index} CROSS JOIN {_TABLE} ON {_TABLE}.id = {index}.rowid"  # noqa: S608
                f" WHERE {index}.{index} MATCH %s AND {condition}"
            )
            values += [for_sqlite(ask), *compared]
    return " UNION ALL ".join(legs), values


def row_by_row(parts: list[Ask], allowed: Q, *, limit: int, whole: bool = False) -> list[Row]:
    """Return entries that answer all parts among the few that are allowed, each looked at (1 query); as above."""
    condition, values = _condition(allowed, parts)
    return _allowed_rows(condition, values, limit, whole=whole)


def nearly_among(parts: list[Ask], allowed: Q, *, limit: int, common: bool) -> list[Row]:
    """Return entries that answer a question of many ways among the few that are allowed, whole (1 query); as above.

    `common`: of common words. PostgreSQL splits each entry once and compares all ways with it; given the choice, it
    would do so for every way and tier. SQLite asks its indexes for what is rare.
    """
    if connection.vendor == "sqlite":
        return (row_by_row if common else first_matches)(parts, allowed, limit=limit, whole=True)
    condition, values = _condition(allowed, [])
    held = f"{condition} AND search_terms({_TABLE}.terms) @@ %s::tsquery"
    return _allowed_rows(held, [*values, for_postgresql(all_of(parts))], limit, whole=True)


def _allowed_rows(condition: str, values: list[Any], limit: int, *, whole: bool) -> list[Row]:
    statement = f"SELECT {_columns(whole=whole)} FROM {_TABLE} WHERE {condition}"  # noqa: S608 -- names and conditions
    return _run(statement, values, limit)


def explained(tier: int, parts: list[Ask], allowed: Q) -> str:
    """Return how PostgreSQL would look for a tier's entries, for tests."""
    condition, values = _condition(allowed, looked_up(parts)[1])
    statement = _leg(tier, condition, whole=False)
    rows = _run(f"EXPLAIN {statement}", [for_postgresql(all_of(looked_up(parts)[0])), *values], 500)
    return "\n".join(str(line) for (line,) in rows)


def _run(statement: str, values: list[Any], limit: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {limit:d}", values)
        return list(cursor.fetchall())


def _columns(*, whole: bool) -> str:
    names = ("id", "object_kind", "object_id", "label", "detail", "customer_id", "region_code", "rank", "uses")
    terms = f"{_TABLE}.terms" if whole else f"substr({_TABLE}.terms, 1, {HEAD})"
    return ", ".join((*(f"{_TABLE}.{name}" for name in names), terms))


def _leg(tier: int, condition: str, *, whole: bool, many: bool = False) -> str:
    """Return PostgreSQL's statement for one tier; its first parameter is the question, or a list of `many`.

    Many are joined: each is answered by its rarest term, and the statement is planned once. OFFSET 0 keeps the planner
    from reading the table first and comparing the questions with it.
    """
    question = "asked.question" if many else "%s::tsquery"
    leg = (
        f"SELECT {_columns(whole=whole)} FROM {_TABLE} WHERE search_terms({_TABLE}.terms) @@ {question}"  # noqa: S608
        f" AND {_TABLE}.tier = {tier:d} AND {condition}"
    )
    if not many:
        return leg
    return f"SELECT found.* FROM unnest(%s::tsquery[]) AS asked(question) CROSS JOIN LATERAL ({leg} OFFSET 0) AS found"  # noqa: S608


def _condition(allowed: Q, parts: list[Ask]) -> tuple[str, list[Any]]:
    """Return what is allowed, and what is compared row by row, as a condition with its values."""
    query = SearchEntry.objects.filter(allowed).query
    compiler = query.get_compiler(connection=connection)
    try:
        condition, values = compiler.compile(query.where)
    except FullResultSet:
        condition, values = "", ()
    except EmptyResultSet:
        condition, values = "1 = 0", ()
    all_values: list[Any] = list(values)
    told = [f"({condition})"] if condition else []
    told += [_compared(part, all_values) for part in parts]
    return " AND ".join(told) or "1 = 1", all_values


def _compared(ask: Ask, values: list[Any]) -> str:
    """Return a part as a comparison of an entry's terms. Terms hold nothing that LIKE takes for a pattern."""
    match ask:
        case Term(text, begins):
            values.append(f"% {text}%" if begins else f"% {text} %")
            return f"{_PADDED} LIKE %s"
        case AnyOf(ways):
            return "(" + " OR ".join(_compared(way, values) for way in ways) + ")"
        case AllOf(parts):
            return "(" + " AND ".join(_compared(part, values) for part in parts) + ")"
