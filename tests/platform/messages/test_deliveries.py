"""A message goes to its addresses: at once, after the quiet hours, or not at all where there is no way out."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.customers.queries import addresses_of
from mainstay.domain.actor import Actor
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions import Address, NewMessage, send
from mainstay.platform.messages.addresses import check_address, check_addresses
from mainstay.platform.messages.choices import OUTSIDE
from mainstay.platform.messages.errors import BadAddress
from mainstay.platform.messages.models import Delivery, Message, QuietHours, Sender
from tests.cast import NOW, World

EMAIL = Address("email", "zhou.ying@example.com", "周颖")
SMS = Address("sms", "13800000001", "周颖")
NIGHT = datetime(2026, 9, 1, 16, 0, tzinfo=UTC)
"""Midnight in Shanghai."""
MORNING = datetime(2026, 9, 1, 23, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def senders(db: None) -> None:
    """Let every channel have a sender."""
    Sender.objects.bulk_create(Sender(channel=c.value, kind="trial", name=c.value) for c in OUTSIDE)
    QuietHours.objects.create(grade="A", from_minute=22 * 60, to_minute=7 * 60, channels=["sms", "wecom"])


def opening(key: str = "open", **more: Any) -> NewMessage:
    return news(key, "notice", **more)


def news(key: str, kind: str, contact_id: int = 7, **more: Any) -> NewMessage:
    given = {"object_kind": "ticket", "object_id": 3, "addresses": (EMAIL, SMS), "contact_id": contact_id, **more}
    return NewMessage(kind, "周颖", "电路中断", "正文", f"{key}:{contact_id}", **given)


def states(kind: str = "") -> dict[str, str]:
    rows = Delivery.objects.filter(message__kind=kind) if kind else Delivery.objects.all()
    return {row.channel: f"{row.state}{row.drop_reason and ' ' + row.drop_reason}" for row in rows.order_by("pk")}


def test_it_works() -> None:
    send([opening(addresses=(EMAIL, SMS, SMS, Address("portal", "4")))], at=NOW)
    assert states() == {"email": "waiting", "sms": "waiting"}
    message = Message.objects.get()
    assert [row.to for row in queries.deliveries_of([message.pk])[message.pk]] == [EMAIL.to, SMS.to]


def test_without_a_sender_it_is_written_as_dropped() -> None:
    Sender.objects.filter(channel="sms").update(active=False)
    send([opening()], at=NOW)
    assert states() == {"email": "waiting", "sms": "dropped no_sender"}


def test_the_same_news_leaves_once() -> None:
    assert [send([opening()], at=NOW) for _ in range(2)] == [1, 0]
    assert Delivery.objects.count() == 2


@pytest.mark.parametrize(("grade", "sms"), [("A", "held"), ("AAA", "waiting"), ("", "waiting"), ("II", "waiting")])
def test_quiet_hours_hold_what_waits_by_grade_and_channel(grade: str, sms: str) -> None:
    QuietHours.objects.create(grade="AAA", from_minute=0, to_minute=0, channels=["sms"])
    send([opening(grade=grade)], at=NIGHT)
    assert states() == {"email": "waiting", "sms": sms}
    assert Delivery.objects.get(channel="sms").due_at == (MORNING if sms == "held" else NIGHT)
    assert queries.held_until(grade, "sms", NIGHT) == (MORNING if sms == "held" else None)


def test_an_escalation_goes_to_the_channels_of_our_own_people_at_any_hour(world: World, officer: Actor) -> None:
    user = world.users["li.qiang"]
    user.phone, user.email = "13900000009", "li.qiang@example.com"
    user.save()
    letter = NewMessage("escalation", "李强", "超时", "", "k", user_id=user.pk, grade="A", object_kind="ticket")
    send([letter], at=NIGHT)
    assert states() == {"email": "waiting", "sms": "waiting"}


def test_the_all_clear_goes_exactly_where_the_opening_went() -> None:
    send([opening()], at=NOW)
    Delivery.objects.filter(channel="email").update(state="sent")
    Delivery.objects.filter(channel="sms").update(state="given_up")
    send([news("clear", "all_clear", addresses=(EMAIL, SMS, Address("webhook", "https://example.com")))], at=NOW)
    assert states("all_clear") == {
        "email": "waiting", "sms": "dropped never_told", "webhook": "dropped never_told",
    }  # fmt: skip


def test_a_held_opening_and_its_all_clear_are_both_dropped() -> None:
    send([opening(grade="A")], at=NIGHT)
    Delivery.objects.filter(channel="email").update(state="sending")
    send([news("clear", "all_clear", grade="A")], at=NIGHT)
    assert states("notice") == {"email": "sending", "sms": "dropped all_clear"}
    assert states("all_clear") == {"email": "waiting", "sms": "dropped never_told"}
    assert Message.objects.count() == 2


def test_what_may_have_arrived_gets_its_all_clear_and_is_not_tried_again() -> None:
    send([opening()], at=NOW)
    Delivery.objects.filter(channel="sms").update(state="failed", perhaps=True)
    send([news("clear", "all_clear")], at=NOW)
    assert states("notice")["sms"] == "dropped all_clear"
    assert states("all_clear")["sms"] == "waiting"


def test_after_an_all_clear_the_story_begins_anew() -> None:
    send([opening()], at=NOW)
    Delivery.objects.update(state="sent")
    send([news("clear", "all_clear")], at=NOW)
    send([opening("again")], at=NOW)
    send([news("clear again", "all_clear")], at=NOW)
    assert states("all_clear") == {"email": "dropped never_told", "sms": "dropped never_told"}


def test_another_contacts_opening_does_not_count() -> None:
    send([opening(contact_id=8)], at=NOW)
    Delivery.objects.update(state="sent")
    send([opening(contact_id=7), news("clear", "all_clear", contact_id=7)], at=NOW)
    assert {row.state for row in Delivery.objects.filter(message__kind="all_clear")} == {"waiting"}


def test_who_really_got_it() -> None:
    send([opening(user_id=None), opening(contact_id=8)], at=NOW)
    Delivery.objects.filter(message__contact_id=8, channel="sms").update(state="delivered")
    found = queries.reached(Message.objects.values_list("pk", flat=True))
    assert found == {queries.Reached(8, "sms", SMS.to)}


def test_customers_told_are_those_whom_something_reached(world: World) -> None:
    send([opening(customer_id=world.bank.pk), opening(contact_id=8, customer_id=world.logistics.pk)], at=NOW)
    assert queries.customers_told("notice") == 0
    Delivery.objects.filter(message__contact_id=8).update(state="sent")
    assert queries.customers_told("notice") == 1


def test_the_number_of_queries_does_not_depend_on_how_many() -> None:
    def cost(n: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            send([opening(f"o{n}", contact_id=n * 100 + i, object_id=i) for i in range(n)], at=NOW)
            send([news(f"c{n}", "all_clear", contact_id=n * 100 + i, object_id=i) for i in range(n)], at=NOW)
        return len([q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "INSERT"))])

    assert cost(2) == cost(20) <= 18


def test_a_contact_is_told_where_they_chose_or_wherever_they_can_be(world: World) -> None:
    contact = world.bank_contact
    assert [a.channel for a in addresses_of(contact)] == ["portal", "email", "sms"]
    contact.notify_by, contact.wecom = ["sms", "wecom", "dingtalk"], "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
    assert [a.channel for a in addresses_of(contact)] == ["sms", "wecom"]


@pytest.mark.parametrize("odd", ["http://[", "https://h:port/x", "http://[::1", "//", "http://"])
def test_an_address_that_is_no_url_is_refused_and_nothing_breaks(odd: str) -> None:
    for channel in ("webhook", "wecom", "dingtalk"):
        with pytest.raises(BadAddress):
            check_address(channel, odd)
    for field in ("webhook", "wecom", "dingtalk"):
        with pytest.raises(BadAddress):
            check_addresses("周颖", **{field: odd})
