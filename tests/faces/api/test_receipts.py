"""A gateway reports what arrived: with its sender's token only, in the shape it has."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.platform.messages.actions import Address, NewMessage, send
from mainstay.platform.messages.actions.senders import issue_receipt_token
from mainstay.platform.messages.models import Delivery, Sender
from tests.cast import World


@pytest.fixture
def token(world: World, admin: Actor) -> str:
    """Give a gateway with its token, and a message it took."""
    options = {
        "receipt_list": "reports",
        "receipt_reference": "sid",
        "receipt_status": "state",
        "receipt_ok": "DELIVRD",
    }
    sender = Sender.objects.create(channel="sms", kind="http", name="网关", options=options)
    message = NewMessage("notice", "周颖", "中断", "", "k", addresses=(Address("sms", "13800000001"),))
    send([message], at=timezone.now())
    Delivery.objects.update(state="sent", sender=sender, reference="4711")
    return issue_receipt_token(sender.pk, at=timezone.now(), by=admin)


def report(token: str, body: Any, *, pk: int | None = None, **headers: str) -> Any:
    url = f"/api/v1/receipts/{pk or Sender.objects.get().pk}"
    said = body if isinstance(body, str) else json.dumps(body)
    headers = {"Authorization": f"Bearer {token}"} if token else headers
    return Client(enforce_csrf_checks=True).post(url, said, content_type="application/json", headers=headers)


def test_it_works(token: str) -> None:
    answer = report(token, {"reports": [{"sid": 4711, "state": "DELIVRD"}]})
    assert (answer.status_code, answer.json()) == (200, {"known": 1})
    assert Delivery.objects.get().state == "delivered"


def test_what_did_not_arrive_is_given_up(token: str) -> None:
    assert report(token, {"reports": {"sid": "4711", "state": "UNDELIV"}}).status_code == 200
    assert (Delivery.objects.get().state, Delivery.objects.get().error) == ("given_up", "UNDELIV")


@pytest.mark.parametrize("given", ["", "rcpt_wrong"])
def test_without_the_senders_own_token_nothing_changes(token: str, given: str) -> None:
    for pk in (None, 999_999):
        assert report(given, {"reports": [{"sid": 4711, "state": "DELIVRD"}]}, pk=pk).status_code == 401
    assert Delivery.objects.get().state == "sent"


@pytest.mark.parametrize("body", ["", "nonsense", "[]", {"reports": []}, {"reports": ["x"]}, {"other": 1}])
def test_what_is_no_receipt_is_refused(token: str, body: Any) -> None:
    assert report(token, body).status_code == 400


def test_one_that_nobody_knows_is_not_found_so_that_it_comes_again(token: str) -> None:
    assert report(token, {"reports": [{"sid": "9", "state": "DELIVRD"}]}).status_code == 404


def test_a_form_and_a_token_in_the_address_will_do(token: str) -> None:
    Sender.objects.update(options={"receipt_reference": "id"})
    url = f"/api/v1/receipts/{Sender.objects.get().pk}?token={token}"
    assert Client().post(url, {"id": "4711", "status": "0"}).status_code == 200
    assert Delivery.objects.get().state == "delivered"
