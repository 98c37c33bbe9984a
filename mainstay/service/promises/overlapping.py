"""Where do two terms of the same level and exactness hold at once? A mistake to mend, not left to chance (PC 14)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.catalog.choices import Metric
from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.accounts.packages.queries import terms_of
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.service.promises.applied import use_label
from mainstay.service.promises.choices import PACKAGE_LEVELS, PLACES, UseStatus
from mainstay.service.promises.models import CircuitTerm
from mainstay.service.promises.package_uses import owner_of, visible_uses

MOST = 500


@dataclass(frozen=True)
class Side:
    """One of the two: `sentence` what it promises, `term_id` its id within the level, and its validity."""

    term_id: int
    sentence: str
    begins: date
    ends: date | None


@dataclass(frozen=True)
class Overlap:
    """Two terms that hold at once on [begin, end), the later to begin first: that one wins."""

    level: str
    metric: str
    place: str
    kind: str
    object_id: int
    winner: Side
    loser: Side
    begin: date
    end: date | None

    @property
    def metric_label(self) -> str:
        """Return the metric in the reader's language."""
        return str(Metric(self.metric).label)


def overlaps(actor: Actor, on: date) -> list[Overlap]:
    """Return the overlaps that hold on a day or later, the next first; at most MOST (about 12 queries)."""
    found = [*_of_circuits(actor, on), *_of_contracts(actor, on), *_of_packages(actor, on)]
    return sorted(found, key=lambda one: (one.begin, one.place, one.metric))[:MOST]


def _of_circuits(actor: Actor, on: date) -> Iterator[Overlap]:
    rows = CircuitTerm.objects.filter(scope(actor, customer="circuit__customer_id", region="circuit__region_code"))
    for row, other in _pairs(rows.select_related("circuit"), "circuit", on):
        yield _overlap("circuit", row, other, row.circuit.number, "circuit", row.circuit_id, on)


def _of_contracts(actor: Actor, on: date) -> Iterator[Overlap]:
    places: tuple[tuple[str, str, str, Callable[[Any], tuple[str, str, int]]], ...] = (
        ("contract_line", "line", "line__contract__customer",
         lambda t: (f"{t.line.contract.number} · {t.line.position}", "contract", t.line.contract_id)),
        ("contract", "contract", "contract__customer", lambda t: (t.contract.number, "contract", t.contract_id)),
        ("customer", "customer", "customer", lambda t: (t.customer.name, "customer", t.customer_id)),
    )  # fmt: skip
    for level, column, owner, words in places:
        seen = scope(actor, customer=owner, region=f"{owner}__region__code")
        rows = SpecialTerm.objects.filter(seen, **{f"{column}__isnull": False})
        fetched = rows.select_related("line__contract") if column == "line" else rows.select_related(column)
        for row, other in _pairs(fetched, column, on):
            yield _overlap(level, row, other, *words(row), on)


def _of_packages(actor: Actor, on: date) -> Iterator[Overlap]:
    """Give packages at the same place that promise the same metric for the same circuits."""
    rows = visible_uses(actor).filter(_still(on), status=UseStatus.APPROVED)
    for place in PLACES:
        column = f"{place}_id"
        here = rows.filter(**{f"{place}__isnull": False})
        crowded = here.order_by().values(column).annotate(n=Count("pk")).filter(n__gt=1).values_list(column, flat=True)
        uses = list(here.filter(**{f"{column}__in": list(crowded[:MOST])}).order_by(column, "pk"))
        terms = terms_of({use.version_id for use in uses}) if uses else {}
        for one, other in _couples(uses, attrgetter("place", column), on):
            yield from _package_overlaps(one, other, terms, on)


def _package_overlaps(one: Any, other: Any, terms: dict[int, list[Any]], on: date) -> Iterator[Overlap]:
    owner = owner_of(one)
    level = PACKAGE_LEVELS[one.place].name.lower()
    seen: set[str] = set()
    for term in terms.get(one.version_id, ()):
        for rival in terms.get(other.version_id, ()):
            alike = term.metric == rival.metric and ("" in (term.grade, rival.grade) or term.grade == rival.grade)
            if alike and term.metric not in seen:
                seen.add(term.metric)
                yield Overlap(
                    level, term.metric, owner.label, owner.kind, owner.id,
                    Side(one.pk, f"{use_label(one)}: {_amount(term)}", one.valid_from, one.valid_to),
                    Side(other.pk, f"{use_label(other)}: {_amount(rival)}", other.valid_from, other.valid_to),
                    max(one.valid_from, other.valid_from, on), _earlier(one.valid_to, other.valid_to),
                )  # fmt: skip


def _still(on: date) -> Q:
    return Q(valid_to__isnull=True) | Q(valid_to__gt=on)


def _pairs(rows: QuerySet[Any], column: str, on: date) -> Iterator[tuple[Any, Any]]:
    """Give the pairs of terms at one place and of one metric that hold at once on a day or later (2 queries)."""
    still = rows.filter(_still(on))
    crowded = still.order_by().values(f"{column}_id").annotate(n=Count("pk")).filter(n__gt=1)
    ids = list(crowded.values_list(f"{column}_id", flat=True)[:MOST])
    terms = list(still.filter(**{f"{column}__in": ids}).order_by(column, "pk")) if ids else []
    return _couples(terms, lambda term: (getattr(term, f"{column}_id"), term.metric), on)


def _couples(rows: Iterable[Any], key: Callable[[Any], tuple[Any, ...]], on: date) -> Iterator[tuple[Any, Any]]:
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    for group in groups.values():
        for one, other in combinations(group, 2):
            end = _earlier(one.valid_to, other.valid_to)
            begin = max(one.valid_from, other.valid_from, on)
            if end is None or begin < end:
                yield (one, other) if (one.valid_from, one.pk) > (other.valid_from, other.pk) else (other, one)


def _earlier(one: date | None, other: date | None) -> date | None:
    ends = [end for end in (one, other) if end is not None]
    return min(ends) if ends else None


def _overlap(level: str, row: Any, other: Any, place: str, kind: str, pk: int, on: date) -> Overlap:
    winner, loser = (Side(each.pk, _amount(each), each.valid_from, each.valid_to) for each in (row, other))
    begin = max(row.valid_from, other.valid_from, on)
    return Overlap(level, row.metric, place, kind, pk, winner, loser, begin, _earlier(row.valid_to, other.valid_to))


def _amount(term: Any) -> str:
    return f"{term.amount.normalize():f} {term.get_unit_display()}"
