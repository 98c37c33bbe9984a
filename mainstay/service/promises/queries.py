"""Which promise holds for circuits at an instant? Read flat, for one or for a storm of them (PC 14).

Levels, most specific first: the circuit's own term, its contract line, its contract, its customer (the nearest of the
group that has one), then the active profile: by grade, by product, default. A profile's term must fit grade, product
and reach
wherever it names them; within a level one that names the product is more exact, then one that names the reach.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from mainstay.accounts.catalog.choices import Metric
from mainstay.accounts.catalog.models import PromiseTerm, TermAmount
from mainstay.accounts.contracts.models import Contract, SpecialTerm
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.promise_choice import Candidate, Level, choose_promise
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.queries import scope
from mainstay.service.promises.errors import NoSuchCircuitTerm
from mainstay.service.promises.holding import HoldingPromise, Laid, holding
from mainstay.service.promises.models import CircuitTerm

CHUNK = 900

Term = TypeVar("Term", bound=TermAmount)


def promise_for(circuit_id: int, metric: str, at: datetime) -> HoldingPromise | None:
    """Return the promise of a metric that holds for a circuit at an instant, or None when none does (D2)."""
    return promises_for([circuit_id], metric, at).get(circuit_id)


def promises_for(circuit_ids: Iterable[int], metric: str, at: datetime) -> dict[int, HoldingPromise]:
    """Return the promises that hold, by circuit; circuits without one are left out (7 queries for 900 circuits).

    The day is that of the instant in the operator's zone. No scope: the caller has seen the circuits.
    """
    found = promises_of(circuit_ids, [metric], at)
    return {circuit: promise for (circuit, _), promise in found.items()}


def promises_of(
    circuit_ids: Iterable[int], metrics: Collection[str], at: datetime
) -> dict[tuple[int, str], HoldingPromise]:
    """Return the promises of several metrics, by circuit and metric; otherwise as `promises_for`."""
    return _promises(circuit_ids, metrics, _day(at))


def all_promises(circuit_id: int, at: datetime) -> list[HoldingPromise]:
    """Return every promise that holds for a circuit, in the order of Metric, for its page."""
    found = _promises([circuit_id], Metric.values, _day(at))
    return [found[circuit_id, metric] for metric in Metric.values if (circuit_id, metric) in found]


def circuit_terms(circuit_id: int) -> list[CircuitTerm]:
    """Return a circuit's own terms, past ones too, calendar fetched (1 query); the caller has seen the circuit."""
    rows = CircuitTerm.objects.filter(circuit=circuit_id).select_related("calendar")
    return list(rows.order_by("metric", "-valid_from", "-pk"))


def visible_term(actor: Actor, term_id: int) -> CircuitTerm:
    """Return one circuit's term with the circuit fetched. Raises NoSuchCircuitTerm, also when it may not be seen."""
    rows = CircuitTerm.objects.filter(scope(actor, customer="circuit__customer_id", region="circuit__region_code"))
    found = rows.filter(pk=term_id).select_related("circuit", "calendar").first()
    if found is None:
        raise NoSuchCircuitTerm(
            msgid("There is no term {id} that you may see; choose one of the circuit's."), id=term_id
        )
    return found


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _promises(circuit_ids: Iterable[int], metrics: Collection[str], on: date) -> dict[tuple[int, str], HoldingPromise]:
    wanted = sorted(set(circuit_ids))
    found: dict[tuple[int, str], HoldingPromise] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Circuit.objects.filter(pk__in=wanted[start : start + CHUNK])
        circuits = list(rows.select_related("contract_line__contract"))
        laid = _LaidDown.read(circuits, metrics, on)
        for circuit in circuits:
            for metric in metrics:
                choice = choose_promise(laid.candidates(circuit, metric), on)
                promise = holding(circuit.pk, metric, on, choice)
                if promise is not None:
                    found[circuit.pk, metric] = promise
    return found


