"""Lists live in the URL, stay within scope, and cost the same for 2 rows and 20."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.network.inventory.models import Circuit, LiveCircuit
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.duty.models import HandoverNote
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn

MOST_QUERIES = 8


def more_customers(world: World, n: int) -> None:
    manager = world.users["wang.min"]
    named: dict[str, Any] = {"region_id": "4201", "created_at": NOW, "changed_at": NOW, "account_manager": manager}
    made = Customer.objects.bulk_create(Customer(code=f"N{i}", name=f"新客户 {i}", **named) for i in range(n))
    index_customers(made)
    Contact.objects.bulk_create(Contact(customer=each, name="王工", role="technical") for each in made)


def more_circuits(world: World, n: int) -> None:
    more_customers(world, n)
    made = Circuit.objects.bulk_create(
        Circuit(
            number=f"WH-{customer.code}", customer=customer, product=world.product, grade="A", technology="mstp",
            reach="local", bandwidth_kbps=2048, region_code="4201",
        )
        for customer in Customer.objects.filter(code__startswith="N")
    )  # fmt: skip
    changed = ((i, circuit) for i, circuit in enumerate(made) if i % 5)  # the others never were anything but up
    LiveCircuit.objects.bulk_create(LiveCircuit(circuit=circuit, state=i % 4, since=NOW) for i, circuit in changed)


def more_contracts(world: World, n: int) -> None:
    more_customers(world, n)
    made = Contract.objects.bulk_create(
        Contract(number=each.code, customer=each, name="协议", signed_on=NOW.date(), starts_on=NOW.date())
        for each in Customer.objects.filter(code__startswith="N")
    )
    ContractLine.objects.bulk_create(
        ContractLine(contract=each, position=1, product=world.product, grade="A") for each in made
    )


def more_users(world: World, n: int) -> None:
    made = User.objects.bulk_create(User(username=f"u{i}", display_name=f"新人 {i}", date_joined=NOW) for i in range(n))
    DutyAssignment.objects.bulk_create(DutyAssignment(user=user, duty="technician", region_code="42") for user in made)


def more_messages(world: World, n: int) -> None:
    to = world.users["admin"]
    Message.objects.bulk_create(
        Message(
            kind="notice", user=to, to_name="x", subject=f"通知 {i}", body="…", created_at=NOW, dedupe_key=f"m{i}",
            object_kind="customer", object_id=str(world.bank.pk),
        )
        for i in range(n)
    )  # fmt: skip


def more_entries(world: World, n: int) -> None:
    Entry.objects.bulk_create(
        Entry(
            at=NOW, actor_name="王敏", actor_kind="staff", action="customer.update", object_kind="customer",
            object_id=str(world.bank.pk), object_label="汉江银行", before={"phone": "1"}, after={"phone": str(i)},
        )
        for i in range(n)
    )  # fmt: skip


def more_work(world: World, n: int) -> None:
    for i in range(n):
        work = PlannedWork.objects.create(
            number=f"GJ-{i}", title="割接", from_at=NOW, to_at=NOW.replace(hour=4), region_code="4201"
        )
        work.resources.set([world.link("BC")])


def more_notes(world: World, n: int) -> None:
    HandoverNote.objects.bulk_create(
        HandoverNote(desk=world.desk, at=NOW, by_name="李强", text=str(i)) for i in range(n)
    )


LISTS: dict[str, Callable[[World, int], None]] = {
    "/customers": more_customers,
    "/customers?sort=-impaired&impaired=1": more_circuits,
    "/contracts": more_contracts,
    "/circuits": more_circuits,
    "/circuits?sort=customer&state=impaired": more_circuits,
    "/settings/users": more_users,
    "/messages": more_messages,
    "/audit": more_entries,
    "/works": more_work,
    "/shift-log": more_notes,
}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_for_two_rows_and_twenty(signed_in: SignIn, world: World, address: str) -> None:
    client = signed_in("admin")
    LISTS[address](world, 2)
    few = queries_of(client, address)
    _strike(world)
    LISTS[address](world, 20)
    many = queries_of(client, address)
    assert few == many <= MOST_QUERIES + ("sort=-impaired" in address)  # keys first, then one page's rows


def _strike(world: World) -> None:
    """Take the rows of the first round off the stage."""
    Message.objects.all().delete()
    PlannedWork.objects.all().delete()
    Circuit.objects.filter(number__startswith="WH-N").delete()
    ContractLine.objects.filter(contract__number__startswith="N").delete()
    Contract.objects.filter(number__startswith="N").delete()
    Contact.objects.filter(customer__code__startswith="N").update(left_on=NOW.date(), user=None)
    gone = {"archive": "retained", "code": Concat(Value("gone-"), "code"), "account_manager": None}
    Customer.objects.filter(code__startswith="N").update(**gone)  # nobody deletes customers
    DutyAssignment.objects.filter(user__username__startswith="u").delete()
    User.objects.filter(username__regex=r"^u\d").delete()


def test_an_account_manager_sees_the_portfolio_only_also_as_a_file(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    for address, own, foreign in (
        ("/customers", world.bank.name, world.logistics.name),
        ("/circuits", world.circuit.number, world.logistics_circuit.number),
    ):
        shown = client.get(address).content.decode()
        assert own in shown
        assert foreign not in shown
        file = b"".join(client.get(f"{address}?export=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert own in file
        assert foreign not in file


def test_a_file_disarms_formulas(signed_in: SignIn, world: World) -> None:
    Customer.objects.filter(pk=world.bank.pk).update(name="=HYPERLINK(1)")
    file = b"".join(signed_in("wang.min").get("/customers?export=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "'=HYPERLINK(1)" in file


@pytest.mark.parametrize("query", ["page=nonsense", "page=99999", "sort=nonsense", "state=nonsense", "page=²"])
def test_nonsense_in_the_address_shows_the_list(signed_in: SignIn, query: str) -> None:
    for address in ("/circuits", "/customers", "/works", "/audit"):
        assert signed_in("admin").get(f"{address}?{query}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/customers?manager=99999999999999999999999",
        "/audit?from=9999-12-31&to=9999-12-31",
        "/audit?from=0001-01-01",
        "/settings/roster?from=9999-12-31",
        "/settings/roster?from=2026-02-31",
    ],
)
def test_numbers_and_days_out_of_reach_are_as_good_as_none(signed_in: SignIn, address: str) -> None:
    assert signed_in("admin").get(address).status_code == 200


def test_ids_out_of_reach_are_not_found(signed_in: SignIn) -> None:
    for kind in ("customers", "circuits", "works", "resources", "contacts", "settings/users", "settings/terms"):
        assert signed_in("admin").get(f"/{kind}/{10**25}").status_code == 404


def test_a_nul_in_the_address_is_refused(signed_in: SignIn) -> None:
    assert signed_in("admin").get("/customers?q=%00").status_code == 400


def test_filters_narrow_the_list(signed_in: SignIn, world: World) -> None:
    more_circuits(world, 8)
    shown = signed_in("admin").get("/circuits?state=down&q=WH-N").content.decode()
    assert "WH-N3" in shown
    assert "WH-N1" not in shown


@pytest.mark.parametrize(
    ("address", "part"),
    [
        ("/", "day"),
        ("/customers", "rows"),
        ("/circuits", "rows"),
        ("/works", "rows"),
        ("/customers/{bank}", "health"),
        ("/circuits/{circuit}", "live"),
    ],
)
def test_a_live_part_is_answered_alone(signed_in: SignIn, world: World, address: str, part: str) -> None:
    where = address.format(bank=world.bank.pk, circuit=world.circuit.pk)
    shown = signed_in("admin").get(where, headers={"HX-Request": "true"}).content.decode()
    assert f'id="{part}"' in shown
    assert "data-live=" in shown
    assert "<html" not in shown
