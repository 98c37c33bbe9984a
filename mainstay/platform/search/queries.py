"""Find things by a few characters, within what an actor may see (A6)."""

from collections.abc import Collection
from dataclasses import dataclass
from heapq import nsmallest
from math import log2
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.asking import Ask, Term, any_of, asked, has_single_words, looked_up
from mainstay.platform.search.likely import closeness, loosely, nearly
from mainstay.platform.search.matching import Row, first_matches, holding, nearly_among, row_by_row, with_rows
from mainstay.platform.search.models import SearchEntry, SearchUse, Tier
from mainstay.platform.search.terms import REGION, SPELLED_START, START, joined

PORTFOLIO = 300
"""Customers of an actor up to whom their entries are looked through one by one."""
WEIGHED = 500
"""Matches that are weighed one by one. Where there are more, those whose label begins so are looked for as well."""
COMMON = 200
"""Things of the second tier, one in forty or less, whose labels begin so: then thousands do."""
LATELY = 100
"""Things opened last that are looked through for each person, whatever else matches."""
LIKELY = 200
"""Things with nearly such words that are compared with what was typed."""
LOOKED_UP = 5_000
"""Things found of which a list is told the keys; of more it is told how to find them."""
LITTLE = 2
"""So few things found are hardly anything: something else may be meant, by less than so much text:"""
LONG, LONG_LETTERS = 6, 16


@dataclass(frozen=True)
class Found:
    """A thing found: what it is, its primary key as text, and what to show."""

    kind: str
    id: str
    label: str
    detail: str
    customer_id: int | None
    region_code: str


@dataclass(frozen=True)
class Answer:
    """What was found, best first; `many`: more match than were weighed; `like`: what the text may have meant."""

    found: list[Found]
    many: bool = False
    like: tuple[Found, ...] = ()


Matches = dict[int, Row]


def find(text: str, actor: Actor, *, kinds: Collection[str] | None = None, limit: int = 20) -> list[Found]:
    """Return what the actor may see and the text asks for, best match first; nothing that is only like it.

    A single letter or digit finds what is called so from the beginning on: by name, pinyin, initials or number.
    Order: how well the label matches (is it, begins so, holds it, found by other words), what the actor opened lately,
    then rank and how often it is opened, kind, label.
    Costs 1 query (2 for a person), 3 more when more than WEIGHED things match, none for an empty question.
    """
    return answer(text, actor, kinds=kinds, limit=limit, tolerant=False).found


def answer(
    text: str, actor: Actor, *, kinds: Collection[str] | None = None, limit: int = 20, tolerant: bool = True
) -> Answer:
    """Return what was found as `find`; where that is nothing, or hardly anything, what the text may have meant, too.

    One wrong, missing, doubled or swapped sign in a name, pinyin or a number, or other characters that sound the same
    (2 queries more at most).
    """
    parts = asked(text)
    if not parts:
        return Answer([])
    reader, wanted = _Reader(actor, kinds), joined(text)
    found, many = _matches(parts, wanted, reader)
    lately = reader.lately(parts)
    found |= lately
    best = _best(found, wanted, set(lately), limit)
    if tolerant and (not found or _is_little(found, wanted)):
        return Answer(best, like=tuple(_like(text, wanted, reader, set(found), limit - len(best))))
    return Answer(best, many)


def _is_little(found: Matches, wanted: str) -> bool:
    """Say whether something else may be meant: two or less are found, no number nor long, none of them called so."""
    long = len(wanted) >= (LONG_LETTERS if wanted.isascii() else LONG)
    return len(found) <= LITTLE and not long and not any(sign.isdigit() for sign in wanted) and all(
        _distance(_forms(row), wanted) for row in found.values()
    )  # fmt: skip


def _matches(parts: list[Ask], wanted: str, reader: "_Reader") -> tuple[Matches, bool]:
    """Return the first matches, and whether there are more."""
    alone = len(wanted) == 1 and wanted.isascii()  # half of all words begin with it: only labels that do are meant
    found = {} if alone else reader.first(parts)
    many = len(found) == WEIGHED
    if alone or many:
        cut = wanted[:SPELLED_START] if wanted.isascii() else wanted
        found |= reader.first([Term(START + cut)])
        found |= reader.beginning(Term(START + cut, begins=True))
    return found, many


def _like(text: str, wanted: str, reader: "_Reader", known: set[int], limit: int) -> list[Found]:
    """Return what the text may have meant: nearly those words, else most of them; closest first."""
    for guess in (nearly, loosely):
        parts = guess(text)
        found = [row for row in reader.likely(parts, common=guess is loosely) if row[0] not in known] if parts else []
        if found:
            close = sorted(
                (-closeness(wanted, row[9]), row[7], row[1], row[3], place) for place, row in enumerate(found)
            )
            best = close[0][0]
            return [_found(found[place]) for near, *_, place in close if near <= best + 12][:limit]
    return []


