"""Senders, quiet hours, deliveries and one's own channels in the console."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.actions import Address, NewMessage, send
from mainstay.platform.messages.actions.choosing import Quiet, Reaching, choose_channels, set_quiet_hours
from mainstay.platform.messages.actions.senders import SenderSettings, create_sender
from mainstay.platform.messages.errors import BadAddress, BadQuietHours, BadSender
from mainstay.platform.messages.models import Delivery, QuietHours, Sender, StaffChannels
from mainstay.platform.messages.queries import own_addresses
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn

PACE = {"per_minute": 0, "at_once": 4, "timeout_s": 10, "give_up_minutes": 240}
ROBOT = "693a91f6-7abc-4bc4-97a0-0ec2sifa5aaa"


def write(world: World, n: int) -> None:
    Sender.objects.get_or_create(channel="sms", kind="trial", name="试用")
    stamp: dict[str, Any] = {
        "region_code": "4201",
        "customer_id": world.bank.pk,
        "object_kind": "customer",
        "object_id": world.bank.pk,
    }
    send(
        [
            NewMessage(
                "notice", "周颖", "中断", "正文", f"w{i}", addresses=(Address("sms", f"1380000{i:04}"),), **stamp
            )
            for i in range(n)
        ],
        at=timezone.now(),
    )


def test_a_gateway_is_set_up_and_tried_out(signed_in: SignIn, world: World) -> None:
    client = signed_in("admin")
    form = {
        **PACE, "channel": "sms", "name": "网关", "address": "https://sms.example.com/send", "active": "on",
        "secret_name": "MAINSTAY_CHANNEL_SMS", "option-method": "POST", "option-content_type": "application/json",
        "option-headers": "X-Key: {secret}", "option-ok_path": "code",
    }  # fmt: skip
    assert client.post("/settings/channels/new?kind=http", form).status_code == 302
    sender = Sender.objects.get()
    assert sender.options["headers"] == {"X-Key": "{secret}"}
    shown = client.get(f"/settings/channels/{sender.pk}").content.decode()
    assert "X-Key: {secret}" in shown
    assert "MAINSTAY_CHANNEL_SMS" in shown
    assert client.post(f"/settings/channels/{sender.pk}/test", {"to": "13800000009"}).status_code == 302
    row = Delivery.objects.get()
    assert (row.pinned, row.sender, row.state) == (True, sender, "waiting")
    assert client.get("/settings/channels").status_code == 200


def test_secrets_pass_through_nowhere(signed_in: SignIn, world: World, settings: Any) -> None:
    settings.CHANNEL_SECRETS = {"MAINSTAY_CHANNEL_X": "s3cret-key"}
    client = signed_in("admin")
    form = {**PACE, "channel": "sms", "name": "网关", "secret_name": "MAINSTAY_CHANNEL_X", "option-text": "short"}
    assert client.post("/settings/channels/new?kind=apprise", form).status_code == 302
    shown = client.get(f"/settings/channels/{Sender.objects.get().pk}").content.decode()
    assert "s3cret-key" not in shown + str(list(Entry.objects.values())) + str(list(Sender.objects.values()))


@pytest.mark.parametrize(
    "wrong",
    [
        SenderSettings("sms", "smtp", "x", "smtp://h"),
        SenderSettings("email", "smtp", "x", "http://h", options={"from": "a@b.c"}),
        SenderSettings("email", "smtp", "x", "smtp://u:password@h", options={"from": "a@b.c"}),
        SenderSettings("email", "smtp", "x", "smtp://h"),
        SenderSettings("sms", "http", "x", "https://h", secret_name="MAINSTAY_SECRET_KEY"),
        SenderSettings("sms", "http", "x", "https://h", secret_name="HOME"),
        SenderSettings("sms", "http", "x", "https://[h"),
        SenderSettings("wecom", "wecom", "x", "https://h:port"),
        SenderSettings("sms", "http", "x", "https://h", options={"headers": {"Authorization": "Bearer abcdef"}}),
        SenderSettings("sms", "apprise", "x"),
        SenderSettings("sms", "trial", " "),
        SenderSettings("sms", "trial", "x", timeout_s=0),
    ],
)
def test_a_sender_that_cannot_work_is_refused(world: World, admin: Actor, wrong: SenderSettings) -> None:
    with pytest.raises(BadSender):
        create_sender(wrong, at=NOW, by=admin)


def test_quiet_hours_are_set_and_taken_back(signed_in: SignIn, world: World, admin: Actor) -> None:
    client = signed_in("admin")
    grades = ("AA", "A", "I", "II", "III", "gold", "silver", "bronze", "standard")
    form: dict[str, Any] = {
        f"{grade}-{end}": at for grade in grades for end, at in (("from", "22:30"), ("to", "06:00"))
    }
    assert client.post("/settings/quiet-hours", {**form, "A-channels": ["sms", "wecom"]}).status_code == 302
    row = QuietHours.objects.get()
    assert (row.grade, row.from_minute, row.to_minute, row.channels) == ("A", 1350, 360, ["sms", "wecom"])
    assert client.post("/settings/quiet-hours", form).status_code == 302
    assert not QuietHours.objects.exists()
    for wrong in (Quiet("AAA", 0, 9, ("sms",)), Quiet("A", 5, 5, ("sms",)), Quiet("A", 0, 9, ("portal",))):
        with pytest.raises(BadQuietHours):
            set_quiet_hours([wrong], at=NOW, by=admin)


def test_one_says_how_one_is_reached_and_the_trail_shows_no_robot(signed_in: SignIn, world: World) -> None:
    client, user = signed_in("li.qiang"), world.users["li.qiang"]
    form = {"phone": "13900000009", "email": "li.qiang@example.com", "notify_by": ["sms", "wecom"], "wecom": ROBOT}
    assert client.post("/my-channels", form).status_code == 302
    assert [a.channel for a in own_addresses(user.pk)] == ["sms", "wecom"]
    entry = Entry.objects.get(action="user.channels")
    assert entry.after["wecom"] == f"…{ROBOT[-4:]}"
    assert ROBOT in client.get("/my-channels").content.decode()


def test_nobody_chooses_for_another(world: World, officer: Actor, admin: Actor) -> None:
    other = world.users["chen.tao"]
    with pytest.raises(BadAddress):
        choose_channels(other.pk, Reaching(wecom="no robot!"), at=NOW, by=admin)
    choose_channels(other.pk, Reaching(email="chen.tao@example.com"), at=NOW, by=admin)
    assert StaffChannels.objects.get().user_id == other.pk


def test_what_was_given_up_waits_on_my_day_and_is_sent_again(signed_in: SignIn, world: World) -> None:
    write(world, 2)
    Delivery.objects.update(state="given_up", error="busy", tries=3)
    client = signed_in("li.qiang")
    assert "2 messages could not be delivered" in client.get("/").content.decode()
    shown = client.get("/settings/deliveries?state=given_up").content.decode()
    assert shown.count("busy") == 2
    pks = list(Delivery.objects.values_list("pk", flat=True))
    assert client.post("/settings/deliveries/retry", {"delivery": pks}).status_code == 302
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
    assert client.get(f"/settings/deliveries/{pks[0]}").status_code == 200


def test_the_list_takes_the_same_few_queries_for_two_rows_and_for_thirty(signed_in: SignIn, world: World) -> None:
    client = signed_in("li.qiang")

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/settings/deliveries").status_code == 200
        return len(asked)

    write(world, 2)
    few = cost()
    write(world, 30)
    assert cost() == few <= 8
