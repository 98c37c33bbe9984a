"""The portal: a customer's people see theirs, live, and act on it (L1, L2)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.network.inventory.models import Circuit, CircuitEnd, LiveCircuit
from mainstay.network.planned_work import actions as works
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.actions import settling, working
from mainstay.service.tickets.actions.opening import Report, report_fault
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.faces.portal.conftest import fail, signed_in

PAGES = (
    "/portal/",
    "/portal/circuits",
    "/portal/tickets",
    "/portal/tickets?show=closed",
    "/portal/report",
    "/portal/notices",
)


def shown(client: Client, path: str) -> str:
    """Return the text of a page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def restore(world: World) -> None:
    """Let the ring come back."""
    fail(world, "cable-CD", "cable-BC", minutes_ago=5, severity="cleared")


def test_it_works(world: World, bank: Client, bank_ticket: Ticket) -> None:
    page = shown(bank, "/portal/")
    assert world.circuit.number in page
    assert bank_ticket.number in page
    assert "中断" in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_on_a_quiet_day_too(world: World, bank: Client, path: str) -> None:
    assert "<h1>" in shown(bank, path)


def test_a_quiet_day_says_so(world: World, bank: Client) -> None:
    assert "您的全部电路运行正常" in shown(bank, "/portal/")


def test_english_is_complete_where_chinese_is(world: World, bank: Client, bank_ticket: Ticket) -> None:
    type(world.users["zhou.ying"]).objects.filter(username="zhou.ying").update(language="en")
    page = shown(bank, "/portal/")
    assert "Not in order" in page
    assert "Open tickets" in page


def test_a_group_sees_its_branches_and_a_branch_not_its_group(world: World, bank: Client, bank_ticket: Ticket) -> None:
    assert world.branch_circuit.number in shown(bank, "/portal/circuits")
    type(world.users["zhou.ying"]).objects.filter(username="zhou.ying").update(customer_id=world.branch.pk)
    page = shown(bank, "/portal/circuits")
    assert world.branch_circuit.number in page
    assert world.circuit.number not in page
    assert bank.get(f"/portal/circuits/{world.circuit.pk}").status_code == 404
    assert bank.get(f"/portal/tickets/{bank_ticket.pk}").status_code == 404


def test_the_route_names_cities_and_never_our_network(world: World, bank: Client, bank_ticket: Ticket) -> None:
    page = shown(bank, f"/portal/circuits/{world.circuit.pk}")
    assert "武汉市" in page
    assert "黄石市" in page
    for word in ("MSTP", "光缆", "管道", "机房", "I-0000", "LOS"):
        assert word not in page


def test_one_cut_is_unprotected_and_opens_no_ticket_two_are_down(world: World, bank: Client) -> None:
    path = f"/portal/circuits/{world.circuit.pk}"
    fail(world, "cable-AB", minutes_ago=20)
    page = shown(bank, path)
    assert "失去保护" in page
    assert not Ticket.objects.filter(customer=world.bank).exists()
    fail(world, "cable-DA", minutes_ago=10)
    page = shown(bank, path)
    assert "中断" in page
    assert Ticket.objects.get(customer=world.bank).number in page


def test_planned_work_is_shown_as_planned(world: World, bank: Client) -> None:
    begin = timezone.now() - timedelta(hours=1)
    planner, leader = world.actor("li.qiang"), world.actor("zhao.lei")
    plan = works.NewWork(
        number="GJ-1", title="割接", from_at=begin, to_at=begin + timedelta(hours=4), resources=("cable-CD",)
    )
    earlier = begin - timedelta(days=2)
    work = works.plan_work(plan, at=earlier, by=planner)
    works.approve_work(work.pk, at=earlier, by=leader)
    works.announce_work(work.pk, at=earlier, by=planner)
    fail(world, "cable-CD", minutes_ago=20)
    page = shown(bank, f"/portal/circuits/{world.branch_circuit.pk}")
    assert "割接" in page
    overview = shown(bank, "/portal/")
    assert "ms-stat-planned" in overview
    assert "ms-stat-down" not in overview
    assert not Ticket.objects.filter(customer=world.branch).exists()
    report = shown(bank, f"/portal/report?circuit={world.branch_circuit.pk}")
    assert "割接正在影响这条电路" in report


def test_the_story_is_only_what_is_meant_for_the_customer(world: World, bank: Client, bank_ticket: Ticket) -> None:
    officer, at = world.actor("li.qiang"), timezone.now()
    working.note(bank_ticket.pk, "内部：I-000002 光缆", at=at, by=officer)
    working.note(bank_ticket.pk, "抢修队已到现场", for_customer=True, at=at, by=officer)
    page = shown(bank, f"/portal/tickets/{bank_ticket.pk}")
    assert "抢修队已到现场" in page
    assert "内部" not in page
    assert "impact worker" not in page


def test_a_report_of_what_is_known_says_since_when(world: World, bank: Client, bank_ticket: Ticket) -> None:
    asked = shown(bank, f"/portal/report?subject={world.circuit.pk}")
    assert "我们已知悉" in asked
    answer = bank.post("/portal/report", {"subject": world.circuit.pk, "text": "全断了"}, follow=True)
    page = answer.content.decode()
    assert re.search(rf"已在处理.*{bank_ticket.number}", page)
    assert "全断了" in page
    assert Ticket.objects.filter(customer=world.bank).count() == 1


def test_a_report_of_what_is_not_known_opens_a_ticket_with_a_clock(world: World, bank: Client) -> None:
    bank.post("/portal/report", {"subject": world.circuit.pk, "text": "时断时续"})
    ticket = Ticket.objects.get(customer=world.bank)
    assert (ticket.origin, ticket.contact) == ("portal", world.bank_contact)
    assert "data-clock" in shown(bank, f"/portal/tickets/{ticket.pk}")


