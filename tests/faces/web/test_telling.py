"""The page that tells an incident's customers, and the settings of its texts (K8)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.accounts.customers.models import Contact
from mainstay.network.alarms.models import Incident
from mainstay.platform.duty.models import Desk
from mainstay.platform.messages.models import Message, Sender
from mainstay.service.tickets.models import OutageText, TellingRules, Ticket, TicketEvent
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import clear, crowd, cut


@pytest.fixture
def incident(world: World) -> Incident:
    """Cut the cable of four customers; three of them are reached by SMS only."""
    Sender.objects.create(channel="sms", kind="trial", name="试发")
    crowd(world, 3)
    cut(world, "BC")
    return Incident.objects.get()


def soon(minutes: int = 30) -> str:
    """Return an instant as the browser's picker sends it."""
    return f"{timezone.localtime() + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"


def test_it_works(signed_in: SignIn, incident: Incident) -> None:
    desk, path = signed_in("li.qiang"), f"/incidents/{incident.pk}/tell"
    shown = desk.get(path).content.decode()
    assert "Send to 4 people, 4 customers" in shown
    assert "Internal bulletin" in shown
    given = {"doing": "光缆抢修中", "next_update_at": soon(), "once": "a"}
    answer = desk.post(path, given, follow=True).content.decode()
    assert "Told 4 people at 4 customers" in answer
    told = Message.objects.filter(body__contains="光缆抢修中").values_list("customer_id", flat=True)
    assert set(told) == set(Ticket.objects.values_list("customer_id", flat=True))
    assert len(told) == 4
    assert "This was sent already" in desk.post(path, given, follow=True).content.decode()
    assert len(told.all()) == 4


def test_a_look_shows_how_it_reads_and_sends_nothing(signed_in: SignIn, incident: Incident) -> None:
    sent = Message.objects.count()
    given = {"doing": "正在熔接", "next_update_at": soon(), "once": "a", "look": "1"}
    given["update-zh-hans-long"] = "{name}，{doing}！"
    shown = signed_in("li.qiang").post(f"/incidents/{incident.pk}/tell", given).content.decode()
    assert "正在熔接！" in shown
    assert Message.objects.count() == sent


def test_what_is_wrong_is_said_and_what_was_typed_stays(signed_in: SignIn, incident: Incident) -> None:
    given = {"doing": "正在熔接", "next_update_at": "2020-01-01T08:00", "once": "a"}
    answer = signed_in("li.qiang").post(f"/incidents/{incident.pk}/tell", given)
    assert answer.status_code == 422
    assert "has already passed" in answer.content.decode()
    assert "正在熔接" in answer.content.decode()
    given = {"next_update_at": soon(), "once": "a"}
    assert signed_in("li.qiang").post(f"/incidents/{incident.pk}/tell", given).status_code == 422
    assert not Message.objects.filter(kind="information").exists()


def test_whom_nobody_can_tell_is_named_with_the_way_to_mend_it(
    signed_in: SignIn, world: World, incident: Incident
) -> None:
    Contact.objects.update(notify=False)
    TicketEvent.objects.filter(kind="customer_told").delete()
    shown = signed_in("li.qiang").get(f"/incidents/{incident.pk}/tell").content.decode()
    assert "nobody to tell: no contact wants notices" in shown
    mends = f"/customers/{world.logistics.pk}/contacts/new"
    assert mends not in shown
    assert mends in signed_in("admin").get(f"/incidents/{incident.pk}/tell").content.decode()


def test_a_leader_reads_and_forwards_but_does_not_send(signed_in: SignIn, incident: Incident) -> None:
    leader = signed_in("zhao.lei")
    shown = leader.get(f"/incidents/{incident.pk}/tell").content.decode()
    assert "The duty desk sends this" in shown
    given = {"doing": "x", "next_update_at": soon(), "once": "a"}
    assert leader.post(f"/incidents/{incident.pk}/tell", given).status_code == 403
    assert not Message.objects.filter(kind="information").exists()


def test_the_page_takes_as_many_queries_for_many_customers_as_for_few(signed_in: SignIn, world: World) -> None:
    Sender.objects.create(channel="sms", kind="trial", name="试发")
    taken, desk = [], signed_in("li.qiang")
    for first, count, minutes in ((0, 1, 40), (1, 12, 10)):
        crowd(world, count, first=first)
        cut(world, "BC", minutes=minutes)
        path = f"/incidents/{Incident.objects.latest('pk').pk}/tell"
        desk.get(path)
        with CaptureQueriesContext(connection) as seen:
            shown = desk.get(path).content.decode()
        assert f"{first + count + 1} customers" in shown
        with CaptureQueriesContext(connection) as sent:
            desk.post(path, {"doing": "抢修中", "next_update_at": soon(), "once": path})
        taken.append((len(seen), len(sent)))
        clear(world, "BC", minutes=minutes - 5)
    assert taken[0] == taken[1], taken


def test_a_text_is_worded_tried_and_put_back(signed_in: SignIn, incident: Incident) -> None:
    admin, path = signed_in("admin"), "/settings/texts/update/zh-hans/long"
    assert "as shipped" in admin.get("/settings/texts").content.decode()
    refused = admin.post(path, {"subject": "进展", "body": "{nmae}，{doing}"})
    assert "which nothing fills in" in refused.content.decode()
    looked = admin.post(path, {"subject": "进展", "body": "{name}：{doing}", "look": "1"}).content.decode()
    assert "张伟：抢修人员已到现场，正在熔接" in looked
    assert not OutageText.objects.exists()
    assert admin.post(path, {"subject": "进展", "body": "{name}：{doing}"}).status_code == 302
    assert "系统管理员" in admin.get("/settings/texts").content.decode()
    assert admin.post(f"{path}/reset").status_code == 302
    assert not OutageText.objects.exists()
    assert admin.get("/settings/texts/update/klingon/long").status_code == 404


@pytest.mark.parametrize("kind", ["opening", "update", "holding", "all_clear", "bulletin"])
def test_every_text_can_be_tried(signed_in: SignIn, incident: Incident, kind: str) -> None:
    shown = signed_in("admin").get(f"/settings/texts/{kind}/en/long").content.decode()
    assert "Tried with" in shown


def test_the_holding_message_and_the_phones_are_settings(signed_in: SignIn, world: World) -> None:
    admin = signed_in("admin")
    admin.post("/settings/texts/rules", {})
    assert TellingRules.objects.get().holding is False
    admin.post(f"/settings/texts/desks/{world.desk.pk}", {"phone": "027-8555 0110"})
    assert Desk.objects.get(pk=world.desk.pk).phone == "027-8555 0110"
