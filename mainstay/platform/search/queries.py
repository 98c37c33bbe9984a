"""Find things by a few characters, within what an actor may see (A6)."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.models import SearchEntry
from mainstay.platform.search.terms import asked, normal, spelled

_LOOKED_AT = 200
"""Rows that are weighed one by one; the database has put the likeliest first."""


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
    """Return what the actor may see and the text asks for, best match first (1 query; none for an empty question).

    Order: how well the label matches, then rank, then kind, then label.
    """
    terms = asked(text)
    if not terms:
        return []
    question = text.strip()
    rows = matching(terms).filter(scope(actor))
    if kinds is not None:
        rows = rows.filter(object_kind__in=kinds)
    likeliest = rows.annotate(
        far=Case(
            When(label__iexact=question, then=Value(0)),
            When(label__istartswith=question, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
    ).order_by("far", "rank", "object_kind", "label", "pk")[: max(limit, _LOOKED_AT)]
    weighed = sorted(likeliest, key=lambda row: (_distance(row.label, question), row.rank, row.object_kind, row.label))
    return [
        Found(row.object_kind, row.object_id, row.label, row.detail, row.customer_id, row.region_code)
        for row in weighed[:limit]
    ]


def matching(terms: list[tuple[str, bool]]) -> QuerySet[SearchEntry]:
    """Return the entries that have all terms; (term, True) is satisfied by a term that begins so.

    Terms hold letters, digits and Chinese characters only (see `terms.asked`), so quoting them is enough.
    """
    if connection.vendor == "sqlite":
        question = " AND ".join(f'"{term}"*' if begins else f'"{term}"' for term, begins in terms)
        ids = RawSQL("SELECT rowid FROM search_index WHERE search_index MATCH %s", [question])
        return SearchEntry.objects.filter(pk__in=ids)
    question = " & ".join(f"'{term}':*" if begins else f"'{term}'" for term, begins in terms)
    hit = RawSQL(
        "array_to_tsvector(string_to_array(search_searchentry.terms, ' ')) @@ %s::tsquery", [question], BooleanField()
    )
    return SearchEntry.objects.filter(Q(hit))


def _distance(label: str, question: str) -> int:
    """Weigh a label: 0 the very thing, 1 begins so, 2 holds it, 3 found by its other words; pinyin counts alike."""
    wanted, plain = _joined(question), _joined(label)
    forms = (plain, *spelled(label)) if wanted.isascii() else (plain,)
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms):
        return 1
    return 2 if any(wanted in form for form in forms) else 3


def _joined(text: str) -> str:
    return "".join(character for character in normal(text) if character.isalnum())
