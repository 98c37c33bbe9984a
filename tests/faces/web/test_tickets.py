"""Tickets: the list and its export, the page as a story with its clocks, every verb, the report by phone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.network.inventory.models import Circuit
from mainstay.service.tickets.models import Pause, Ticket, TicketEvent
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import clear, crowd, cut

MOST_QUERIES = 8


@pytest.fixture
def ticket(world: World) -> Ticket:
    """Cut the link BC twenty minutes ago: the logistics company has a ticket, its clock runs."""
    cut(world, "BC")
    return Ticket.objects.get(customer=world.logistics)


def do(client: Client, ticket: Ticket, verb: str, /, **given: object) -> str:
    """Do a verb as the page would, and give the page that follows."""
    return client.post(f"/tickets/{ticket.pk}/{verb}", given, follow=True).content.decode()


def local(minutes: int) -> str:
    """Return an instant from now as the browser's picker sends it."""
    return (timezone.localtime() + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")


def test_it_works(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    assert ticket.number in desk.get("/tickets").content.decode()
    shown = desk.get(f"/tickets/{ticket.pk}").content.decode()
    assert "Circuit down · HS-WH-E1-0003" in shown
    assert "data-clock" in shown
    assert "How this was computed" in shown
    assert "It starts when the circuit went down." in shown
    assert "Customer told · opening message · 吴桐 (Portal)" in shown


def test_tabs_keep_apart_what_is_mine_and_what_nobody_has(signed_in: SignIn, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    assert ticket.number in desk.get("/tickets?tab=unclaimed").content.decode()
    assert ticket.number not in desk.get("/tickets?tab=mine").content.decode()
    do(desk, ticket, "claim")
    assert ticket.number in desk.get("/tickets?tab=mine").content.decode()
    assert ticket.number not in desk.get("/tickets?tab=unclaimed").content.decode()


def test_the_export_holds_what_one_may_see(signed_in: SignIn, ticket: Ticket) -> None:
    def export(username: str) -> str:
        answer = signed_in(username).get("/tickets?tab=all&export=csv")
        return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]

    assert ticket.number in export("li.qiang")
    assert "楚天物流" in export("liu.fang")
    assert "楚天物流" not in export("wang.min")


def test_claiming_from_the_wall_answers_without_a_page(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    htmx = {"HX-Request": "true"}
    assert desk.post(f"/tickets/{ticket.pk}/claim", headers=htmx).status_code == 204
    ticket.refresh_from_db()
    assert ticket.assigned_to == world.users["li.qiang"]
    again = desk.post(f"/tickets/{ticket.pk}/claim", headers=htmx)
    assert again.status_code == 422
    assert "toast" in again["HX-Trigger"]


def test_notes_calls_and_notices_become_lines_of_the_story(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    do(desk, ticket, "note", text="光缆被挖断", for_customer="on")
    do(desk, ticket, "call", text="客户催修", inbound="1", contact_id=world.logistics_contact.pk)
    do(desk, ticket, "tell_customer", text="抢修人员已到现场", next_update_at=local(30))
    shown = desk.get(f"/tickets/{ticket.pk}").content.decode()
    for line in ("光缆被挖断", "to the customer too", "They called us 吴桐", "抢修人员已到现场"):
        assert line in shown
    ticket.refresh_from_db()
    assert ticket.next_update_at is not None


def test_many_circuits_that_fail_at_once_are_one_line_of_the_story(signed_in: SignIn, world: World) -> None:
    for circuit in crowd(world, 3):
        Circuit.objects.filter(pk=circuit.pk).update(customer=world.logistics)
    cut(world, "BC")
    shown = signed_in("li.qiang").get(f"/tickets/{Ticket.objects.get(customer=world.logistics).pk}").content.decode()
    assert "Circuit down · 4 circuits" in shown
    assert "WH-HS-E1-9000" in shown


def test_an_update_is_promised_for_an_instant_to_come(signed_in: SignIn, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    refused = desk.post(f"/tickets/{ticket.pk}/promise_update", {"next_update_at": local(-10), "text": "进展"})
    assert refused.status_code == 422
    assert "not in the future" in refused.content.decode()
    assert ">\n进展</textarea>" in refused.content.decode()
    assert 'data-open-dialog="promise_update"' in refused.content.decode()
    assert "Promised" in do(desk, ticket, "promise_update", next_update_at=local(40))


def test_a_pause_shows_its_rules_and_waits_for_a_second_person(signed_in: SignIn, ticket: Ticket) -> None:
    desk, leader = signed_in("li.qiang"), signed_in("zhao.lei")
    shown = desk.get(f"/tickets/{ticket.pk}?do=pause").content.decode()
    assert "at most 1 d, a second person approves" in shown
    assert 'data-open-dialog="pause"' in shown
    shown = do(desk, ticket, "pause", reason="customer_fault", evidence="客户侧掉电")
    assert "李强 asks to pause the clock" in shown
    assert "It waits for a second person" in shown
    pause = Pause.objects.get()
    assert "the clock is paused" in do(leader, ticket, "approve_pause", pause=pause.pk)
    ticket.refresh_from_db()
    assert ticket.status == "paused"
    assert "The clock goes on." in do(desk, ticket, "resume")


def test_a_refused_pause_says_why(signed_in: SignIn, ticket: Ticket) -> None:
    do(signed_in("li.qiang"), ticket, "pause", reason="customer_fault", evidence="客户侧掉电")
    shown = do(signed_in("zhao.lei"), ticket, "refuse_pause", pause=Pause.objects.get().pk, why="证据不足")
    assert "证据不足" in shown


def test_a_pause_beyond_its_limit_is_refused_with_what_was_typed(signed_in: SignIn, ticket: Ticket) -> None:
    given = {"reason": "access_denied", "evidence": "物业不让进", "limit_minutes": 100000}
    answer = signed_in("li.qiang").post(f"/tickets/{ticket.pk}/pause", given)
    assert answer.status_code == 422
    assert "may last 1 to 480 minutes" in answer.content.decode()
    assert "物业不让进" in answer.content.decode()


def test_from_clearing_to_closing_and_back(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    do(desk, ticket, "claim")
    clear(world, "BC")
    ticket.refresh_from_db()
    if ticket.status != "resolved":
        do(desk, ticket, "resolve", cause_code="cable_cut", responsibility="operator", text="熔接完成")
    do(desk, ticket, "confirm", text="吴桐电话确认")
    do(desk, ticket, "decide_responsibility", responsibility="other_operator", cause_code="cable_cut", why="第三方施工")
    do(desk, ticket, "close")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.responsibility) == ("closed", "other_operator")
    assert "Reopened" in do(desk, ticket, "reopen", why="又断了")
    ticket.refresh_from_db()
    assert ticket.status != "closed"


def test_the_revision_on_the_page_must_still_hold(signed_in: SignIn, ticket: Ticket) -> None:
    desk, stale = signed_in("li.qiang"), ticket.revision
    do(desk, ticket, "claim", revision=stale)
    answer = desk.post(f"/tickets/{ticket.pk}/tell_customer", {"text": "进展", "revision": stale})
    assert answer.status_code == 422
    ticket.refresh_from_db()
    assert f'name="revision" value="{ticket.revision}"' in answer.content.decode()
    assert not TicketEvent.objects.filter(ticket=ticket, text="进展").exists()


def test_tickets_are_linked_by_their_numbers(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    crowd(world, 1)
    cut(world, "CD", minutes=9)
    other, desk = Ticket.objects.exclude(pk=ticket.pk)[0], signed_in("li.qiang")
    missing = desk.post(f"/tickets/{ticket.pk}/link", {"ticket": "T-999999"})
    assert missing.status_code == 422
    assert "There is no such ticket among those you may see" in missing.content.decode()
    assert other.number in do(desk, ticket, "link", ticket=other.number)
    ticket.refresh_from_db()
    assert ticket.parent == other


def test_a_ticket_is_handed_to_who_may_work_on_it(signed_in: SignIn, world: World, ticket: Ticket) -> None:
    desk = signed_in("li.qiang")
    assert "陈涛" in do(desk, ticket, "assign", user_id=world.users["chen.tao"].pk)
    assert desk.post(f"/tickets/{ticket.pk}/assign", {"user_id": world.users["huang.wei"].pk}).status_code == 422


@pytest.mark.parametrize("username", ["wang.min", "huang.wei"])
def test_who_may_not_see_it_finds_nothing(signed_in: SignIn, ticket: Ticket, username: str) -> None:
    client = signed_in(username)
    assert client.get(f"/tickets/{ticket.pk}").status_code == 404
    assert client.post(f"/tickets/{ticket.pk}/note", {"text": "x"}).status_code == 404
    assert ticket.number not in client.get("/tickets?tab=all").content.decode()


def test_its_manager_reads_it_without_the_incident(signed_in: SignIn, ticket: Ticket) -> None:
    shown = signed_in("liu.fang").get(f"/tickets/{ticket.pk}").content.decode()
    assert ticket.number in shown
    assert "/incidents/" not in shown


def test_an_unknown_verb_is_no_page(signed_in: SignIn, ticket: Ticket) -> None:
    assert signed_in("li.qiang").post(f"/tickets/{ticket.pk}/burn").status_code == 404
    assert signed_in("li.qiang").get(f"/tickets/{ticket.pk}/claim").status_code == 405


def test_a_caller_hears_what_is_known_before_anything_is_opened(
    signed_in: SignIn, world: World, ticket: Ticket
) -> None:
    desk, address = signed_in("li.qiang"), f"/tickets/report?circuit={world.logistics_circuit.pk}"
    shown = desk.get(address).content.decode()
    assert "Already known" in shown
    assert ticket.number in shown
    given = {"circuit_id": world.logistics_circuit.pk, "text": "专线不通", "origin": "phone", "kind": "fault"}
    answer = desk.post(address, given, follow=True).content.decode()
    assert "Already known since" in answer
    assert Ticket.objects.filter(customer=world.logistics).count() == 1


def test_a_new_report_opens_a_ticket(signed_in: SignIn, world: World) -> None:
    desk, address = signed_in("li.qiang"), f"/tickets/report?customer={world.bank.pk}"
    assert "Nothing is known about this customer" in desk.get(address).content.decode()
    empty = desk.post(address, {"origin": "phone", "kind": "fault"})
    assert empty.status_code == 422
    given = {"circuit_id": world.circuit.pk, "text": "网速很慢", "origin": "phone", "kind": "fault"}
    given["contact_id"] = world.bank_contact.pk
    assert desk.post(address, given).status_code == 302
    made = Ticket.objects.get()
    assert (made.customer, made.origin, made.contact) == (world.bank, "phone", world.bank_contact)


def test_the_contact_one_came_from_is_chosen_as_the_caller(signed_in: SignIn, world: World) -> None:
    address = f"/tickets/report?customer={world.bank.pk}&contact={world.bank_contact.pk}"
    assert f'<option value="{world.bank_contact.pk}" selected>' in signed_in("li.qiang").get(address).content.decode()


def test_a_report_for_a_customer_out_of_sight_finds_nothing(signed_in: SignIn, world: World) -> None:
    assert signed_in("wang.min").get(f"/tickets/report?customer={world.logistics.pk}").status_code == 404
    assert signed_in("wang.min").get(f"/tickets/report?circuit={world.logistics_circuit.pk}").status_code == 404


def queries(client: Client, address: str) -> int:
    """Count the queries of a page."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("tab", ["live", "unclaimed", "all"])
def test_the_list_costs_the_same_for_two_rows_and_twenty(signed_in: SignIn, world: World, tab: str) -> None:
    client, address = signed_in("li.qiang"), f"/tickets?tab={tab}"
    crowd(world, 1)
    cut(world, "BC")
    few = queries(client, address)
    crowd(world, 20, link="CD", first=50)
    cut(world, "CD", minutes=9)
    assert queries(client, address) == few
    assert few <= MOST_QUERIES


def test_a_page_costs_the_same_for_a_long_story(signed_in: SignIn, ticket: Ticket) -> None:
    client = signed_in("li.qiang")
    short = queries(client, f"/tickets/{ticket.pk}")
    for n in range(15):
        do(client, ticket, "note", text=f"进展 {n}")
    assert queries(client, f"/tickets/{ticket.pk}") == short
