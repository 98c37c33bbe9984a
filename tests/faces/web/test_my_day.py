"""My day: one list of what waits, with reasons; nothing of other people's customers."""

from datetime import timedelta

from django.utils import timezone

from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.customers.actions import contacts
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.duty.models import HandoverNote
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.actions.opening import Report, report_fault
from mainstay.service.tickets.choices import Origin
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn


def test_it_works_for_every_duty(signed_in: SignIn) -> None:
    for username in ("wang.min", "li.qiang", "zhao.lei", "chen.tao", "admin"):
        assert signed_in(username).get("/").status_code == 200


def test_a_manager_is_reminded_of_own_renewals_only(signed_in: SignIn, world: World) -> None:
    Contract.objects.update(ends_on=timezone.localdate() + timedelta(days=20))
    shown = signed_in("wang.min").get("/").content.decode()
    assert world.contract.number in shown
    assert world.logistics_contract.number not in shown
    assert "in 20 days" in shown


def test_a_leader_approves_work_from_the_row(signed_in: SignIn, world: World) -> None:
    work = PlannedWork.objects.create(
        number="GJ-9", title="割接", from_at=NOW, to_at=NOW + timedelta(hours=1), region_code="4201", planned_by="李强"
    )
    assert f"/works/{work.pk}/approve" in signed_in("zhao.lei").get("/").content.decode()
    assert "GJ-9" not in signed_in("wang.min").get("/").content.decode()


def test_an_officer_is_told_of_open_notes(signed_in: SignIn, world: World) -> None:
    HandoverNote.objects.create(desk=world.desk, at=NOW, by_name="陈涛", text="…")
    assert "1 note of the last shift is open" in signed_in("li.qiang").get("/").content.decode()


def test_a_ticket_nobody_has_is_claimed_from_the_row(signed_in: SignIn, world: World) -> None:
    report = Report(customer_id=world.bank.pk, circuit_id=world.circuit.pk, text="不通", origin=Origin.PHONE)
    ticket = report_fault(report, at=timezone.now(), by=world.actor("wang.min")).ticket
    officer = signed_in("li.qiang")
    assert f"/tickets/{ticket.pk}" in officer.get("/").content.decode()
    assert officer.post(f"/tickets/{ticket.pk}/claim").status_code == 302
    assert ticket.number in officer.get("/").content.decode()
    assert ticket.number not in signed_in("liu.fang").get("/").content.decode()


def test_unread_messages_wait_until_they_are_read(signed_in: SignIn, world: World) -> None:
    named = {"user": world.users["wang.min"], "to_name": "王敏", "subject": "将超时限", "body": "…", "created_at": NOW}
    Message.objects.create(kind="warning", dedupe_key="a", **named)
    client = signed_in("wang.min")
    assert "1 unread message" in client.get("/").content.decode()
    assert "将超时限" in client.get("/messages?unread=1").content.decode()
    client.post("/messages/read")
    assert "unread message" not in client.get("/").content.decode()


def test_what_others_changed_since_yesterday_is_told(signed_in: SignIn, world: World) -> None:
    new = contacts.NewContact(customer=world.bank.code, name="孙丽", phone="1")
    contacts.add_contacts([new], at=timezone.now(), by=world.actor("admin"))
    assert "孙丽" in signed_in("wang.min").get("/").content.decode()
    assert "孙丽" not in signed_in("liu.fang").get("/").content.decode()
