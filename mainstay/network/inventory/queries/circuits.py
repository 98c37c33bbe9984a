"""Read circuits: lists, one circuit, its ends; `route` has its paths."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.choices import CircuitStatus, LiveState
from mainstay.network.inventory.errors import NoSuchCircuit
from mainstay.network.inventory.models import Circuit, CircuitEnd
from mainstay.platform.bulk.paging import KeysFirst, LongPaginator
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found

SORTS = {
    "number": ("number",),
    "customer": ("customer__name", "number"),
    "grade": ("grade", "number"),
    "state": ("live__state", "number"),
    "since": ("live__since", "number"),
    "bandwidth": ("bandwidth_kbps", "number"),
}
"""What lists can be sorted by, ascending; "-" before a name turns it round."""
IMPAIRED = Q(live__state__gt=LiveState.UP)
"""Circuits that are not up; those without a state are. Its opposite is for `exclude`."""
NAMED = {state.name.lower(): state for state in LiveState}


@dataclass(frozen=True)
class CircuitFilters:
    """What a list is limited to; empty means any.

    `state`: "impaired" (anything but up) or a name of LiveState, lower case.
    """

    text: str = ""
    customer_id: int | None = None
    state: str = ""
    grade: str = ""
    product: str = ""
    technology: str = ""
    region: str = ""
    status: str = CircuitStatus.ACTIVE


def visible_to(actor: Actor) -> QuerySet[Circuit]:
    """Return the circuits the actor may see: the one door."""
    return Circuit.objects.filter(scope(actor))


def visible_circuit(actor: Actor, circuit_id: int) -> Circuit:
    """Return one circuit. Raises NoSuchCircuit, the same whether it does not exist or may not be seen."""
    found = visible_to(actor).filter(pk=circuit_id).first()
    if found is None:
        raise NoSuchCircuit(msgid("There is no circuit {id} that you may see; check the address."), id=circuit_id)
    return found


def circuit(actor: Actor, circuit_id: int) -> Circuit:
    """Return one circuit with customer, manager, product and contract line fetched (1 query). Raises NoSuchCircuit."""
    found = (
        visible_to(actor)
        .select_related("customer__account_manager", "product", "contract_line__contract", "live")
        .filter(pk=circuit_id)
        .first()
    )
    if found is None:
        raise NoSuchCircuit(msgid("There is no circuit {id} that you may see; check the address."), id=circuit_id)
    return found


def circuit_list(
    actor: Actor, filters: CircuitFilters | None = None, *, sort: str = "-state", page: int = 1, size: int = 50
) -> Page[Circuit]:
    """Return a page of circuits with customer, product and state fetched (2 queries, however many rows)."""
    rows = matching(actor, filters or CircuitFilters(), sort=sort).select_related("customer", "product", "live")
    return LongPaginator(rows, size).get_page(page)


def matching(actor: Actor, filters: CircuitFilters, *, sort: str = "-state") -> QuerySet[Circuit]:
    """Return the circuits of a list in its order."""
    return in_order(filtered(actor, filters), sort, state=filters.state)


def filtered(actor: Actor, filters: CircuitFilters) -> QuerySet[Circuit]:
    """Return the circuits the actor may see within the filters, unordered; for counts and export."""
    rows = visible_to(actor)
    exact = {
        "customer_id": filters.customer_id,
        "grade": filters.grade,
        "product__code": filters.product,
        "technology": filters.technology,
        "region_code__startswith": filters.region,
        "status": filters.status,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if text := filters.text.strip():
        begins = Q(number__startswith=text.upper())
        is_number = "-" in text and Circuit.objects.filter(begins).exists()
        rows = rows.filter(begins if is_number else is_found(text, "circuit"))
    return rows.filter(_in_state(filters.state))


def ordering(sort: str, sorts: dict[str, tuple[str, ...]]) -> list[str]:
    """Return the columns of a sort such as "-state"; an unknown one is the first of `sorts`."""
    columns = sorts.get(sort.removeprefix("-"), next(iter(sorts.values())))
    first = f"-{columns[0]}" if sort.startswith("-") else columns[0]
    return [first, *columns[1:], "pk"]


def in_order(rows: QuerySet[Circuit], sort: str = "-state", *, state: str = "") -> QuerySet[Circuit]:
    """Sort circuits by a name of SORTS; `state`: to which they are limited, as `CircuitFilters` says it."""
    first, *others = ordering(sort, SORTS)
    name, turned = first.removeprefix("-"), first.startswith("-")
    if name != "live__state":  # what never changed has no "since" and comes last
        return rows.order_by(KeysFirst(F(name), descending=turned, nulls_last=name == "live__since" or None), *others)
    numbers = others if turned else [f"-{other}" for other in others]  # each order is the very turn of the other
    if state in NAMED:
        return rows.order_by(KeysFirst(F("number"), descending=not turned), *numbers[1:])
    worst = Coalesce("live__state", Value(LiveState.UP))
    return rows.order_by(KeysFirst(worst, rare=None if state == "impaired" else IMPAIRED, descending=turned), *numbers)


def ends(circuit_id: int) -> list[CircuitEnd]:
    """Return the A and Z end with converter and router fetched (1 query); the caller has seen the circuit."""
    return list(
        CircuitEnd.objects.filter(circuit=circuit_id).select_related("converter", "router", "circuit").order_by("side")
    )


def state_counts(actor: Actor, *, customer_id: int | None = None) -> dict[str, int]:
    """Count circuits in service by live state: {"up": 2980, "unprotected": …, "degraded": …, "down": …} (1 query)."""
    rows = filtered(actor, CircuitFilters(customer_id=customer_id)).order_by()
    whole = rows.annotate(of=Value(None, IntegerField())).values_list("of").annotate(n=Count("*"))
    impaired = rows.filter(IMPAIRED).values_list("live__state").annotate(n=Count("*"))
    counted = dict(impaired.union(whole, all=True))
    counted[LiveState.UP] = counted.pop(None, 0) - sum(counted.values())
    return {name: counted.get(state, 0) for name, state in NAMED.items()}


def impaired_by_grade(actor: Actor) -> dict[str, int]:
    """Count the impaired circuits in service by grade, as the list limited to `state="impaired"` shows (1 query)."""
    rows = filtered(actor, CircuitFilters(state="impaired")).order_by()
    return dict(rows.values_list("grade").annotate(n=Count("pk")))


def counts_by_customer(customer_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return (circuits in service, impaired ones) for each of these customers that has any (1 query)."""
    rows = (
        Circuit.objects.filter(customer__in=list(customer_ids), status=CircuitStatus.ACTIVE)
        .values_list("customer")
        .annotate(total=Count("pk"), impaired=Count("pk", filter=IMPAIRED))
        .order_by()
    )
    return {customer: (total, impaired) for customer, total, impaired in rows}


def by_ids(circuit_ids: Iterable[int]) -> dict[int, Circuit]:
    """Return circuits by id with customer and product fetched, for workers; no scope: never show it unfiltered."""
    rows = Circuit.objects.filter(pk__in=list(circuit_ids)).select_related("customer", "product", "live")
    return {row.pk: row for row in rows}


def _in_state(state: str) -> Q:
    if state == "impaired":
        return IMPAIRED
    if state == "up":
        return ~IMPAIRED
    return Q(live__state=NAMED[state]) if state in NAMED else Q()


def end_names(circuit_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return the sites' names of circuits already seen: {circuit id: {"A": …, "Z": …}} (1 query)."""
    found: dict[int, dict[str, str]] = {}
    rows = CircuitEnd.objects.filter(circuit__in=list(circuit_ids)).values_list("circuit_id", "side", "site_name")
    for circuit_id, side, name in rows:
        found.setdefault(circuit_id, {})[side] = name
    return found
