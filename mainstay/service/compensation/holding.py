"""Which clauses hold for circuits in a month? The most specific set wins, overlaps are shown (PC 14, H8).

Levels as for promises: circuit, contract line, contract, customer (the nearest of the group that has one), each
followed by the packages applied there; then what is laid down for all, by grade, by product, default; of these only
where the profile they name was in force. The day that counts is the month's last one: what was agreed within a month
holds for it.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from mainstay.accounts.catalog.queries import profile_on
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.models import Customer
from mainstay.domain.compensation import ClauseSet, clause_set_from
from mainstay.domain.promise_choice import CHOICE_TEXTS, Candidate, Level, PromiseChoice, choose_promise
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.standing import as_of
from mainstay.service.compensation.models import ClauseTerms
from mainstay.service.promises.applied import AppliedPackages
from mainstay.service.promises.choices import LEVEL_LABELS


@dataclass(frozen=True)
class Rival:
    """Another set that held on the day: at the same level, or at a less specific one."""

    terms_id: int
    level: str
    name: str

    @property
    def level_label(self) -> str:
        """Return the level in the reader's language."""
        return str(LEVEL_LABELS[self.level])


@dataclass(frozen=True)
class HoldingClauses:
    """The set that holds for a circuit, and why: `why` and `params` as in `domain.promise_choice`."""

    terms_id: int
    name: str
    version: int
    level: str
    clauses: ClauseSet
    kept: Mapping[str, Any]
    why: str
    params: Mapping[str, object]
    overlaps: tuple[Rival, ...] = ()
    overridden: tuple[Rival, ...] = ()

    def reason(self) -> str:
        """Return why this set holds and no other, in the reader's language."""
        return gettext(TEXTS[self.why]).format(**{**self.params, "level": LEVEL_LABELS[self.level]})


TEXTS: Mapping[str, str] = {**CHOICE_TEXTS}


def last_day(month: date) -> date:
    """Return the day that decides which clauses hold for a month."""
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def clauses_for(circuits: Iterable[Circuit], month: date) -> dict[int, HoldingClauses]:
    """Return the clauses that hold in a month by circuit id; circuits without any are left out (3 queries and more).

    Circuits have contract line and contract fetched. No scope: the caller has seen the circuits.
    """
    on = last_day(month)
    wanted = as_of([copy(circuit) for circuit in circuits], on)
    laid = _LaidDown(wanted, on)
    found = {}
    for circuit in wanted:
        choice = choose_promise(laid.candidates(circuit), on)
        if choice.winner is not None:
            found[circuit.pk] = _holding(choice)
    return found


def _holding(choice: PromiseChoice[ClauseTerms]) -> HoldingClauses:
    winner = choice.winner
    assert winner is not None
    row = winner.terms
    return HoldingClauses(
        row.pk, row.name, row.version, winner.level.name.lower(), clause_set_from(row.terms), row.terms, choice.why,
        choice.params, tuple(_rival(one) for one in choice.overlaps), tuple(_rival(one) for one in choice.overridden),
    )  # fmt: skip


def _rival(one: Candidate[ClauseTerms]) -> Rival:
    return Rival(one.id, one.level.name.lower(), one.terms.name)


