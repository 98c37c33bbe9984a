"""Contracts are listed, shown whole, registered line by line, given special terms, and ended."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.accounts.customers.models import Customer
from mainstay.network.inventory.models import Circuit
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.faces.web.conftest import SignIn

NEW = {
    "customer": "C0001", "number": "HT-2027-0001", "name": "组网协议", "signed_on": "2026-12-01",
    "starts_on": "2027-01-01", "line_count": "3", "line0-product": "leased-line", "line0-grade": "AAA",
    "line0-price": "8800.5", "line1-product": "", "line1-grade": "AAA", "line1-price": "",
    "line2-product": "leased-line", "line2-grade": "A", "line2-price": "",
}  # fmt: skip
TERM = {"metric": "restoration", "amount": "30", "unit": "natural_minutes", "calendar": "24x7",
        "valid_from": "2026-12-01"}  # fmt: skip


def body(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_it_works(signed_in: SignIn, world: World) -> None:
    client = signed_in("wang.min")
    assert client.post("/contracts/new", NEW).status_code == 302
    made = Contract.objects.get(number="HT-2027-0001")
    lines = made.lines.values_list("position", "grade", "monthly_price_fen")
    assert list(lines) == [(1, "AAA", 880_050), (2, "A", 0)]
    shown = body(client, f"/contracts/{made.pk}")
    assert "8,800.50" in shown
    assert "open-ended" in shown
    assert "HT-2027-0001" in body(client, "/contracts")


def test_a_further_line_keeps_what_was_typed(signed_in: SignIn, world: World) -> None:
    shown = signed_in("wang.min").post("/contracts/new", {**NEW, "number": "", "more": "1"}).content.decode()
    assert 'name="line3-product"' in shown
    assert 'value="8800.5"' in shown
    assert "组网协议" in shown
    assert "This field is required" not in shown
    assert not Contract.objects.filter(name="组网协议").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": "HT-2026-0001"}, "is registered already"),
        ({"customer": "楚天物流有限公司"}, "No customer that you may see"),
        ({"ends_on": "2026-12-31"}, "correct the dates"),
        ({"line1-price": "5"}, "which product this price is for"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    signed_in: SignIn, world: World, wrong: dict[str, str], said: str
) -> None:
    shown = signed_in("wang.min").post("/contracts/new", NEW | wrong).content.decode()
    assert said in shown
    assert 'value="8800.5"' in shown
    assert not Contract.objects.filter(name="组网协议").exists()


def test_a_contract_shows_the_circuits_under_its_lines(signed_in: SignIn, world: World) -> None:
    Circuit.objects.filter(pk=world.circuit.pk).update(contract_line=world.line)
    assert world.circuit.number in body(signed_in("wang.min"), f"/contracts/{world.contract.pk}")


def test_a_contract_costs_the_same_for_two_lines_and_twenty(signed_in: SignIn, world: World) -> None:
    client, address = signed_in("wang.min"), f"/contracts/{world.contract.pk}"

    def grow(first: int, last: int) -> int:
        made = ContractLine.objects.bulk_create(
            ContractLine(contract=world.contract, position=n, product=world.product, grade="A")
            for n in range(first, last)
        )
        Circuit.objects.bulk_create(
            Circuit(
                number=f"N{line.position}", customer=world.bank, product=world.product, grade="A", technology="mstp",
                reach="local", bandwidth_kbps=2048, region_code="4201", contract_line=line,
            )
            for line in made
        )  # fmt: skip
        SpecialTerm.objects.bulk_create(
            SpecialTerm(
                line=line, metric="restoration", amount=30, unit="natural_minutes", calendar=world.calendar_always,
                valid_from=date(2026, 1, 1),
            )
            for line in made
        )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    assert grow(2, 4) == grow(4, 24)


@pytest.mark.parametrize("place", ["contract", "line1", "customer"])
def test_a_special_term_is_agreed_and_ended(signed_in: SignIn, world: World, place: str) -> None:
    client, page = signed_in("wang.min"), f"/contracts/{world.contract.pk}"
    assert client.post(f"{page}/terms/new", {**TERM, "place": place}).status_code == 302
    term = SpecialTerm.objects.get()
    owners = {"contract": term.contract, "line1": term.line, "customer": term.customer}
    assert [name for name, owner in owners.items() if owner is not None] == [place]
    assert f"/special-terms/{term.pk}/end" in body(client, page)
    refused = client.post(f"/special-terms/{term.pk}/end", {"on": "2026-11-01"}).content.decode()
    assert "choose a day after its begin" in refused
    assert client.post(f"/special-terms/{term.pk}/end", {"on": "2027-01-01"}).status_code == 302
    term.refresh_from_db()
    assert term.valid_to == date(2027, 1, 1)


def test_nobody_ends_a_term_of_anothers_customer(signed_in: SignIn, world: World) -> None:
    signed_in("wang.min").post(f"/contracts/{world.contract.pk}/terms/new", {**TERM, "place": "line1"})
    term = SpecialTerm.objects.get()
    assert signed_in("liu.fang").post(f"/special-terms/{term.pk}/end", {"on": "2027-01-01"}).status_code == 404
    assert signed_in("li.qiang").post(f"/special-terms/{term.pk}/end", {"on": "2027-01-01"}).status_code == 403


def test_a_contract_ends_with_a_reason(signed_in: SignIn, world: World) -> None:
    client, page = signed_in("wang.min"), f"/contracts/{world.contract.pk}"
    given = {"on": "2026-12-31", "why": "客户撤点"}
    assert client.post(f"{page}/end", given).status_code == 302
    assert Entry.objects.get(action="contract.end").why == "客户撤点"
    assert "ended" in client.post(f"{page}/end", given).content.decode()


def test_those_that_end_soon_are_found(signed_in: SignIn, world: World) -> None:
    today = timezone.localdate()
    Contract.objects.filter(pk=world.contract.pk).update(ends_on=today + timedelta(days=60))
    Contract.objects.filter(pk=world.logistics_contract.pk).update(ends_on=today + timedelta(days=120))
    shown = body(signed_in("admin"), "/contracts?soon=1")
    assert "HT-2026-0001" in shown
    assert "60 days left" in shown
    assert "HT-2026-0002" not in shown


def test_the_list_as_a_file_holds_the_portfolio_only(signed_in: SignIn, world: World) -> None:
    answer = signed_in("wang.min").get("/contracts?export=csv")
    file = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "HT-2026-0001" in file
    assert "8800.0" in file
    assert "HT-2026-0002" not in file


def test_a_customer_is_taken_on_by_its_manager(signed_in: SignIn, world: World) -> None:
    given = {
        "code": "C0100",
        "name": "江城银行武昌支行",
        "region_id": "4201",
        "service_grade": "gold",
        "parent": "C0001",
    }
    client = signed_in("wang.min")
    assert client.post("/customers/new?as=member", given).status_code == 302
    made = Customer.objects.get(code="C0100")
    assert (made.parent, made.account_manager) == (world.bank, world.users["wang.min"])
    assert "exists already" in client.post("/customers/new", given).content.decode()
    hidden = client.post("/customers/new?as=member", {**given, "code": "C0101", "parent": "C0003"}).content.decode()
    assert "No customer that you may see" in hidden
    assert 'value="江城银行武昌支行"' in hidden


@pytest.mark.parametrize(("shape", "kind"), [("group", "group"), ("individual", "individual"), ("", "organisation")])
def test_every_shape_of_customer_is_taken_on(signed_in: SignIn, world: World, shape: str, kind: str) -> None:
    given = {"code": "C0200", "name": "陈静", "region_id": "4201", "service_grade": "standard",
             "account_manager": "liu.fang"}  # fmt: skip
    assert signed_in("admin").post(f"/customers/new?as={shape}", given).status_code == 302
    made = Customer.objects.get(code="C0200")
    assert (made.kind, made.account_manager) == (kind, world.users["liu.fang"])


def test_circuits_are_put_under_a_line_and_get_what_it_promises(signed_in: SignIn, world: World) -> None:
    client, page = signed_in("wang.min"), f"/contracts/{world.contract.pk}"
    Circuit.objects.update(contract_line=None)
    client.post(f"{page}/terms/new", {**TERM, "place": "line1"})
    given = {"line": "1", "circuits": f"{world.circuit.number}\n{world.branch_circuit.number}"}
    assert client.post(f"{page}/circuits", given).status_code == 302
    assert world.branch_circuit.number in body(client, page)
    assert "30\u2009minutes" in body(client, f"/circuits/{world.circuit.pk}?on=2026-12-01")


def test_anothers_circuit_is_not_put_under_a_line(signed_in: SignIn, world: World) -> None:
    number, page = world.logistics_circuit.number, f"/contracts/{world.contract.pk}/circuits"
    hidden = signed_in("wang.min").post(page, {"line": "1", "circuits": number}).content.decode()
    assert "no circuit HS-WH-E1-0003 that you may see" in hidden
    foreign = signed_in("admin").post(page, {"line": "1", "circuits": number}).content.decode()
    assert "is not one of customer C0003" in foreign
    assert Circuit.objects.get(number=number).contract_line != world.line
