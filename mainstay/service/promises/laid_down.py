"""What may hold for circuits on a day, at all levels? Read once for many circuits (PC 14).

Levels, most specific first: the circuit's own term, its contract line, its contract, its customer (the nearest of the
group that has one), each followed by the package applied there; then the profile in force then: by grade, by product
(before it the package that comes with the product), default. A profile's term must fit grade, product and reach
wherever it names them; within a level one that names the product is more exact, then one that names the reach.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from mainstay.accounts.catalog.models import PromiseTerm, TermAmount
from mainstay.accounts.catalog.queries import profile_on
from mainstay.accounts.contracts.models import ContractLine, SpecialTerm
from mainstay.accounts.customers.models import Customer
from mainstay.domain.promise_choice import Candidate, Level
from mainstay.network.inventory.standing import CircuitThen
from mainstay.service.promises.applied import AppliedPackages
from mainstay.service.promises.holding import Laid
from mainstay.service.promises.models import CircuitTerm

Term = TypeVar("Term", bound=TermAmount)


@dataclass(frozen=True)
class LaidDown:
    """All terms that may hold for some circuits on a day, read once."""

    own: Mapping[int, list[CircuitTerm]]
    of_line: Mapping[int, list[SpecialTerm]]
    of_contract: Mapping[int, list[SpecialTerm]]
    of_customer: Mapping[int, list[SpecialTerm]]
    above: Mapping[int, int | None]
    profile: list[PromiseTerm]
    packages: AppliedPackages
    on: date
    _fitting: dict[tuple[object, ...], list[Candidate[Laid]]] = field(default_factory=dict)

    @classmethod
    def read(cls, circuits: list[CircuitThen], metrics: Collection[str], on: date) -> "LaidDown":
        above = groups_above({circuit.customer_id for circuit in circuits})
        lines = {circuit.contract_line for circuit in circuits if circuit.contract_line is not None}
        special = _holding(SpecialTerm.objects.all(), metrics, on).filter(
            Q(line__among={line.pk for line in lines})
            | Q(contract__among={line.contract_id for line in lines})
            | Q(customer__among=above)
        )
        terms = list(special.select_related("calendar", "customer", "line"))
        own = _holding(CircuitTerm.objects.filter(circuit__among=[c.pk for c in circuits]), metrics, on)
        profile = _holding(PromiseTerm.objects.filter(profile=profile_on(on)), metrics, on)
        return cls(
            own=_by(own.select_related("calendar"), "circuit_id"),
            of_line=_by(terms, "line_id"),
            of_contract=_by(terms, "contract_id"),
            of_customer=_by(terms, "customer_id"),
            above=above,
            profile=list(profile.select_related("calendar", "profile", "product")),
            packages=AppliedPackages.read(circuits, above, metrics, on),
            on=on,
        )

    def has_its_own(self, circuit: CircuitThen) -> bool:
        """Say whether something may be promised to it beyond what its grade, product and reach get everywhere."""
        uses = self.packages.uses
        return (
            circuit.pk in self.own
            or circuit.contract_line is not None
            or ("circuit", circuit.pk) in uses
            or any(pk in self.of_customer or ("customer", pk) in uses for pk in self._group(circuit.customer_id))
        )

    def candidates(self, circuit: CircuitThen, metric: str) -> list[Candidate[Laid]]:
        """Return what may hold for a circuit, at all levels."""
        found = [
            _candidate(Level.CIRCUIT, t, circuit.number) for t in self.own.get(circuit.pk, ()) if t.metric == metric
        ]
        line = circuit.contract_line
        if line is not None and runs(line, self.on):
            label = f"{line.contract.number} · {line.position}"
            terms = (t for t in self.of_line.get(line.pk, ()) if t.metric == metric)
            found += [_candidate(Level.CONTRACT_LINE, term, label) for term in terms]
            terms = (t for t in self.of_contract.get(line.contract_id, ()) if t.metric == metric)
            found += [_candidate(Level.CONTRACT, term, line.contract.number) for term in terms]
        for term in self._nearest_customer(circuit.customer_id, metric):
            found.append(_candidate(Level.CUSTOMER, term, term.customer.name if term.customer else ""))
        found += self.packages.candidates(circuit, metric)
        alike = metric, circuit.grade, circuit.product_id, circuit.reach
        if alike not in self._fitting:
            self._fitting[alike] = self._from_profile(circuit, metric)
        return found + self._fitting[alike]

    def _nearest_customer(self, customer_id: int | None, metric: str) -> list[SpecialTerm]:
        for nearest in self._group(customer_id):
            terms = [term for term in self.of_customer.get(nearest, ()) if term.metric == metric]
            if terms:
                return terms
        return []

    def _group(self, customer_id: int | None) -> Iterator[int]:
        """Give a customer and all above it, the nearest first."""
        while customer_id is not None:
            yield customer_id
            customer_id = self.above.get(customer_id)

    def _from_profile(self, circuit: CircuitThen, metric: str) -> list[Candidate[Laid]]:
        """Return the terms of the profile that fit, at each level only the most exact ones."""
        exact: dict[Level, tuple[int, list[PromiseTerm]]] = {}
        for term in self.profile:
            if term.metric != metric or not _fits(term, circuit):
                continue
            level, weight = _place(term)
            best, terms = exact.get(level, (-1, []))
            if weight >= best:
                exact[level] = (weight, [*terms, term] if weight == best else [term])
        return [_candidate(level, term, _label(term)) for level, (_, terms) in exact.items() for term in terms]


def _place(term: PromiseTerm) -> tuple[Level, int]:
    """Return the level of a profile's term, and how exact it is within it."""
    weight = 2 * (term.product_id is not None) + bool(term.reach)
    if term.grade:
        return Level.GRADE, weight
    return (Level.PRODUCT if term.product_id is not None else Level.DEFAULT), weight


