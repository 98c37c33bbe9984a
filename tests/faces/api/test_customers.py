"""Customers by TMF629 and TMF632: read masked, updated by sources that may, with what became of each field (A4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.accounts.customers.actions.delivering import SourceSettings, save_source
from mainstay.accounts.customers.models import Customer
from mainstay.platform.identity.actions import issue_token
from mainstay.platform.identity.models import DutyAssignment, User
from tests.cast import NOW, World

CUSTOMER, PARTY = "/tmf-api/customerManagement/v4/customer", "/tmf-api/party/v4/organization"
Ask = Callable[..., Any]


@pytest.fixture
def ask(world: World) -> Ask:
    """Call as billing, a source of the bank's province."""
    user = User.objects.create(username="billing", display_name="计费", date_joined=NOW)
    DutyAssignment.objects.create(user=user, duty="system_client", region_code="42")
    admin = world.actor("admin")
    save_source("billing", SourceSettings("计费", "overwrite", {}, user_id=user.pk), at=NOW, by=admin)
    headers = {"Authorization": f"Bearer {issue_token(user, 'billing', at=NOW, by=admin)}"}
    client = Client()

    def asked(path: str, body: Any = None) -> Any:
        if body is None:
            return client.get(path, headers=headers)
        return client.patch(path, body, content_type="application/json", headers=headers)

    return asked


def test_it_works(ask: Ask, world: World) -> None:
    Customer.objects.filter(pk=world.bank.pk).update(bank_account="6222020200099887766")
    listed = ask(f"{CUSTOMER}?code=C0001")
    assert (listed["X-Total-Count"], listed.json()[0]["name"]) == ("1", world.bank.name)
    party = ask(f"{PARTY}/{world.bank.pk}").json()
    assert {"name": "bank_account", "value": "****7766"} in party["partyCharacteristic"]
    assert ask(f"/tmf-api/party/v4/individual/{world.bank.pk}").status_code == 404


def test_a_source_updates_with_its_own_time(ask: Ask, world: World) -> None:
    body = {
        "tradingName": "汉银", "asOf": "2026-09-01T08:00:00+08:00", "reference": "B-1",
        "contactMedium": [{"mediumType": "postalAddress", "characteristic": {"street1": "新址 1 号"}}],
        "organizationIdentification": [{"identificationType": "taxNumber", "identificationId": "9142X"}],
        "partyCharacteristic": [{"name": "since_on", "value": "2020-05-01"}],
    }  # fmt: skip
    answer = ask(f"{PARTY}/{world.bank.pk}", body)
    assert answer.status_code == 200, answer.content
    assert set(answer.json()["became"].values()) == {"taken"}
    bank = Customer.objects.get(pk=world.bank.pk)
    assert (bank.short_name, bank.address, bank.tax_number) == ("汉银", "新址 1 号", "9142X")
    assert str(bank.since_on) == "2020-05-01"


@pytest.mark.parametrize(
    "body",
    [{}, {"asOf": "yesterday", "name": "x"}, {"asOf": "2026-09-01T08:00:00", "name": "x"}, {"contactMedium": "x"},
     {"partyCharacteristic": [{"name": "service_grade", "value": "gold"}]}, {"name": 7}, {"name": "a\0b"},
     {"partyCharacteristic": [{"name": "since_on", "value": "soon"}]}],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words(ask: Ask, world: World, body: dict[str, Any]) -> None:
    answer = ask(f"{PARTY}/{world.bank.pk}", body)
    assert answer.status_code == 400
    assert answer.json()["reason"]


def test_another_provinces_customers_are_not_there(ask: Ask, world: World) -> None:
    assert ask(f"{CUSTOMER}/{world.trade.pk}").status_code == 404
    assert ask(f"{PARTY}/{world.trade.pk}", {"name": "x"}).status_code == 404
    assert world.trade.name not in ask(CUSTOMER).content.decode()


def test_a_customers_contact_reads_nothing(world: World) -> None:
    token = issue_token(world.users["zhou.ying"], "own", at=NOW, by=world.actor("admin"))
    assert Client().get(CUSTOMER, headers={"Authorization": f"Bearer {token}"}).status_code == 403
