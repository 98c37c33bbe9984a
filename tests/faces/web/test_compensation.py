"""The pages of compensation: the list and its sums, one with its reckoning, deciding, clauses, billing (H8)."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.domain.actor import Actor
from mainstay.service.compensation.actions import deciding, proposing
from mainstay.service.compensation.models import BillingRun, Claim, ClauseTerms
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.service.compensation.stage import clauses, close, faulty_september
from tests.service.service_levels.stage import OVER, SEPTEMBER


@pytest.fixture
def claim(world: World, leader: Actor) -> Claim:
    """Propose what September gives."""
    clauses(world)
    faulty_september(world)
    close()
    return Claim.objects.get()


def text_of(client: Client, path: str) -> str:
    answer: Any = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_it_works(claim: Claim, signed_in: SignIn) -> None:
    client = signed_in("zhao.lei")
    shown = text_of(client, "/compensation")
    assert "440.00" in shown
    assert "?status=proposed" in shown
    page = text_of(client, f"/compensation/{claim.pk}")
    assert "below 99.9" in page
    assert f"/levels/2026-09/circuits/{claim.circuit_id}?version=1" in page
    assert client.post(f"/compensation/{claim.pk}/approve", {"revision": claim.revision}).status_code == 302
    assert Claim.objects.get().status == "approved"


def test_a_list_of_many_asks_no_more_than_one_of_few(world: World, claim: Claim, signed_in: SignIn) -> None:
    client = signed_in("zhao.lei")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(client, "/compensation")
        return len(queries)

    asked()
    few = asked()
    new = proposing.NewClaim(world.bank.pk, SEPTEMBER, 100, "x", world.circuit.pk)
    for _ in range(20):
        proposing.propose_by_hand(new, at=OVER, by=world.actor("wang.min"))
    assert asked() <= few


def test_ones_own_proposal_offers_no_approval(world: World, signed_in: SignIn) -> None:
    new = proposing.NewClaim(world.bank.pk, SEPTEMBER, 100, "x")
    mine = proposing.propose_by_hand(new, at=OVER, by=world.actor("zhao.lei"))
    assert "/approve" not in text_of(signed_in("zhao.lei"), f"/compensation/{mine.pk}")
    assert "/approve" in text_of(signed_in("admin"), f"/compensation/{mine.pk}")


def test_managers_enter_one_from_the_customers_page(world: World, signed_in: SignIn) -> None:
    client = signed_in("wang.min")
    assert f"/customers/{world.bank.pk}/compensation/new" in text_of(
        client, f"/customers/{world.bank.pk}?tab=contracts"
    )
    sent = {"circuit": "WH-HS-E1-0001", "month": "2026-09", "amount": "123.45", "why": "协商"}
    assert client.post(f"/customers/{world.bank.pk}/compensation/new", sent).status_code == 302
    assert Claim.objects.get().amount_fen == 12_345
    assert "123.45" in text_of(client, f"/contracts/{world.contract.pk}")


def test_clauses_are_written_in_a_form_and_tried_out(claim: Claim, world: World, signed_in: SignIn) -> None:
    client = signed_in("admin")
    terms = ClauseTerms.objects.get()
    sent = {
        "name": "新条款", "valid_from": "2026-09-02", "combining": "add", "rounding": "down", "cap_month": "8.5",
        "cap_month_unit": "percent", "clause0-kind": "availability", "clause0-name": "阶梯", "clause0-unit": "percent",
        "clause0-steps": "99.9 5\n99.7% 12.5", "clause1-kind": "event", "clause1-name": "每次",
        "clause1-amount": "12.5",
        "clause1-unit": "fen",
    }  # fmt: skip
    assert client.post(f"/settings/clauses/{terms.pk}/revise", sent).status_code == 302
    made = ClauseTerms.objects.get(version=2)
    assert made.terms["clauses"][1]["amount"] == {"value": "1250", "unit": "fen"}
    page = text_of(client, f"/settings/clauses/{made.pk}?circuit=WH-HS-E1-0001&month=2026-09")
    assert "748.00" in page  # capped at 8.5 % of 8,800
    assert "below 99.7" in page


@pytest.mark.parametrize(
    "wrong", [{"clause0-steps": "many"}, {"clause0-steps": "99.9 5\n99.5 3"}, {"clause0-steps": ""}]
)
def test_wrong_clauses_come_back_with_what_is_wrong(claim: Claim, signed_in: SignIn, wrong: dict[str, str]) -> None:
    sent = {"name": "x", "valid_from": "2026-09-02", "combining": "add", "rounding": "down",
            "clause0-kind": "availability", "clause0-unit": "percent"}  # fmt: skip
    answer = signed_in("admin").post(f"/settings/clauses/{ClauseTerms.objects.get().pk}/revise", sent | wrong)
    assert answer.status_code == 200
    assert ClauseTerms.objects.count() == 1


def test_the_file_for_billing_is_fetched_from_the_run(claim: Claim, leader: Actor, signed_in: SignIn) -> None:
    deciding.approve(claim.pk, at=OVER, by=leader)
    client = signed_in("zhao.lei")
    assert client.post("/compensation/billing/new").status_code == 302
    run = BillingRun.objects.get()
    answer: Any = client.get(f"/compensation/billing/{run.pk}/file")
    assert answer.content == run.content.encode()
    assert run.digest in text_of(client, f"/compensation/billing/{run.pk}")


def test_the_customer_reads_what_was_granted_in_the_portal(
    world: World, claim: Claim, leader: Actor, signed_in: SignIn
) -> None:
    client = signed_in("zhou.ying")
    assert client.get(f"/portal/compensation/{claim.pk}").status_code == 404
    deciding.approve(claim.pk, at=OVER, by=leader)
    assert claim.number in text_of(client, "/portal/compensation")
    assert "below 99.9" in text_of(client, f"/portal/compensation/{claim.pk}")
    assert signed_in("wu.tong").get(f"/portal/compensation/{claim.pk}").status_code == 404


def test_days_are_read_from_the_address(claim: Claim, signed_in: SignIn) -> None:
    assert claim.month == date(2026, 9, 1)
    client = signed_in("zhao.lei")
    assert claim.number in text_of(client, "/compensation?month=2026-09")
    assert claim.number not in text_of(client, "/compensation?month=2026-08")
    assert text_of(client, "/compensation?month=nonsense")
