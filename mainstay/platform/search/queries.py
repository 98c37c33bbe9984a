"""Find things by a few characters, within what an actor may see (A6)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.models import SearchEntry
from mainstay.platform.search.terms import START, asked, joined, spelled

WEIGHED = 500
"""Matches that are weighed one by one. Where there are more, those whose label begins so are looked for as well."""


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

    Order: how well the label matches (is it, begins so, holds it, found by other words), then rank, kind, label.
    Costs 1 query, 3 when more than WEIGHED things match, none for an empty question; no more however many match.
    """
    terms = asked(text)
    if not terms:
        return []
    wanted = joined(text)
    allowed = scope(actor) if kinds is None else scope(actor) & Q(object_kind__in=kinds)
    found = _first(terms, allowed)
    if len(found) == WEIGHED:
        found |= _first([(START + wanted, False)], allowed) | _first([(START + wanted, True)], allowed)
    weighed = sorted(
        (_distance(thing.label, wanted), rank, thing.kind, thing.label, pk) for pk, (rank, thing) in found.items()
    )
    return [found[pk][1] for *_, pk in weighed[:limit]]


def keys_found(text: str, kind: str) -> "QuerySet[SearchEntry, dict[str, int]]":
    """Return the integer keys of all things of a kind that the text asks for, for a list's `pk__in`; no scope.

    The list itself limits what is seen. A text without a letter or digit finds nothing.
    """
    terms = asked(text)
    found = matching(terms).filter(object_kind=kind) if terms else SearchEntry.objects.none()
    return found.annotate(found_key=Cast("object_id", BigIntegerField())).values("found_key")


def _first(terms: list[tuple[str, bool]], allowed: Q) -> dict[int, tuple[int, Found]]:
    """Return the first matches by primary key, with their ranks."""
    columns = ("pk", "rank", "object_kind", "object_id", "label", "detail", "customer_id", "region_code")
    rows = matching(terms).filter(allowed).values_list(*columns)[:WEIGHED]
    return {pk: (rank, Found(*rest)) for pk, rank, *rest in rows}


def matching(terms: list[tuple[str, bool]]) -> QuerySet[SearchEntry]:
    """Return the entries that have all terms; (term, True) is satisfied by a term that begins so.

    Terms hold letters, digits and Chinese characters only (see `terms.asked`), so quoting them is enough.
    """
    if connection.vendor == "sqlite":
        question = " AND ".join(f'"{term}"*' if begins else f'"{term}"' for term, begins in terms)
        # A join, not a list of keys: the database then stops at the limit instead of collecting every match first.
        return SearchEntry.objects.extra(
            tables=["search_index"],
            where=["search_index.search_index MATCH %s", "search_index.rowid = search_searchentry.id"],
            params=[question],
        )
    question = " & ".join(f"'{term}':*" if begins else f"'{term}'" for term, begins in terms)
    hit = RawSQL(
        "array_to_tsvector(string_to_array(search_searchentry.terms, ' ')) @@ %s::tsquery", [question], BooleanField()
    )
    return SearchEntry.objects.filter(Q(hit))


def _distance(label: str, wanted: str) -> int:
    """Weigh a label: 0 the very thing, 1 begins so, 2 holds it, 3 found by its other words; pinyin counts alike."""
    forms = (joined(label), *spelled(label)) if wanted.isascii() else (joined(label),)
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms):
        return 1
    return 2 if any(wanted in form for form in forms) else 3
