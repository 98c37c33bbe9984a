"""Find things by a few characters, within what an actor may see (A6)."""

from collections.abc import Collection
from dataclasses import dataclass
from math import log2
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Left

from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.asking import Ask, Term, any_of, asked, looked_up
from mainstay.platform.search.likely import closeness, loosely, nearly
from mainstay.platform.search.matching import Entries, holding, in_tier, with_rows
from mainstay.platform.search.models import SearchEntry, SearchUse, Tier
from mainstay.platform.search.terms import REGION, SPELLED_START, START, joined

PORTFOLIO = 300
"""Customers of an actor up to whom their entries are looked through one by one."""
WEIGHED = 500
"""Matches that are weighed one by one. Where there are more, those whose label begins so are looked for as well."""
LATELY = 100
"""Things opened last that are looked through for each person, whatever else matches."""
LIKELY = 200
"""Things with nearly such words that are compared with what was typed."""
LOOKED_UP = 5_000
"""Things found of which a list is told the keys; of more it is told how to find them."""
_HEAD = 160
"""Characters of an entry's terms in which the beginnings of its label stand."""
_SHOWN = ("pk", "object_kind", "object_id", "label", "detail", "customer_id", "region_code", "rank", "uses")


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
    """What was found, best first; `many`: more match than were weighed; `like`: only something like it was found."""

    found: list[Found]
    many: bool = False
    like: bool = False


@dataclass(frozen=True)
class _Match:
    """An entry that matches, as it is weighed."""

    thing: Found
    rank: int
    uses: int
    forms: tuple[str, ...]


Matches = dict[int, _Match]


def find(text: str, actor: Actor, *, kinds: Collection[str] | None = None, limit: int = 20) -> list[Found]:
    """Return what the actor may see and the text asks for, best match first; nothing that is only like it.

    A single letter or digit finds what is called so from the beginning on: by name, pinyin, initials or number.
    Order: how well the label matches (is it, begins so, holds it, found by other words), what the actor opened lately,
    then rank and how often it is opened, kind, label.
    Costs 1 query (2 for a person), 2 more when more than WEIGHED things match, none for an empty question.
    """
    return answer(text, actor, kinds=kinds, limit=limit, tolerant=False).found


def answer(
    text: str, actor: Actor, *, kinds: Collection[str] | None = None, limit: int = 20, tolerant: bool = True
) -> Answer:
    """Return what was found as `find`; where that is nothing and `tolerant`, what the text may have meant.

    One wrong, missing, doubled or swapped sign in a name, pinyin or a number, or other characters that sound the same.
    """
    parts = asked(text)
    if not parts:
        return Answer([])
    reader = _Reader(actor, kinds)
    wanted = joined(text)
    found, many = _matches(parts, wanted, reader)
    lately = reader.lately(parts)
    if found or lately:
        return Answer(_best(found | lately, wanted, set(lately), limit), many)
    return _like(text, wanted, reader, limit) if tolerant else Answer([])


def _matches(parts: list[Ask], wanted: str, reader: "_Reader") -> tuple[Matches, bool]:
    """Return the first matches, and whether there are more."""
    alone = len(wanted) == 1 and wanted.isascii()  # half of all words begin with it: only labels that do are meant
    found = {} if alone else reader.first(parts)
    many = len(found) == WEIGHED
    if alone or many:
        cut = wanted[:SPELLED_START] if wanted.isascii() else wanted
        for begins in (False, True):
            found |= reader.first([Term(START + cut, begins)])
    return found, many


def _like(text: str, wanted: str, reader: "_Reader", limit: int) -> Answer:
    """Return what the text may have meant: nearly those words, else some of them; closest first."""
    for guess in (nearly, loosely):
        parts = guess(text)
        found = reader.likely(parts) if parts else []
        if found:
            close = sorted(
                (-closeness(wanted, terms), rank, thing.kind, thing.label, place)
                for place, (thing, rank, terms) in enumerate(found)
            )
            best = close[0][0]
            return Answer([found[place][0] for near, *_, place in close if near <= best + 12][:limit], like=True)
    return Answer([])


def _best(found: Matches, wanted: str, lately: set[int], limit: int) -> list[Found]:
    weighed = sorted(
        (_distance(match.forms, wanted), pk not in lately, _worth(match), match.thing.kind, match.thing.label, pk)
        for pk, match in found.items()
    )
    return [found[pk].thing for *_, pk in weighed[:limit]]


def _worth(match: _Match) -> float:
    """Return a rank that falls with use: opened twice as often, one step nearer; never by more than nine."""
    return match.rank - min(9, log2(1 + match.uses))


def _distance(forms: tuple[str, ...], wanted: str) -> int:
    """Weigh a label: 0 the very thing, 1 begins so, 2 holds it, 3 found by its other words; pinyin counts alike."""
    if any(wanted == form for form in forms):
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

    def entries(self, parts: list[Ask]) -> list[Entries]:
        """Return those that answer all parts and may be seen, tier after tier."""
        if self.few:
            return [with_rows(SearchEntry.objects.filter(self.allowed), parts)]
        return [in_tier(tier, parts, place=self.place).filter(self.allowed) for tier in Tier.values]

    def first(self, parts: list[Ask]) -> Matches:
        """Return the first matches by primary key (1 query)."""
        rows = _one_after_another(self.entries(parts), *_SHOWN, head=Left("terms", _HEAD))
        return {row[0]: _match(row) for row in rows[:WEIGHED]}

    def lately(self, parts: list[Ask]) -> Matches:
        """Return what answers all parts of what the actor opened lately (1 query, none for programs)."""
        if self.user_id is None:
            return {}
        used = SearchUse.objects.filter(user=self.user_id).order_by("-last_at").values("entry")[:LATELY]
        rows = with_rows(SearchEntry.objects.filter(self.allowed, pk__in=Subquery(used)), parts)
        return {row[0]: _match(row) for row in _one_after_another([rows], *_SHOWN, head=Left("terms", _HEAD))}

    def likely(self, parts: list[Ask]) -> list[tuple[Found, int, str]]:
        """Return what answers all parts, with rank and terms (1 query)."""
        rows = _one_after_another(self.entries(parts), *_SHOWN, head=F("terms"))[:LIKELY]
        return [(Found(*row[1:7]), row[7], row[9]) for row in rows]


def _one_after_another(entries: list[Entries], *columns: str, head: Any) -> Any:
    """Return values of all entries in one query that stops where it has enough."""
    first, *others = (rows.annotate(head=head).values_list(*columns, "head") for rows in entries)
    return first.union(*others, all=True) if others else first


def _match(row: tuple[Any, ...]) -> _Match:
    forms = tuple(term.removeprefix(START) for term in row[9].split(" ") if term.startswith(START))[:3]
    return _Match(Found(*row[1:7]), row[7], row[8], forms)


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
