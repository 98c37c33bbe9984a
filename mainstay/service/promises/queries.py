"""Which promise holds for circuits at an instant, or held on a day? Read flat, for one or for a storm of them (PC 14).

What may hold is read by `laid_down`, which of it does is chosen by `domain.promise_choice`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from mainstay.accounts.catalog.choices import Metric
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.promise_choice import choose_promise
from mainstay.network.inventory.standing import CircuitThen, standing_on
from mainstay.platform.identity.queries import scope
from mainstay.service.promises.errors import NoSuchCircuitTerm
from mainstay.service.promises.holding import HoldingPromise, holding
from mainstay.service.promises.laid_down import LaidDown
from mainstay.service.promises.models import CircuitTerm

AT_ONCE = 5_000
"""Circuits read together."""


def promise_for(circuit_id: int, metric: str, at: datetime) -> HoldingPromise | None:
    """Return the promise of a metric that holds for a circuit at an instant, or None when none does (D2)."""
    return promises_for([circuit_id], metric, at).get(circuit_id)


def promises_for(circuit_ids: Iterable[int], metric: str, at: datetime) -> dict[int, HoldingPromise]:
    """Return the promises that hold, by circuit; circuits without one are left out (12 queries for 5,000 circuits).

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


def promises_on(
    circuit_ids: Iterable[int], metrics: Collection[str], day: date
) -> dict[tuple[int, str], HoldingPromise]:
    """Return the promises of a day, with each circuit, contract, package and profile as they were then (PC 14)."""
    return _promises(circuit_ids, metrics, day)


def _promises(circuit_ids: Iterable[int], metrics: Collection[str], on: date) -> dict[tuple[int, str], HoldingPromise]:
    wanted = sorted(set(circuit_ids))
    found: dict[tuple[int, str], HoldingPromise] = {}
    for start in range(0, len(wanted), AT_ONCE):
        circuits = standing_on(wanted[start : start + AT_ONCE], on)
        choosing = _Choosing(LaidDown.read(circuits, metrics, on), on)
        for circuit in circuits:
            own = choosing.laid.has_its_own(circuit)
            for metric in metrics:
                promise = choosing.chosen(circuit, metric) if own else choosing.by_profile(circuit, metric)
                if promise is not None:
                    found[circuit.pk, metric] = promise
    return found


@dataclass
class _Choosing:
    """Mutable: chooses among what is laid down for a day; circuits to which only the profile applies share one."""

    laid: LaidDown
    on: date
    _alike: dict[tuple[object, ...], HoldingPromise | None] = field(default_factory=dict)

    def chosen(self, circuit: CircuitThen, metric: str) -> HoldingPromise | None:
        return holding(metric, self.on, choose_promise(self.laid.candidates(circuit, metric), self.on))

    def by_profile(self, circuit: CircuitThen, metric: str) -> HoldingPromise | None:
        alike = metric, circuit.grade, circuit.product_id, circuit.reach
        if alike not in self._alike:
            self._alike[alike] = self.chosen(circuit, metric)
        return self._alike[alike]