class _LaidDown:
    """All sets that may hold for some circuits on a day, read once."""

    def __init__(self, circuits: list[Circuit], on: date) -> None:
        self.on = on
        self.above = groups_above({circuit.customer_id for circuit in circuits})
        lines = {c.contract_line_id: c.contract_line for c in circuits if c.contract_line is not None}
        self.packages = AppliedPackages.read(circuits, self.above, (), on)
        until = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
        rows = ClauseTerms.objects.filter(until, valid_from__lte=on, is_example=False).filter(
            Q(circuit__in=[c.pk for c in circuits])
            | Q(line__in=list(lines))
            | Q(contract__in={line.contract_id for line in lines.values()})
            | Q(customer__in=self.above)
            | (_FOR_ALL & (Q(profile__isnull=True) | Q(profile=profile_on(on))))
            | Q(package__in=self.packages.packages())
        )
        self.rows = list(rows.select_related("product"))

    def candidates(self, circuit: Circuit) -> list[Candidate[ClauseTerms]]:
        """Return what may hold for a circuit, at all levels."""
        found = [self._candidate(Level.CIRCUIT, row) for row in self.rows if row.circuit_id == circuit.pk]
        line = circuit.contract_line
        if line is not None and _runs(line.contract, self.on):
            found += [self._candidate(Level.CONTRACT_LINE, row) for row in self.rows if row.line_id == line.pk]
            of_contract = (row for row in self.rows if row.contract_id == line.contract_id)
            found += [self._candidate(Level.CONTRACT, row) for row in of_contract]
        found += [self._candidate(Level.CUSTOMER, row) for row in self._nearest_customer(circuit.customer_id)]
        return found + list(self._of_packages(circuit)) + self._for_all(circuit)

    def _of_packages(self, circuit: Circuit) -> Iterator[Candidate[ClauseTerms]]:
        """Give the sets of the packages applied to a circuit that carry compensation, each once a level."""
        seen: set[tuple[Level, int]] = set()
        for level, use in self.packages.at(circuit):
            for row in self.rows if use.version.compensates else ():
                if row.package_id == use.version.package_id and (level, row.pk) not in seen:
                    seen.add((level, row.pk))
                    yield self._candidate(level, row)

    def _nearest_customer(self, customer_id: int | None) -> list[ClauseTerms]:
        while customer_id is not None:
            rows = [row for row in self.rows if row.customer_id == customer_id]
            if rows:
                return rows
            customer_id = self.above.get(customer_id)
        return []

    def _for_all(self, circuit: Circuit) -> list[Candidate[ClauseTerms]]:
        """Return what is laid down for all and fits, at each level only the most exact."""
        exact: dict[Level, tuple[int, list[ClauseTerms]]] = {}
        for row in self.rows:
            if not is_for_all(row) or row.grade not in ("", circuit.grade):
                continue
            if row.product_id not in (None, circuit.product_id):
                continue
            level = Level.GRADE if row.grade else Level.PRODUCT if row.product_id else Level.DEFAULT
            weight = 2 * (row.product_id is not None) + (row.profile_id is not None)
            best, rows = exact.get(level, (-1, []))
            if weight >= best:
                exact[level] = (weight, [*rows, row] if weight == best else [row])
        return [self._candidate(level, row) for level, (_, rows) in exact.items() for row in rows]

    def _candidate(self, level: Level, row: ClauseTerms) -> Candidate[ClauseTerms]:
        return Candidate(level, row.pk, row, row.valid_from, row.valid_to, row.name)


_FOR_ALL = Q(
    package__isnull=True, circuit__isnull=True, line__isnull=True, contract__isnull=True, customer__isnull=True
)


def is_for_all(row: ClauseTerms) -> bool:
    """Say whether a set is laid down for all, not for somebody's circuits."""
    places = (row.circuit_id, row.line_id, row.contract_id, row.customer_id, row.package_id)
    return all(place is None for place in places)


def _runs(contract: Contract, on: date) -> bool:
    """Say whether a contract ran on a day, or ended within that day's month."""
    if contract.status == ContractStatus.DRAFT:
        return False
    return contract.starts_on <= on and (contract.ends_on is None or on.replace(day=1) < contract.ends_on)


def groups_above(customer_ids: set[int]) -> dict[int, int | None]:
    """Return the parent of each customer and of all above it, level by level of the group."""
    above: dict[int, int | None] = {}
    level = customer_ids
    while level:
        above.update(dict(Customer.objects.filter(pk__in=level).values_list("pk", "parent")))
        level = {parent for parent in above.values() if parent is not None} - above.keys()
    return above
