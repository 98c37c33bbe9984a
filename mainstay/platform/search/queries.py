"""Find things by a few characters, within what an actor may see (A6)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Concat

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.models import SearchEntry
from mainstay.platform.search.terms import START, asked, joined, spelled

PORTFOLIO = 100
"""Customers of an actor up to whom their entries, some fourteen each, are looked through one by one (30 ms)."""
WEIGHED = 500
"""Matches that are weighed one by one. Where there are more, those whose label begins so are looked for as well."""

LOOKED_UP = 5_000
"""Things found of which a list is told the keys; of more it is told how to find them."""


@dataclass(frozen=True)
class Found:
    """A thing found: what it is, its primary key as text, and what to show."""

    kind: str
    id: str
    label: str
    detail: str
    customer_id: int | None
    region_code: str


def find(text: str, actor: Actor, *, kinds: Collection[str] | None = None, limit: int = 20) -> list[Found]:
    """Return what the actor may see and the text asks for, best match first.

    A single letter or digit finds what is called so from the beginning on: by name, pinyin, initials or number.
    Order: how well the label matches (is it, begins so, holds it, found by other words), then rank, kind, label.
    Costs 1 query, 3 when more than WEIGHED things match, none for an empty question; no more however many match.
    """
    terms = asked(text)
    if not terms:
        return []
    wanted = joined(text)
    allowed = scope(actor) if kinds is None else scope(actor) & Q(object_kind__in=kinds)
    few = actor.customer_ids is not None and len(actor.customer_ids) <= PORTFOLIO
    found: dict[int, tuple[int, Found]] = {}
    alone = len(wanted) == 1 and wanted.isascii()  # half of all words begin with it: only labels that do are meant
    if not alone:
        found = _first(terms, allowed, few=few)
    if alone or len(found) == WEIGHED:
        for begins in (False, True):
            found |= _first([(START + wanted, begins)], allowed, few=few)
    weighed = sorted(
        (_distance(thing.label, wanted), rank, thing.kind, thing.label, pk) for pk, (rank, thing) in found.items()
    )
    return [found[pk][1] for *_, pk in weighed[:limit]]


def keys_found(text: str, kind: str) -> "QuerySet[Any, Any]":
    """Return the integer keys of all things of a kind that the text asks for, for a list's `pk__in`; no scope.

    The list itself limits what is seen. A text without a letter or digit finds nothing.
    """
    terms = asked(text)
    found = SearchEntry.objects.filter(_holding(terms), object_kind=kind) if terms else SearchEntry.objects.none()
    return found.annotate(found_key=Cast("object_id", BigIntegerField())).values("found_key")


def is_found(text: str, kind: str, *, column: str = "pk") -> Q:
    """Return the condition that a row is one of the things of a kind that the text asks for (1 query); no scope.

    For a list of these very things, by their primary key, or of what names them in a column. Few are looked up. Where
    many are found, a list need not wait for them to be joined and sorted: they are looked up in memory while the index
    of its sort is walked.
    """
    keys = keys_found(text, kind)
    few = list(keys.values_list("found_key", flat=True)[: LOOKED_UP + 1])
    if len(few) <= LOOKED_UP:
        return Q(**{f"{column}__in": few})
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__in": keys})
    return Q(_IsIn(F(column), Subquery(keys), output_field=BooleanField()))


class _IsIn(Func):
    """Whether a value is among those of a query, said so that PostgreSQL hashes these and never makes it a join."""

    template = "((%(expressions)s) IS TRUE)"
    arg_joiner = " IN "


def _holding(terms: list[tuple[str, bool]]) -> Q:
    """Return the condition that an entry has all terms, as a part of a larger question."""
    if connection.vendor == "sqlite":
        inner = "SELECT rowid FROM search_index WHERE search_index MATCH %s"
        return Q(pk__in=RawSQL(inner, [_question(terms)], BigIntegerField()))  # noqa: S611 -- the question is a parameter
    return Q(_Holds("terms", Value(_question(terms)), output_field=BooleanField()))


class _Holds(Func):
    """The expression of the index of terms, as `migrations.0004_cost_of_terms` makes it, asked for a question."""

    template = "(search_terms(%(expressions)s::tsquery)"
    arg_joiner = ") @@ "


def _first(terms: list[tuple[str, bool]], allowed: Q, *, few: bool) -> dict[int, tuple[int, Found]]:
    """Return the first matches by primary key, with their ranks; `few`: look through all that is allowed."""
    columns = ("pk", "rank", "object_kind", "object_id", "label", "detail", "customer_id", "region_code")
    rows = matching(terms, few=few).filter(allowed).values_list(*columns)[:WEIGHED]
    return {pk: (rank, Found(*rest)) for pk, rank, *rest in rows}


def matching(terms: list[tuple[str, bool]], *, few: bool = False) -> QuerySet[SearchEntry]:
    """Return the entries that have all terms; (term, True) is satisfied by a term that begins so.

    Terms hold letters, digits and Chinese characters only (see `terms.asked`), so quoting them is enough.
    """
    question = _question(terms)
    if connection.vendor == "sqlite":
        # A join, not a list of keys: the database then stops at the limit instead of collecting every match first.
        return SearchEntry.objects.extra(
            tables=["search_index"],
            where=["search_index.search_index MATCH %s", "search_index.rowid = search_searchentry.id"],
            params=[question],
        )
    # Of a few customers' entries each is looked at: an expression of which there is no index says so to the planner.
    words = Concat("terms", Value("")) if few else "terms"
    return SearchEntry.objects.filter(Q(_Holds(words, Value(question), output_field=BooleanField())))


def _question(terms: list[tuple[str, bool]]) -> str:
    if connection.vendor == "sqlite":
        return " AND ".join(f'"{term}"*' if begins else f'"{term}"' for term, begins in terms)
    return " & ".join(f"'{term}':*" if begins else f"'{term}'" for term, begins in terms)


def _distance(label: str, wanted: str) -> int:
    """Weigh a label: 0 the very thing, 1 begins so, 2 holds it, 3 found by its other words; pinyin counts alike."""
    forms = (joined(label), *spelled(label)) if wanted.isascii() else (joined(label),)
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms):
        return 1
    return 2 if any(wanted in form for form in forms) else 3