def _fits(term: PromiseTerm, circuit: CircuitThen) -> bool:
    return (
        term.grade in ("", circuit.grade)
        and term.product_id in (None, circuit.product_id)
        and term.reach in ("", circuit.reach)
    )


def _label(term: PromiseTerm) -> str:
    words = (term.grade, term.product.name if term.product else "", term.get_reach_display() if term.reach else "")
    return " · ".join(str(word) for word in words if word) or term.profile.name


def runs(line: ContractLine, on: date) -> bool:
    """Say whether a line, its contract fetched, was in force on a day."""
    return line.holds_on(on) and line.contract.holds_on(on)


def _candidate(level: Level, term: TermAmount, label: str) -> Candidate[Laid]:
    laid = Laid(term.amount, term.unit, term.calendar.code, edition=term.calendar.stamp, repeat=term.repeat_clause)
    if isinstance(term, PromiseTerm):
        laid = replace(laid, profile=term.profile.code, version=term.version, owner_id=term.profile_id)
    elif isinstance(term, CircuitTerm):
        laid = replace(laid, owner_id=term.circuit_id)
    elif isinstance(term, SpecialTerm):
        contract_id = term.line.contract_id if term.line is not None else term.contract_id
        laid = replace(laid, owner_id=contract_id or term.customer_id or 0)
    return Candidate(level, term.pk, laid, term.valid_from, term.valid_to, label)


def _holding(rows: QuerySet[Term], metrics: Collection[str], on: date) -> QuerySet[Term]:
    until = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return rows.filter(until, valid_from__lte=on, metric__in=list(metrics))


def _by(terms: Iterable[Term], column: str) -> dict[int, list[Term]]:
    found: dict[int, list[Term]] = {}
    for term in terms:
        key = getattr(term, column)
        if key is not None:
            found.setdefault(key, []).append(term)
    return found


def groups_above(customer_ids: set[int]) -> dict[int, int | None]:
    """Return the parent of each customer and of all above it, level by level of the group."""
    above: dict[int, int | None] = {}
    level = customer_ids
    while level:
        above.update(dict(Customer.objects.filter(pk__among=level).values_list("pk", "parent")))
        level = {parent for parent in above.values() if parent is not None} - above.keys()
    return above
