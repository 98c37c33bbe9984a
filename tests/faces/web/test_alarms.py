"""Alarms: the list, one alarm, acknowledging, and the names that could not be placed."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.network.alarms.models import Alarm, AlarmReport, QuarantinedResource
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import clear, cut, minutes_ago, report

MOST_QUERIES = 8


def test_it_works(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    desk, alarm = signed_in("li.qiang"), Alarm.objects.get()
    assert "光谷—港区" in desk.get("/alarms").content.decode()
    shown = desk.get(f"/alarms/{alarm.pk}").content.decode()
    assert "link-BC" in shown
    assert "This alarm is on the cause itself." in shown
    assert f"/incidents/{alarm.incident_id}" in shown


def test_a_port_shows_what_holds_it(signed_in: SignIn, world: World) -> None:
    report(world, "port-B-east", at=minutes_ago(3))
    shown = signed_in("li.qiang").get(f"/alarms/{Alarm.objects.get().pk}").content.decode()
    assert shown.index("光谷机房") < shown.index("光谷 MSTP") < shown.index("光谷 1 槽线路板")


def test_cleared_alarms_are_shown_when_asked(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    clear(world, "BC")
    desk = signed_in("li.qiang")
    assert "link-BC" not in desk.get("/alarms").content.decode()
    assert "No alarm matches" in desk.get("/alarms").content.decode()
    assert "光谷—港区" in desk.get("/alarms?cleared=1").content.decode()


def test_filters_live_in_the_address(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    report(world, "link-CD", at=minutes_ago(9), kind="SIGNAL_DEGRADED", severity="major")
    desk = signed_in("li.qiang")
    shown = desk.get("/alarms?severity=major").content.decode()
    assert "港区—大冶" in shown
    assert "光谷—港区" not in shown
    assert "光谷—港区" in desk.get("/alarms?q=link-BC&source=nms&new=1").content.decode()


def test_several_are_acknowledged_at_once(signed_in: SignIn, world: World) -> None:
    cut(world, "BC", "CD")
    ids = list(Alarm.objects.values_list("pk", flat=True))
    answer = signed_in("li.qiang").post("/alarms/acknowledge", {"alarms": ids}, follow=True)
    assert "2 alarms are acknowledged." in answer.content.decode()
    assert set(Alarm.objects.values_list("acknowledged_by", flat=True)) == {"李强"}


def test_acknowledging_nothing_says_so(signed_in: SignIn) -> None:
    answer = signed_in("li.qiang").post("/alarms/acknowledge", {"alarms": ["x"]}, follow=True)
    assert "Nothing to acknowledge" in answer.content.decode()


def test_another_region_sees_and_touches_nothing(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    alarm, client = Alarm.objects.get(), signed_in("huang.wei")
    assert client.get(f"/alarms/{alarm.pk}").status_code == 404
    assert "光谷—港区" not in client.get("/alarms").content.decode()
    client.post("/alarms/acknowledge", {"alarms": [alarm.pk]})
    alarm.refresh_from_db()
    assert alarm.acknowledged_at is None


def test_a_name_is_placed_and_its_reports_are_taken_in_again(signed_in: SignIn, world: World) -> None:
    report(world, "NE-7781", at=minutes_ago(6))
    row, desk = QuarantinedResource.objects.get(), signed_in("li.qiang")
    assert "NE-7781" in desk.get("/alarms/quarantine").content.decode()
    assert f"/alarms/quarantine/{row.pk}" in desk.get("/alarms/quarantine").content.decode()
    read_only = signed_in("zhao.lei").get("/alarms/quarantine").content.decode()
    assert "NE-7781" in read_only
    assert f"/alarms/quarantine/{row.pk}" not in read_only
    assert "device-B" in desk.get(f"/alarms/quarantine/{row.pk}?q=device-B").content.decode()
    answer = desk.post(f"/alarms/quarantine/{row.pk}", {"verb": "place", "code": "device-B"}, follow=True)
    assert "1 report that was held back" in answer.content.decode()
    row.refresh_from_db()
    assert row.resource == world.resources["device-B"]
    assert AlarmReport.objects.filter(outcome="").count() == 1


def test_an_unknown_code_is_refused_where_it_was_typed(signed_in: SignIn, world: World) -> None:
    report(world, "NE-7781", at=minutes_ago(6))
    row = QuarantinedResource.objects.get()
    answer = signed_in("li.qiang").post(f"/alarms/quarantine/{row.pk}", {"verb": "place", "code": "nowhere"})
    assert answer.status_code == 422
    assert "There is no resource with the code “nowhere”" in answer.content.decode()


def test_a_name_is_set_aside_with_a_reason(signed_in: SignIn, world: World) -> None:
    report(world, "NE-7781", at=minutes_ago(6))
    row, desk = QuarantinedResource.objects.get(), signed_in("li.qiang")
    assert desk.post(f"/alarms/quarantine/{row.pk}", {"verb": "ignore", "why": ""}).status_code == 422
    assert desk.post(f"/alarms/quarantine/{row.pk}", {"verb": "ignore", "why": "测试网元"}).status_code == 302
    assert "NE-7781" in desk.get("/alarms/quarantine?status=ignored").content.decode()


def test_a_technician_may_not_place(signed_in: SignIn, world: World) -> None:
    report(world, "NE-7781", at=minutes_ago(6))
    row = QuarantinedResource.objects.get()
    assert signed_in("chen.tao").post(f"/alarms/quarantine/{row.pk}", {"verb": "ignore", "why": "x"}).status_code == 403


def queries(client: Client, address: str) -> int:
    """Count the queries of a page."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_lists_cost_the_same_for_two_rows_and_twenty(signed_in: SignIn, world: World) -> None:
    client, ports = signed_in("li.qiang"), [code for code in world.resources if code.startswith("port-")]
    report(world, *ports[:2], "NE-1", "NE-2", at=minutes_ago(30))
    few = [queries(client, address) for address in ("/alarms", "/alarms/quarantine")]
    report(world, *ports[2:], *(f"NE-X{n}" for n in range(20)), at=minutes_ago(20))
    assert [queries(client, address) for address in ("/alarms", "/alarms/quarantine")] == few
    assert max(few) <= MOST_QUERIES
