"""The hand-over page: filled in, remarked, signed, frozen, taken over, read in both languages (G6, H3)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from mainstay.domain.actor import Actor
from mainstay.domain.errors import Refused
from mainstay.network.alarms.queries.shift import ShiftSpan
from mainstay.platform.duty import actions as duty
from mainstay.platform.duty import handing_over, queries
from mainstay.platform.duty.models import Handover, Shift
from mainstay.platform.identity.models import DutyAssignment
from mainstay.service.tickets.models import Ticket
from mainstay.service.tickets.queries.shift import shift_facts
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import crowd, cut, minutes_ago


@pytest.fixture
def shifts(world: World) -> list[Shift]:
    """Let 李强 be on the desk until now, 陈涛 from now on, as duty officers both."""
    Shift.objects.all().delete()
    DutyAssignment.objects.create(user=world.users["chen.tao"], duty="duty_officer", region_code="42")
    now = timezone.now()
    spans = (("li.qiang", now - timedelta(hours=7), now + timedelta(hours=1)),
             ("chen.tao", now + timedelta(hours=1), now + timedelta(hours=9)))  # fmt: skip
    return Shift.objects.bulk_create(
        Shift(desk=world.desk, user=world.users[name], level=1, from_at=begin, to_at=end) for name, begin, end in spans
    )


def test_it_works_from_the_filled_page_to_taking_over(world: World, shifts: list[Shift], signed_in: SignIn) -> None:
    crowd(world, 2)
    cut(world, "BC")
    officer, following = signed_in("li.qiang"), signed_in("chen.tao")
    page = officer.get(reverse("web:handover")).content.decode()
    ticket = Ticket.objects.order_by("pk")[0]
    assert ticket.number in page
    assert "李强" in page
    assert "陈涛" in page
    key = f"remark:ticket-{ticket.pk}"
    form = {"desk": world.desk.pk, "shift": shifts[0].pk, "remark:": "先看 BC 段", key: "客户催过两次"}
    officer.post(reverse("web:handover-write"), form | {"verb": "keep"})
    assert "客户催过两次" in officer.get(reverse("web:handover")).content.decode()
    officer.post(reverse("web:handover-write"), form | {"verb": "sign"})
    record = Handover.objects.get()
    assert record.remarks == {"": "先看 BC 段", f"ticket-{ticket.pk}": "客户催过两次"}
    assert "signed, not taken over" in following.get(reverse("web:wall"), {"part": "reports"}).content.decode()
    assert "Take over" in following.get(reverse("web:my-day")).content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(title="改了", status="closed")
    read = following.get(reverse("web:handover-record", args=[record.pk])).content.decode()
    assert "改了" not in read
    assert "客户催过两次" in read
    assert "Shown as it was signed" in read
    following.post(reverse("web:handover-take", args=[record.pk]))
    record.refresh_from_db()
    assert record.taken_by == "陈涛"
    assert "signed, not" not in following.get(reverse("web:wall"), {"part": "reports"}).content.decode()
    listed = following.get(reverse("web:handovers")).content.decode()
    assert "陈涛" in listed


def test_the_same_form_sent_twice_signs_once(world: World, shifts: list[Shift], signed_in: SignIn) -> None:
    officer, form = (
        signed_in("li.qiang"),
        {"desk": world.desk.pk, "shift": shifts[0].pk, "verb": "sign", "remark:": "好"},
    )
    first, second = (officer.post(reverse("web:handover-write"), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Handover.objects.count() == 1
    officer.post(reverse("web:handover-write"), form | {"remark:": "改过"})
    assert Handover.objects.count() == 2


def test_what_is_taken_over_already_says_so_by_our_clock(
    world: World, shifts: list[Shift], officer: Actor, signed_in: SignIn
) -> None:
    signed_in("li.qiang").post(reverse("web:handover-write"), {"desk": world.desk.pk, "verb": "sign"})
    following, record = signed_in("chen.tao"), Handover.objects.get()
    following.post(reverse("web:handover-take", args=[record.pk]))
    record.refresh_from_db()
    with pytest.raises(Refused, match=f"{timezone.localtime(record.taken_at):%Y-%m-%d %H:%M} already"):
        handing_over.take(record.pk, at=timezone.now(), by=officer)


def test_the_frozen_record_is_read_in_the_readers_language(
    world: World, shifts: list[Shift], signed_in: SignIn, officer: Actor
) -> None:
    cut(world, "BC")
    with translation.override("zh-hans"):
        signed_in("li.qiang").post(reverse("web:handover-write"), {"desk": world.desk.pk, "verb": "sign"})
    record = Handover.objects.get()
    english = signed_in("chen.tao").get(reverse("web:handover-record", args=[record.pk])).content.decode()
    assert "Tickets still running" in english
    client = signed_in("chen.tao")
    client.cookies["django_language"] = "zh-hans"
    chinese = client.get(reverse("web:handover-record", args=[record.pk])).content.decode()
    assert "在途工单" in chinese
    assert "在途工单" not in str(record.facts)


def test_signing_again_makes_a_version_until_it_is_taken_over(world: World, officer: Actor, machinery: Actor) -> None:
    span, now = queries.Span(minutes_ago(60), minutes_ago(1)), timezone.now()
    first = handing_over.sign(world.desk.pk, span, {"n": 1}, {}, at=now, by=officer)
    second = handing_over.sign(world.desk.pk, span, {"n": 2}, {}, at=now + timedelta(minutes=1), by=officer)
    assert (first.version, second.version) == (1, 2)
    assert Handover.objects.get(pk=first.pk).facts == {"n": 1}
    admin = world.actor("admin")
    with pytest.raises(Refused):
        handing_over.take(first.pk, at=now, by=admin)
    with pytest.raises(Refused):
        handing_over.take(second.pk, at=now, by=officer)
    duty.write_note(world.desk.pk, "注意", at=now, by=officer)
    handing_over.take(second.pk, at=now, by=admin)
    assert not queries.open_notes(admin).exists()
    with pytest.raises(Refused):
        handing_over.take(second.pk, at=now, by=admin)
    with pytest.raises(Refused):
        handing_over.sign(world.desk.pk, span, {}, {}, at=now, by=officer)


def test_a_changed_record_shows(world: World, officer: Actor, signed_in: SignIn) -> None:
    now = timezone.now()
    facts = shift_facts(officer, world.desk, ShiftSpan(minutes_ago(60), now, now, now + timedelta(hours=8), now))
    span = queries.Span(minutes_ago(60), minutes_ago(1))
    record = handing_over.sign(world.desk.pk, span, facts, {}, at=now, by=officer)
    address = reverse("web:handover-record", args=[record.pk])
    assert "was changed after signing" not in signed_in("li.qiang").get(address).content.decode()
    Handover.objects.update(remarks={"": "改"})
    assert "was changed after signing" in signed_in("li.qiang").get(address).content.decode()


def test_a_shift_that_is_over_and_not_signed_is_asked_about(world: World, officer: Actor) -> None:
    now = timezone.now()
    Shift.objects.all().delete()
    assert queries.waiting_handovers(officer, at=now) == []
    begins = [now - timedelta(hours=hours) for hours in (20, 12, 4)]
    Shift.objects.bulk_create(
        Shift(desk=world.desk, user=world.users["li.qiang"], from_at=at, to_at=at + timedelta(hours=8)) for at in begins
    )
    span = queries.span_at(world.desk, begins[0])
    signed = handing_over.sign(world.desk.pk, span, {}, {}, at=begins[1], by=officer)
    handing_over.take(signed.pk, at=begins[1], by=world.actor("admin"))
    (waiting,) = queries.waiting_handovers(officer, at=now)
    assert (waiting.handover, waiting.span.from_at) == (None, begins[1])
    assert queries.waiting_handovers(world.actor("huang.wei"), at=now) == []


def test_it_takes_as_many_queries_for_a_bad_day_as_for_a_calm_one(
    world: World, shifts: list[Shift], signed_in: SignIn, officer: Actor
) -> None:
    client, counted = signed_in("li.qiang"), []
    crowd(world, 3)
    cut(world, "BC", minutes=30)
    for _ in range(2):
        client.get(reverse("web:handover"))
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse("web:handover")).content.decode()
        counted.append(len(asked))
        crowd(world, 60, link="CD", first=3 + len(counted) * 100)
        cut(world, "CD", "DA", minutes=10)
    assert abs(counted[0] - counted[1]) <= 2
    assert counted[1] <= 50
    assert "remark" in page


def test_the_lists_are_capped_and_say_so(world: World, shifts: list[Shift], signed_in: SignIn) -> None:
    crowd(world, 60)
    cut(world, "BC")
    assert "more</a>" in signed_in("li.qiang").get(reverse("web:handover")).content.decode()


def test_the_file_holds_every_item_and_its_remark(world: World, shifts: list[Shift], signed_in: SignIn) -> None:
    cut(world, "BC")
    client = signed_in("li.qiang")
    ticket = Ticket.objects.order_by("pk")[0]
    form = {"desk": world.desk.pk, f"remark:ticket-{ticket.pk}": "盯住", "verb": "sign"}
    client.post(reverse("web:handover-write"), form)
    record = reverse("web:handover-record", args=[Handover.objects.get().pk])
    text = b"".join(client.get(record, {"export": "csv"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert any(ticket.number in line and "盯住" in line for line in text.splitlines())
    workbook = client.get(record, {"export": "xlsx"})
    assert b"".join(workbook.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]
    workbook.close()
