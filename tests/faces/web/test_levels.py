"""Service levels on pages: the way down, one circuit's month, the dispute of two people, closing."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mainstay.domain.actor import Actor
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.models import LedgerMonth, Proposal
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.service.service_levels.stage import OVER, SEPTEMBER, on, outage, promise, ticket


@pytest.fixture
def dispute(world: World, leader: Actor) -> Ticket:
    """September is closed: four hours felt, 2 h 40 min counted, the rest said to be the customer's own fault."""
    promise(world, "99.5")
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=on(1))
    outage(world.circuit, on(10, 9), on(10, 11, 40), ticket=ticket(world.circuit, on(10, 9), "operator"))
    theirs = ticket(world.circuit, on(10, 11, 40), "customer")
    outage(world.circuit, on(10, 11, 40), on(10, 13), ticket=theirs)
    actions.close_month(SEPTEMBER, OVER, world.actor("admin"))
    return theirs


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "湖北省"), ("?region=42", "武汉市"), ("?region=4201", "汉江银行股份有限公司"),
        ("?customer={bank}", "HT-2026-0001"), ("?contract={contract}", "WH-HS-E1-0001"), ("?list=1", "WH-HS-E1-0001"),
        ("?affected=1", "WH-HS-E1-0001"), ("?verdict=met", "WH-HS-E1-0001"), ("?verdict=missed", "No circuit matches"),
    ],
)  # fmt: skip
def test_every_level_leads_down_to_the_circuit(
    signed_in: SignIn, dispute: Ticket, world: World, query: str, shown: str
) -> None:
    asked = query.format(bank=world.bank.pk, contract=world.contract.pk)
    assert shown in signed_in("zhao.lei").get(f"/levels{asked}").content.decode()


def test_a_month_shows_both_views_and_why(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    page = signed_in("zhao.lei").get(f"/levels/2026-09/circuits/{world.circuit.pk}").content.decode()
    for shown in ("2 h 40 min", "4 h", "Responsible is: Customer. It does not count.", "day-2026-09-10", "99.628"):
        assert shown in page


def test_a_dispute_is_walked_by_two(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    form = f"/levels/2026-09/circuits/{world.circuit.pk}/propose?ticket={dispute.pk}"
    officer, leader = signed_in("li.qiang"), signed_in("zhao.lei")
    assert "Responsible is: Customer" in officer.get(form).content.decode()
    sent = officer.post(form, {"responsibility": "operator", "extent": "ticket", "why": "机房温度记录"})
    assert sent.status_code == 302
    proposal = Proposal.objects.get()
    assert "somebody else decides" in officer.get(f"/levels/proposals/{proposal.pk}").content.decode()
    assert officer.post(f"/levels/proposals/{proposal.pk}/approve").status_code == 403
    assert "1 to approve" in leader.get("/levels").content.decode()
    assert leader.post(f"/levels/proposals/{proposal.pk}/approve").status_code == 302
    now = leader.get(f"/levels/2026-09/circuits/{world.circuit.pk}").content.decode()
    assert "99.444" in now
    assert "+1 h 20 min" in now
    old = leader.get(f"/levels/2026-09/circuits/{world.circuit.pk}?version=1").content.decode()
    assert "99.628" in old
    assert "a later one stands" in old


def test_a_proposal_that_changes_nothing_says_so(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    form = f"/levels/2026-09/circuits/{world.circuit.pk}/propose?ticket={dispute.pk}"
    sent = signed_in("li.qiang").post(form, {"responsibility": "customer", "extent": "ticket", "why": "x"})
    assert "Nothing changes" in sent.content.decode()


def test_a_stretch_without_its_times_is_refused(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    form = f"/levels/2026-09/circuits/{world.circuit.pk}/propose?ticket={dispute.pk}"
    sent = signed_in("li.qiang").post(form, {"responsibility": "operator", "extent": "stretch", "why": "x"})
    assert "Give both times" in sent.content.decode()


def test_others_see_nothing_of_it(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    for username in ("huang.wei", "liu.fang"):
        assert signed_in(username).get(f"/levels/2026-09/circuits/{world.circuit.pk}").status_code == 404
        assert "HT-2026-0001" not in signed_in(username).get(f"/levels?customer={world.bank.pk}").content.decode()


def test_a_leader_closes_a_month_that_is_over(signed_in: SignIn, world: World, leader: Actor) -> None:
    actions.reckon_month(SEPTEMBER, at=timezone.now(), by=leader)
    page = signed_in("zhao.lei").get("/levels?month=2026-09").content.decode()
    assert ("Close the month" in page) == (timezone.now() > OVER)
    assert signed_in("li.qiang").post("/levels/2026-09/close").status_code == 403


def test_the_customer_sees_their_own_results_and_nobody_elses(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    own, other = signed_in("zhou.ying"), signed_in("wu.tong")
    assert "WH-HS-E1-0001" in own.get("/portal/levels").content.decode()
    page = own.get(f"/portal/levels/2026-09/circuits/{world.circuit.pk}").content.decode()
    assert "2 h 40 min" in page
    assert "Incident" not in page
    assert other.get(f"/portal/levels/2026-09/circuits/{world.circuit.pk}").status_code == 404
    assert "WH-HS-E1-0001" not in other.get("/portal/levels").content.decode()


def test_a_circuit_and_a_customer_lead_to_their_months(signed_in: SignIn, dispute: Ticket, world: World) -> None:
    assert (
        f"/levels/2026-09/circuits/{world.circuit.pk}"
        in signed_in("zhao.lei").get(f"/circuits/{world.circuit.pk}").content.decode()
    )
    actions.bring_up_to(timezone.now(), world.actor("admin"))
    assert "SLA this month" in signed_in("wang.min").get(f"/customers/{world.bank.pk}").content.decode()


def test_an_empty_house_says_what_will_appear(signed_in: SignIn) -> None:
    assert "No month is reckoned yet" in signed_in("zhao.lei").get("/levels").content.decode()


def test_lists_ask_no_more_for_more_rows(
    signed_in: SignIn, dispute: Ticket, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in("zhao.lei")
    for query in ("", "?region=42", "?region=4201", "?list=1"):
        with django_assert_max_num_queries(13):
            client.get(f"/levels{query}")