def _best(found: Matches, wanted: str, lately: set[int], limit: int) -> list[Found]:
    weighed = [
        (_distance(_forms(row), wanted), pk not in lately, _worth(row[7], row[8]), row[1], row[3], pk)
        for pk, row in found.items()
    ]
    return [_found(found[pk]) for *_, pk in nsmallest(limit, weighed)]


def _found(row: Row) -> Found:
    return Found(*row[1:7])


def _forms(row: Row) -> list[str]:
    """Return a label as written, in pinyin and in initials, as its terms begin with them."""
    return [term[1:] for term in row[9].split(" ", 3)[:3] if term.startswith(START)]


def _worth(rank: int, uses: int) -> float:
    """Return a rank that falls with use: opened twice as often, one step nearer; never by more than nine."""
    return rank - min(9, log2(1 + uses)) if uses else rank


def _distance(forms: list[str], wanted: str) -> int:
    """Weigh a label: 0 the very thing, 1 begins so, 2 holds it, 3 found by its other words; pinyin counts alike."""
    if wanted in forms:
        return 0
    if any(form.startswith(wanted) for form in forms):
        return 1
    return 2 if any(wanted in form for form in forms) else 3


class _Reader:
    """Reads entries within what an actor may see."""

    def __init__(self, actor: Actor, kinds: Collection[str] | None) -> None:
        """Settle how: few customers' entries are looked through one by one, a city is asked of the index."""
        self.allowed = scope(actor) if kinds is None else scope(actor) & Q(object_kind__in=kinds)
        self.user_id = actor.user_id
        self.few = actor.customer_ids is not None and len(actor.customer_ids) <= PORTFOLIO
        self.place = None if actor.sees_everything or actor.customer_ids is not None else _place(actor.regions)

    def first(self, parts: list[Ask]) -> Matches:
        """Return the first matches by primary key (1 query)."""
        if self.few:
            rows = row_by_row(parts, self.allowed, limit=WEIGHED)
        else:
            rows = first_matches(parts, self.allowed, limit=WEIGHED, place=self.place)
        return {row[0]: row for row in rows}

    def beginning(self, start: Term) -> Matches:
        """Return things whose label begins so (2 queries); where thousands do, only those of the first tiers.

        The databases read all of what begins so before they look whether the actor may see it.
        """
        if self.few:
            return self.first([start])
        common = len(first_matches([start], Q(), limit=COMMON, tiers=(Tier.SECOND,))) == COMMON
        tiers = [tier for tier in Tier if tier != Tier.REST or not common]
        rows = first_matches([start], self.allowed, limit=WEIGHED, place=self.place, tiers=tiers)
        return {row[0]: row for row in rows}

    def lately(self, parts: list[Ask]) -> Matches:
        """Return what answers all parts of what the actor opened lately (1 query, none for programs)."""
        if self.user_id is None:
            return {}
        used = SearchUse.objects.filter(user=self.user_id).order_by("-last_at").values("entry")[:LATELY]
        rows = row_by_row(parts, self.allowed & Q(pk__in=Subquery(used)), limit=LATELY)
        return {row[0]: row for row in rows}

    def likely(self, parts: list[Ask], *, common: bool) -> list[Row]:
        """Return what answers all parts, with all terms (1 query); `common`: parts are common words."""
        if self.few:
            found = nearly_among(parts, self.allowed, limit=LIKELY, common=common)
        else:
            # What two rare words hold is sooner read than compared with a region that half of everything holds.
            place = self.place if common or has_single_words(parts) else None
            found = first_matches(parts, self.allowed, limit=LIKELY, place=place, whole=True)
        return list({row[0]: row for row in found}.values())


def _place(regions: tuple[str, ...]) -> Ask | None:
    """Return what the index is asked for when all regions are cities or districts; whole provinces are too common."""
    if regions and all(len(prefix) in (4, 6) for prefix in regions):
        return any_of(Term(REGION + prefix) for prefix in regions)
    return None


def keys_found(text: str, kind: str) -> "QuerySet[Any, Any]":
    """Return the integer keys of all things of a kind that the text asks for, for a list's `pk__in`; no scope.

    The list itself limits what is seen. A text without a letter or digit finds nothing.
    """
    parts = asked(text)
    found = SearchEntry.objects.filter(holding(parts), object_kind=kind) if parts else SearchEntry.objects.none()
    found = with_rows(found, looked_up(parts)[1] if parts else [])
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
