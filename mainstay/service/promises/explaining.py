"""Which promises held for circuits on a day, and why: the whole chain, with the circuit as it was then (D2, PC 14)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mainstay.accounts.catalog.choices import Metric
from mainstay.accounts.catalog.queries import profile_on
from mainstay.accounts.contracts.queries import version_numbers
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.circuits import visible_to
from mainstay.network.inventory.standing import as_of
from mainstay.service.promises.errors import BadPromise, NoSuchCircuits
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.promises.laid_down import runs
from mainstay.service.promises.package_uses import circuits_named
from mainstay.service.promises.queries import promises_on

MOST_CIRCUITS = 1_000


@dataclass(frozen=True)
class Explained:
    """A circuit as it was on a day, and its promises by metric (None: nothing promised).

    `contract`, `contract_id`, `position`, `version`: the line it ran under, in the contract's version in force then;
    "" and 0 where it ran under none. `version` 0: versions were not kept then.
    """

    circuit_id: int
    number: str
    name: str
    customer_id: int
    customer: str
    grade: str
    product: str
    product_en: str
    reach: str
    on: date
    promises: dict[str, HoldingPromise | None]
    contract: str = ""
    contract_id: int = 0
    position: int = 0
    version: int = 0

    @property
    def has_overlaps(self) -> bool:
        """Say whether terms at the level of a winner hold at once."""
        return any(promise.overlaps for promise in self.promises.values() if promise is not None)


def explain(actor: Actor, numbers: Sequence[str], on: date) -> tuple[list[Explained], list[str]]:
    """Return what held for circuits, by number, on a day, in the order asked; and numbers that nobody here may see.

    About 14 queries for 900 circuits. Raises NoSuchCircuits when none of them is known, BadPromise for none at all or
    more than MOST_CIRCUITS.
    """
    wanted = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if not 0 < len(wanted) <= MOST_CIRCUITS:
        raise BadPromise(msgid("Ask for 1 to {most} circuits at once, not {count}."), most=MOST_CIRCUITS,
                         count=len(wanted))  # fmt: skip
    known = {row.number: row for row in circuits_named(actor, wanted)}
    unknown = [number for number in wanted if number not in known]
    if not known:
        raise NoSuchCircuits(msgid("There is no circuit {number} that you may see; correct the number."),
                             number=", ".join(unknown[:5]))  # fmt: skip
    told = {row.number: row for row in explained([row.pk for row in known.values()], on)}
    return [told[number] for number in wanted if number in told], unknown


def numbers_of(actor: Actor, customer_id: int, *, most: int = 50) -> list[str]:
    """Return the numbers of a customer's first circuits (1 query)."""
    rows = visible_to(actor).filter(customer=customer_id).order_by("number")
    return list(rows.values_list("number", flat=True)[:most])


def explained(circuit_ids: Collection[int], on: date, metrics: Iterable[str] = tuple(Metric.values)) -> list[Explained]:
    """Return what held for circuits on a day; the caller has seen them."""
    metrics = list(metrics)
    found = promises_on(circuit_ids, metrics, on)
    rows = as_of(_circuits(circuit_ids), on)
    lines = [row.contract_line for row in rows if row.contract_line is not None]
    versions = version_numbers({line.contract_id for line in lines}, on)
    told = []
    for row in rows:
        line = row.contract_line
        under = line if line is not None and runs(line, on) else None
        told.append(Explained(
            row.pk, row.number, row.name, row.customer_id, row.customer.name, row.grade, row.product.name,
            row.product.name_en, row.reach, on, {metric: found.get((row.pk, metric)) for metric in metrics},
            under.contract.number if under else "", under.contract_id if under else 0,
            under.position if under else 0, versions.get(under.contract_id, 0) if under else 0,
        ))  # fmt: skip
    return told


def _circuits(ids: Collection[int]) -> list[Circuit]:
    wanted, found = sorted(set(ids)), list[Circuit]()
    for start in range(0, len(wanted), 900):
        rows = Circuit.objects.filter(pk__in=wanted[start : start + 900])
        found += rows.select_related("contract_line__contract", "product", "customer")
    return found


def had_profile(on: date) -> bool:
    """Say whether a profile was in force on a day."""
    return profile_on(on) is not None
