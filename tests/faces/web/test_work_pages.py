"""Pages of planned work: the what-if beside the form, conflicts, freezes, answers, the calendar, notes, feeds (I3)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.network.planned_work.actions import NewWork, announce_work, approve_work, plan_work
from mainstay.network.planned_work.actions.freezing import NewRule, add_rule
from mainstay.network.planned_work.actions.suppliers import map_object
from mainstay.network.planned_work.maintnotes import Note, read, written
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.announcements.models import Announcement
from tests.cast import World
from tests.faces.web.conftest import SignIn

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def plan(world: World, number: str, *codes: str, days: float = 3) -> PlannedWork:
    begin = timezone.now() + days * DAY
    new = NewWork(number, "光缆割接", begin, begin + 4 * HOUR, codes, preparation="请切换备用线路")
    return plan_work(new, at=timezone.now(), by=world.actor("li.qiang"))


def announced(world: World, number: str = "GJ-1", *codes: str) -> PlannedWork:
    work = plan(world, number, *(codes or ("duct-BC",)))
    approve_work(work.pk, at=timezone.now(), by=world.actor("zhao.lei"))
    return announce_work(work.pk, at=timezone.now(), by=world.actor("li.qiang"))


def body(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers or None)
    assert response.status_code == 200, path
    return response.content.decode()


def test_it_works(signed_in: SignIn, world: World) -> None:
    shown = body(signed_in("li.qiang"), "/what-if?resource=duct-BC")
    assert world.circuit.number in shown
    assert "Unprotected" in shown
    assert world.logistics_circuit.number in shown


def test_while_choosing_only_the_answer_is_fetched(signed_in: SignIn, world: World) -> None:
    shown = body(signed_in("li.qiang"), "/works/look?resource=link-BC&find=link", **{"HX-Request": "true"})
    assert "<html" not in shown
    assert 'value="link-BC" checked' in shown
    assert 'value="link-CD"' in shown
    assert "nowhere" in body(signed_in("li.qiang"), "/works/look?resources=nowhere")


def test_planning_shows_what_stands_in_the_way(signed_in: SignIn, world: World) -> None:
    other = plan(world, "GJ-1", "link-DA")
    add_rule(NewRule("重保封网", other.from_at, other.to_at, region_code="42"), at=timezone.now(),
             by=world.actor("zhao.lei"))  # fmt: skip
    begin, end = (f"{timezone.localtime(at):%Y-%m-%dT%H:%M}" for at in (other.from_at, other.to_at))
    window = f"from_at={begin}&to_at={end}"
    shown = body(signed_in("li.qiang"), f"/works/look?resource=link-BC&{window}")
    assert "重保封网" in shown
    assert "GJ-1" in shown
    assert "loses both its paths at once" in shown


def test_ticked_resources_are_planned(signed_in: SignIn, world: World) -> None:
    sent = {
        "number": "GJ-5", "title": "割接", "from_at": "2036-12-01T00:00", "to_at": "2036-12-01T04:00",
        "resource": ["link-BC", "link-CD"],
    }  # fmt: skip
    assert signed_in("li.qiang").post("/works/new", sent).status_code == 302
    assert PlannedWork.objects.get().resources.count() == 2


@pytest.mark.parametrize("path", ["/resources/{device}", "/circuits/{circuit}"])
def test_what_if_is_one_click_away(signed_in: SignIn, world: World, path: str) -> None:
    found = path.format(device=world.resources["device-B"].pk, circuit=world.circuit.pk)
    assert "/what-if?resource=device-B" in body(signed_in("li.qiang"), found)


def test_who_reads_no_alarms_is_shown_no_network(signed_in: SignIn, world: World) -> None:
    assert "/what-if" not in body(signed_in("wang.min"), f"/circuits/{world.circuit.pk}")


def test_the_page_says_who_would_be_told_then_who_knows(signed_in: SignIn, world: World) -> None:
    work = plan(world, "GJ-1", "duct-BC")
    assert "Who would be told" in body(signed_in("li.qiang"), f"/works/{work.pk}")
    approve_work(work.pk, at=timezone.now(), by=world.actor("zhao.lei"))
    assert signed_in("li.qiang").post(f"/works/{work.pk}/announce").status_code == 302
    shown = body(signed_in("li.qiang"), f"/works/{work.pk}")
    assert "No answer yet" in shown
    assert "Ask for answers" in shown


def test_an_answer_by_phone_is_noted_by_the_account_manager(signed_in: SignIn, world: World) -> None:
    announced(world)
    pk = Announcement.objects.get(customer=world.bank).pk
    sent = {"answer": "accepted", "person": "周颖", "text": "可以"}
    assert signed_in("wang.min").post(f"/announcements/{pk}", sent).status_code == 302
    assert "周颖" in body(signed_in("wang.min"), f"/announcements/{pk}")
    assert signed_in("liu.fang").get(f"/announcements/{pk}").status_code == 404
    assert signed_in("wang.min").post(f"/announcements/{pk}", {"answer": "accepted"}).status_code == 422


def test_the_customer_answers_in_the_portal(signed_in: SignIn, world: World) -> None:
    work = announced(world)
    pk = Announcement.objects.get(customer=world.bank).pk
    contact = signed_in("zhou.ying")
    assert "请切换备用线路" in body(contact, f"/portal/works/{pk}")
    assert "光缆割接" in body(contact, "/portal/works")
    assert "光缆割接" in body(contact, "/portal/")
    assert contact.post(f"/portal/works/{pk}/answer", {"answer": "prepared"}).status_code == 302
    assert Announcement.objects.get(pk=pk).answer == "prepared"
    assert signed_in("wu.tong").get(f"/portal/works/{pk}").status_code == 404
    (note,) = read(contact.get(f"/portal/works/{pk}/note.ics").content)
    assert (note.ref, [name for name, _ in note.objects]) == (work.number, [world.circuit.number])


def test_moving_voids_and_finishing_keeps_the_result(signed_in: SignIn, world: World) -> None:
    work = announced(world)
    officer = signed_in("li.qiang")
    sent = {"from_at": "2036-12-02T00:00", "to_at": "2036-12-02T04:00", "why": "天气"}
    assert officer.post(f"/works/{work.pk}/move", {**sent, "why": ""}).status_code == 422
    assert officer.post(f"/works/{work.pk}/move", sent).status_code == 302
    assert "Customers still believe" in body(officer, f"/works/{work.pk}")
    PlannedWork.objects.filter(pk=work.pk).update(
        status="approved", announced_at=timezone.now(), from_at=timezone.now() - HOUR
    )
    assert officer.post(f"/works/{work.pk}/finish", {"result": "rolled_back", "note": "衰耗大"}).status_code == 302
    assert "Rolled back" in body(officer, f"/works/{work.pk}")


def test_a_mandate_is_asked_for_in_a_dialog(signed_in: SignIn, world: World) -> None:
    work = plan(world, "GJ-1", "duct-BC")
    rule = NewRule("重保", work.from_at, work.to_at, effect="mandate", region_code="42")
    add_rule(rule, at=timezone.now(), by=world.actor("zhao.lei"))
    leader = signed_in("zhao.lei")
    assert "Give the mandate" in body(leader, f"/works/{work.pk}")
    leader.post(f"/works/{work.pk}/approve")
    work.refresh_from_db()
    assert work.status == "planned"
    leader.post(f"/works/{work.pk}/approve", {"why": "指挥部授权"})
    assert "指挥部授权" in body(leader, f"/works/{work.pk}")


def test_the_calendar_shows_a_work_on_each_of_its_days(signed_in: SignIn, world: World) -> None:
    begin = timezone.make_aware(timezone.datetime(2036, 12, 1, 22, 0))  # type: ignore[attr-defined]
    new = NewWork("GJ-1", "跨夜割接", begin, begin + 6 * HOUR, ("link-BC",))
    plan_work(new, at=timezone.now(), by=world.actor("li.qiang"))
    officer = signed_in("li.qiang")
    for path in ("/works/calendar?on=2036-12-10", "/works/calendar?on=2036-12-01&view=week"):
        assert body(officer, path).count("跨夜割接") == 2
    assert "跨夜割接" not in body(officer, "/works/calendar?on=2036-10-10")
    assert "跨夜割接" not in body(signed_in("huang.wei"), "/works/calendar?on=2036-12-10")


@pytest.mark.parametrize("path", ["/works/calendar", "/what-if?resource=duct-BC", "/works/freezes"])
def test_queries_stay_the_same(signed_in: SignIn, world: World, path: str) -> None:
    officer = signed_in("li.qiang")

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            body(officer, path)
        return len(found)

    before = 0
    for number in range(6):
        plan(world, f"GJ-{number}", "duct-BC", days=3 + number / 10)
        now = timezone.now()
        add_rule(NewRule(f"封网 {number}", now + 40 * DAY, now + 41 * DAY, region_code="42"), at=now,
                 by=world.actor("zhao.lei"))  # fmt: skip
        before = before or count()
    assert count() == before


def test_a_suppliers_note_becomes_work(signed_in: SignIn, world: World) -> None:
    begin = timezone.now().replace(microsecond=0) + 5 * DAY
    note = Note("carrier.example", "us", "WO-7", "Fibre swap", begin, begin + HOUR, begin, "CONFIRMED", "OUTAGE",
                (("C-1", "OUTAGE"),))  # fmt: skip
    officer = signed_in("li.qiang")

    def give() -> Any:
        return officer.post("/works/notes", {"file": SimpleUploadedFile("n.ics", written([note]))})

    assert "C-1" in give().content.decode()
    map_object("carrier.example", "C-1", "link-BC", at=timezone.now(), by=world.actor("li.qiang"))
    assert give().status_code == 201
    assert PlannedWork.objects.get().supplier_ref == "WO-7"
    bad = officer.post("/works/notes", {"file": SimpleUploadedFile("n.ics", b"hello")})
    assert bad.status_code == 422


def test_a_calendar_is_read_without_signing_in_until_it_is_revoked(signed_in: SignIn, world: World) -> None:
    announced(world)
    officer = signed_in("li.qiang")
    made = officer.post("/works/subscriptions/new", {"kind": "person"})
    assert made.status_code == 201
    (address,) = set(re.findall(r"/api/v1/calendars/[\w-]+\.ics", made.content.decode()))
    read_at = Client().get(address)
    assert (read_at.status_code, read_at["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "GJ-1" in read_at.content.decode()
    page = body(officer, "/works/subscriptions")
    assert address not in page
    pk = page.partition("/revoke")[0].rpartition("/")[2]
    assert officer.post(f"/works/subscriptions/{pk}/revoke").status_code == 302
    assert Client().get(address).status_code == 404
