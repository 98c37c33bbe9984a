"""How circuits do: filters, sorts, pages and counts say what a plain reading of all rows says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.network.inventory.models import Circuit, LiveCircuit
from mainstay.network.inventory.queries import circuits, customers, overview
from mainstay.network.inventory.queries.circuits import CircuitFilters
from mainstay.platform.bulk import paging
from tests.cast import NOW, World

SIZE = 7
STATES = ("up", "unprotected", "degraded", "down")


@dataclass(frozen=True)
class Told:
    """A circuit as the test laid it."""

    number: str
    customer: int
    state: int
    planned: bool
    since: datetime | None


@pytest.fixture
def told(world: World) -> list[Told]:
    """Lay circuits of four customers: many up, some impaired, half of them never were anything but up."""
    dice = Random(4)
    named: dict[str, Any] = {"region_id": "4201", "created_at": NOW, "changed_at": NOW}
    four = Customer.objects.bulk_create(Customer(code=f"L{n}", name=f"客户 {n}", **named) for n in range(4))
    dice.shuffle(numbers := [f"L-{n:03d}" for n in range(60)])
    made = Circuit.objects.bulk_create(
        Circuit(
            number=number, customer=four[place % 4], product=world.product, grade="A", technology="mstp",
            reach="local", bandwidth_kbps=2048, region_code="4201",
        )
        for place, number in enumerate(numbers)
    )  # fmt: skip
    changed = dice.sample(made, 30)
    LiveCircuit.objects.bulk_create(
        LiveCircuit(
            circuit=circuit, state=dice.choice((0, 0, 0, 1, 2, 3)) if circuit.customer != four[0] else 0,
            planned=dice.random() < 0.3, since=NOW - timedelta(minutes=dice.randrange(9)),
        )
        for circuit in changed
    )  # fmt: skip
    return read()


def read() -> list[Told]:
    """Read what the fixture laid, by number."""
    rows = Circuit.objects.filter(number__startswith="L-").select_related("live").order_by("number")
    return [Told(c.number, c.customer_id, c.live_state, c.live_planned, c.live_since) for c in rows]


def in_order(told: list[Told], sort: str) -> list[str]:
    """Sort by hand: worst first and by number, or its very turn; what never changed comes last in an order by age."""
    rows = sorted(told, key=lambda row: row.number)
    if sort in ("state", "-state"):
        rows.sort(key=lambda row: -row.state)
        return [row.number for row in (rows if sort == "-state" else reversed(rows))]
    if sort in ("number", "-number"):
        return [row.number for row in (rows if sort == "number" else reversed(rows))]
    since = sorted(
        (row for row in rows if row.since is not None), key=lambda row: row.since or NOW, reverse=sort[0] == "-"
    )
    return [row.number for row in [*since, *(row for row in rows if row.since is None)]]


def paged(actor: Actor, filters: CircuitFilters, sort: str) -> Iterator[str]:
    """Read page after page."""
    first = circuits.circuit_list(actor, filters, sort=sort, size=SIZE)
    for number in first.paginator.page_range:
        page = circuits.circuit_list(actor, filters, sort=sort, page=number, size=SIZE)
        yield from (circuit.number for circuit in page.object_list)


@pytest.mark.parametrize("few", [0, 5_000])
@pytest.mark.parametrize("sort", ["-state", "state", "since", "-since", "number", "-number"])
@pytest.mark.parametrize("state", ["", "impaired", *STATES, "nonsense"])
def test_pages_in_a_row_are_the_list_sorted_by_hand(
    monkeypatch: pytest.MonkeyPatch, told: list[Told], officer: Actor, few: int, sort: str, state: str
) -> None:
    monkeypatch.setattr(paging, "FEW", few)  # so that few rows are paged as many are, too
    wanted = {"impaired": {1, 2, 3}, **{name: {n} for n, name in enumerate(STATES)}}.get(state, {0, 1, 2, 3})
    ours = {row.number for row in told}
    shown = [number for number in paged(officer, CircuitFilters(state=state), sort) if number in ours]
    assert shown == in_order([row for row in told if row.state in wanted], sort)


@pytest.mark.parametrize("sort", ["-state", "state"])
def test_pages_end_where_counting_ends(
    monkeypatch: pytest.MonkeyPatch, told: list[Told], officer: Actor, sort: str
) -> None:
    monkeypatch.setattr(paging, "FEW", 0)
    monkeypatch.setattr(paging, "MOST", 12)
    own = CircuitFilters(text="L-0")
    page = circuits.circuit_list(officer, own, sort=sort, page=2, size=SIZE)
    assert isinstance(page.paginator, paging.LongPaginator)
    assert (page.paginator.count, page.paginator.more) == (12, True)
    assert list(paged(officer, own, sort)) == in_order(told, sort)[:12]


@pytest.mark.parametrize("page", [1, 2, 5])
def test_a_page_takes_two_queries_wherever_the_impaired_end(
    monkeypatch: pytest.MonkeyPatch, told: list[Told], officer: Actor, page: int, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr(paging, "FEW", 0)
    with django_assert_num_queries(2):
        shown = circuits.circuit_list(officer, page=page, size=SIZE)
        assert [circuit.live_since for circuit in shown.object_list]


def test_counts_are_those_of_the_rows(told: list[Told], world: World, officer: Actor) -> None:
    others = 3  # of the cast
    counted = [sum(row.state == n for row in told) for n in range(4)]
    assert circuits.state_counts(officer) == dict(zip(STATES, [counted[0] + others, *counted[1:]], strict=True))
    planned = [sum(row.state == n and row.planned for row in told) if n else 0 for n in range(4)]
    assert overview.planned_counts(officer) == dict(zip(STATES, planned, strict=True))
    assert circuits.impaired_by_grade(officer) == {"A": sum(counted[1:])}
    for customer in {row.customer for row in told}:
        own = [row.state for row in told if row.customer == customer]
        assert list(circuits.state_counts(officer, customer_id=customer).values()) == [own.count(n) for n in range(4)]
        assert circuits.counts_by_customer([customer]) == {customer: (len(own), len(own) - own.count(0))}


@pytest.mark.parametrize("impaired", [True, False])
@pytest.mark.parametrize("sort", ["impaired", "-impaired"])
def test_customers_are_sorted_by_their_impaired_circuits(
    told: list[Told], officer: Actor, sort: str, impaired: bool
) -> None:
    rows = list(customers.customer_list(officer, impaired=impaired, sort=sort).object_list)
    number = {row.customer: 0 for row in told}
    for row in told:
        number[row.customer] += row.state > 0
    assert {row.customer.pk: row.impaired for row in rows if row.impaired} == {k: n for k, n in number.items() if n}
    assert [row.impaired for row in rows] == sorted((row.impaired for row in rows), reverse=sort[0] == "-")
    assert all(row.impaired for row in rows) == impaired
    assert customers.count_impaired(officer) == sum(n > 0 for n in number.values())


def test_a_drawing_shows_the_worst_first(told: list[Told], officer: Actor) -> None:
    customer = next(row.customer for row in told if row.state == 3)
    spans = overview.spans_of_customer(officer, customer, limit=5)
    own = [row for row in told if row.customer == customer]
    assert [span.circuit.number for span in spans.shown] == in_order(own, "-state")[:5]
    assert spans.left_out == len(own) - 5


@pytest.mark.django_db(transaction=True)
def test_states_move_with_the_migration_and_back(told: list[Told]) -> None:
    try:
        MigrationExecutor(connection).migrate([("inventory", "0009_former_standing")])
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, live_state, live_planned FROM inventory_circuit ORDER BY number")
            before = {number: (state, bool(planned)) for number, state, planned in cursor.fetchall()}
        assert {row.number: before[row.number] for row in told} == {r.number: (r.state, r.planned) for r in told}
    finally:
        ahead = MigrationExecutor(connection)
        ahead.migrate(ahead.loader.graph.leaf_nodes())
    assert LiveCircuit.objects.count() == 30
    assert read() == told