def test_another_matter_is_reported_for_a_branch(world: World, bank: Client) -> None:
    bank.post("/portal/report", {"subject": f"customer:{world.branch.pk}", "text": "电话打不通"})
    assert Ticket.objects.get().customer == world.branch


def test_a_circuit_of_another_customer_cannot_be_reported(world: World, bank: Client) -> None:
    for subject in (world.logistics_circuit.pk, f"customer:{world.logistics.pk}", "customer:x", "", "x"):
        answer = bank.post("/portal/report", {"subject": subject, "text": "全断了"})
        assert answer.status_code == 422
        assert world.logistics_circuit.number not in answer.content.decode()
    assert not Ticket.objects.exists()
    assert world.logistics_circuit.number not in shown(bank, f"/portal/report?subject={world.logistics_circuit.pk}")


def test_an_empty_report_keeps_the_form(world: World, bank: Client) -> None:
    answer = bank.post("/portal/report", {"subject": world.circuit.pk, "text": "  "})
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


def test_the_customer_confirms_once(world: World, bank: Client, bank_ticket: Ticket) -> None:
    restore(world)
    path = f"/portal/tickets/{bank_ticket.pk}"
    assert "确认已恢复" in shown(bank, path)
    bank.post(f"{path}/confirm")
    assert "确认已恢复" not in shown(bank, path)
    again = bank.post(f"{path}/confirm", headers={"Referer": f"http://testserver{path}"}, follow=True)
    assert "确认" in again.content.decode()
    assert bank_ticket.events.filter(kind="confirmed").count() == 1


def test_the_customer_says_that_it_is_still_not_well(world: World, bank: Client, bank_ticket: Ticket) -> None:
    restore(world)
    path = f"/portal/tickets/{bank_ticket.pk}"
    assert bank.post(f"{path}/reopen", {"why": ""}).status_code == 422
    bank.post(f"{path}/reopen", {"why": "仍有丢包"})
    bank_ticket.refresh_from_db()
    assert bank_ticket.status in ("open", "assigned")
    assert "仍有丢包" in shown(bank, path)


def test_what_cannot_be_confirmed_is_said_where_it_was_tried(world: World, bank: Client, bank_ticket: Ticket) -> None:
    path = f"/portal/tickets/{bank_ticket.pk}"
    answer = bank.post(f"{path}/confirm", headers={"Referer": f"http://testserver{path}"}, follow=True)
    assert answer.redirect_chain == [(f"http://testserver{path}", 302)]
    assert bank_ticket.number in answer.content.decode()
    assert not bank_ticket.events.filter(kind="confirmed").exists()


def test_closed_tickets_are_kept(world: World, bank: Client, bank_ticket: Ticket) -> None:
    restore(world)
    settling.close(bank_ticket.pk, at=timezone.now(), by=world.actor("li.qiang"))
    assert bank_ticket.number not in shown(bank, "/portal/tickets")
    assert bank_ticket.number in shown(bank, "/portal/tickets?show=closed")


def test_notices_are_one_s_own_and_can_be_read(world: World, bank: Client, bank_ticket: Ticket) -> None:
    others = Message.objects.filter(user=world.users["wu.tong"])
    assert others.exists()
    page = shown(bank, "/portal/notices")
    assert bank_ticket.number in page
    bank.post("/portal/notices/read")
    assert not Message.objects.filter(user=world.users["zhou.ying"], read_at__isnull=True).exists()
    assert not others.filter(read_at__isnull=False).exists()


def test_staff_have_no_portal_and_customers_no_console(world: World, bank: Client) -> None:
    assert signed_in(world, "li.qiang").get("/portal/").status_code == 403
    assert bank.get("/customers").status_code == 403
    assert bank.get("/")["Location"] == "/portal/"
    assert Client().get("/portal/")["Location"] == "/sign-in?next=/portal/"


def test_signing_in_leads_a_customer_to_the_portal(world: World) -> None:
    from tests.cast import PASSWORD

    answer = Client().post("/sign-in", {"username": "zhou.ying", "password": PASSWORD})
    assert answer["Location"] == "/portal/"


@pytest.mark.parametrize("path", [*PAGES, "/portal/circuits?state=impaired"])
def test_lists_ask_as_many_queries_for_many_rows_as_for_few(world: World, bank: Client, path: str) -> None:
    fail(world, "cable-CD", minutes_ago=30)
    _grow(world, range(2))
    few = _queries(bank, path)
    _grow(world, range(2, 22))
    assert _queries(bank, path) == few
    assert few <= (8 if path != "/portal/" else 16)


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        shown(client, path)
    return len(queries)


def _grow(world: World, numbers: range) -> None:
    """Give the bank more circuits, each with a ticket, every other closed."""
    officer, at = world.actor("li.qiang"), timezone.now() - timedelta(minutes=5)
    for n in numbers:
        circuit = Circuit.objects.create(
            number=f"WH-X-{n}", customer=world.bank, product=world.product, grade="A", technology="mstp",
            reach="local", bandwidth_kbps=2048, region_code="4201",
        )  # fmt: skip
        LiveCircuit.objects.create(circuit=circuit, state=n % 4, since=at)
        CircuitEnd.objects.create(circuit=circuit, side="A", site_name=f"网点 {n}")
        made = report_fault(Report("断", "phone", circuit_id=circuit.pk), at=at, by=officer).ticket
        if n % 2:
            settling.resolve(made.pk, settling.Resolution("unknown", ""), at=at, by=officer)
            settling.close(made.pk, at=at, by=officer)