@dataclass(frozen=True)
class _LaidDown:
    """All terms that may hold for some circuits on a day, read once."""

    own: Mapping[int, list[CircuitTerm]]
    of_line: Mapping[int, list[SpecialTerm]]
    of_contract: Mapping[int, list[SpecialTerm]]
    of_customer: Mapping[int, list[SpecialTerm]]
    above: Mapping[int, int | None]
    profile: list[PromiseTerm]
    on: date
    _fitting: dict[tuple[object, ...], list[Candidate[Laid]]] = field(default_factory=dict)

    @classmethod
    def read(cls, circuits: list[Circuit], metrics: Collection[str], on: date) -> "_LaidDown":
        above = _groups({circuit.customer_id for circuit in circuits})
        lines = {circuit.contract_line for circuit in circuits if circuit.contract_line is not None}
        special = _holding(SpecialTerm.objects.all(), metrics, on).filter(
            Q(line__in=[line.pk for line in lines])
            | Q(contract__in={line.contract_id for line in lines})
            | Q(customer__in=above)
        )
        terms = list(special.select_related("calendar", "customer"))
        own = _holding(CircuitTerm.objects.filter(circuit__in=[c.pk for c in circuits]), metrics, on)
        profile = _holding(PromiseTerm.objects.filter(profile__active=True), metrics, on)
        return cls(
            own=_by(own.select_related("calendar"), "circuit_id"),
            of_line=_by(terms, "line_id"),
            of_contract=_by(terms, "contract_id"),
            of_customer=_by(terms, "customer_id"),
            above=above,
            profile=list(profile.select_related("calendar", "profile", "product")),
            on=on,
        )

    def candidates(self, circuit: Circuit, metric: str) -> list[Candidate[Laid]]:
        """Return what may hold for a circuit, at all levels."""
        found = [
            _candidate(Level.CIRCUIT, t, circuit.number) for t in self.own.get(circuit.pk, ()) if t.metric == metric
        ]
        line = circuit.contract_line
        if line is not None and _runs(line.contract, self.on):
            label = f"{line.contract.number} · {line.position}"
            terms = (t for t in self.of_line.get(line.pk, ()) if t.metric == metric)
            found += [_candidate(Level.CONTRACT_LINE, term, label) for term in terms]
            terms = (t for t in self.of_contract.get(line.contract_id, ()) if t.metric == metric)
            found += [_candidate(Level.CONTRACT, term, line.contract.number) for term in terms]
        for term in self._nearest_customer(circuit.customer_id, metric):
            found.append(_candidate(Level.CUSTOMER, term, term.customer.name if term.customer else ""))
        alike = metric, circuit.grade, circuit.product_id, circuit.reach
        if alike not in self._fitting:
            self._fitting[alike] = self._from_profile(circuit, metric)
        return found + self._fitting[alike]

    def _nearest_customer(self, customer_id: int | None, metric: str) -> list[SpecialTerm]:
        while customer_id is not None:
            terms = [term for term in self.of_customer.get(customer_id, ()) if term.metric == metric]
            if terms:
                return terms
            customer_id = self.above.get(customer_id)
        return []

    def _from_profile(self, circuit: Circuit, metric: str) -> list[Candidate[Laid]]:
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


def _fits(term: PromiseTerm, circuit: Circuit) -> bool:
    return (
        term.grade in ("", circuit.grade)
        and term.product_id in (None, circuit.product_id)
        and term.reach in ("", circuit.reach)
    )


def _label(term: PromiseTerm) -> str:
    words = (term.grade, term.product.name if term.product else "", term.get_reach_display() if term.reach else "")
    return " · ".join(str(word) for word in words if word) or term.profile.name


def _runs(contract: Contract, on: date) -> bool:
    return contract.starts_on <= on and (contract.ends_on is None or on < contract.ends_on)


def _candidate(level: Level, term: TermAmount, label: str) -> Candidate[Laid]:
    laid = Laid(term.amount, term.unit, term.calendar.code, edition=term.calendar.stamp, repeat=term.repeat_clause)
    if isinstance(term, PromiseTerm):
        laid = replace(laid, profile=term.profile.code, version=term.version)
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


def _groups(customer_ids: set[int]) -> dict[int, int | None]:
    """Return the parent of each customer and of all above it, level by level of the group."""
    above: dict[int, int | None] = {}
    level = customer_ids
    while level:
        above.update(dict(Customer.objects.filter(pk__in=level).values_list("pk", "parent")))
        level = {parent for parent in above.values() if parent is not None} - above.keys()
    return above
