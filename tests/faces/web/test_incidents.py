"""Incidents: the list, the tree of one cause, whom it hits, and what the desk can do about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.network.alarms.models import Impact, Incident
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import clear, crowd, cut, minutes_ago, report

MOST_QUERIES = 8


@pytest.fixture
def incident(world: World) -> Incident:
    """Cut the link BC: the logistics company is down, the bank unprotected."""
    cut(world, "BC")
    return Incident.objects.get()


def test_it_works(signed_in: SignIn, world: World, incident: Incident) -> None:
    desk = signed_in("li.qiang")
    assert incident.number in desk.get("/incidents").content.decode()
    shown = desk.get(f"/incidents/{incident.pk}").content.decode()
    assert "The alarm is on the cause itself." in shown
    assert world.logistics_circuit.number in shown
    assert "楚天物流有限公司" in shown
    assert "T-" in shown


def test_an_inferred_cause_stands_at_the_head_of_its_tree(signed_in: SignIn, world: World) -> None:
    report(world, "port-B-east", "port-C-west", at=minutes_ago(9))
    shown = signed_in("li.qiang").get(f"/incidents/{Incident.objects.get().pk}").content.decode()
    assert "No alarm stands on it; what hangs below it tells." in shown
    assert "Both ends of 光谷—港区 alarmed within 60 s." in shown


def test_the_list_keeps_closed_ones_back_until_asked(signed_in: SignIn, incident: Incident) -> None:
    Incident.objects.update(status="closed", closed_at=timezone.now())
    desk = signed_in("li.qiang")
    assert incident.number not in desk.get("/incidents").content.decode()
    assert incident.number in desk.get("/incidents?tab=all").content.decode()


def test_claiming_says_who_has_it_in_hand(signed_in: SignIn, incident: Incident) -> None:
    desk = signed_in("li.qiang")
    assert desk.post(f"/incidents/{incident.pk}/claim", headers={"HX-Request": "true"}).status_code == 204
    assert "claimed by 李强" in desk.get(f"/incidents/{incident.pk}").content.decode()
    assert Entry.objects.filter(action="incident.claim", object_id=str(incident.pk)).exists()


def test_a_promise_of_an_update_is_kept_and_shown(signed_in: SignIn, incident: Incident) -> None:
    desk, at = signed_in("li.qiang"), timezone.localtime() + timedelta(hours=2)
    given = {"eta_at": at.strftime("%Y-%m-%dT%H:%M"), "next_update_at": ""}
    assert desk.post(f"/incidents/{incident.pk}/promise", given).status_code == 302
    incident.refresh_from_db()
    assert incident.eta_at == at.replace(second=0, microsecond=0)


def test_a_promise_in_the_past_is_refused_and_what_was_typed_stays(signed_in: SignIn, incident: Incident) -> None:
    answer = signed_in("li.qiang").post(f"/incidents/{incident.pk}/promise", {"eta_at": "2020-01-01T08:00"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "has already passed" in shown
    assert 'value="2020-01-01T08:00"' in shown
    assert 'data-open-dialog="promise"' in shown


def test_not_affected_takes_circuits_out_with_a_reason(signed_in: SignIn, world: World, incident: Incident) -> None:
    given = {"circuits": [world.logistics_circuit.pk], "why": "客户电话确认正常"}
    assert signed_in("li.qiang").post(f"/incidents/{incident.pk}/not-affected", given).status_code == 302
    impact = Impact.objects.get(circuit=world.logistics_circuit)
    assert (impact.not_affected_by, impact.not_affected_why) == ("李强", "客户电话确认正常")


def test_not_affected_without_a_circuit_says_what_is_missing(signed_in: SignIn, incident: Incident) -> None:
    answer = signed_in("li.qiang").post(f"/incidents/{incident.pk}/not-affected", {"why": "正常"})
    assert answer.status_code == 422
    assert "Tick the circuits first." in answer.content.decode()
    assert 'value="正常"' in answer.content.decode()


def test_only_a_restored_incident_can_be_closed(signed_in: SignIn, world: World, incident: Incident) -> None:
    desk = signed_in("li.qiang")
    answer = desk.post(f"/incidents/{incident.pk}/close", {"why": "修复"})
    assert answer.status_code == 422
    assert "only a restored one can be closed" in answer.content.decode()
    clear(world, "BC")
    assert desk.post(f"/incidents/{incident.pk}/close", {"why": "光缆已接续"}).status_code == 302
    incident.refresh_from_db()
    assert incident.status == "closed"


@pytest.mark.parametrize("username", ["huang.wei", "wang.min"])
def test_who_may_not_see_it_gets_nothing(signed_in: SignIn, incident: Incident, username: str) -> None:
    client = signed_in(username)
    assert client.get(f"/incidents/{incident.pk}").status_code in (403, 404)
    assert client.post(f"/incidents/{incident.pk}/claim").status_code in (403, 404)
    incident.refresh_from_db()
    assert incident.claimed_by is None


def test_a_technician_reads_but_does_not_steer(signed_in: SignIn, incident: Incident) -> None:
    client = signed_in("chen.tao")
    assert "Promise an update" not in client.get(f"/incidents/{incident.pk}").content.decode()
    assert client.post(f"/incidents/{incident.pk}/claim").status_code == 403


def queries(client: Client, address: str) -> int:
    """Count the queries of a page."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_costs_the_same_for_many(signed_in: SignIn, world: World, incident: Incident) -> None:
    client = signed_in("li.qiang")
    few = queries(client, "/incidents")
    cut(world, "DA", "CD", minutes=10)
    report(world, "device-A", "card-B", at=minutes_ago(4))
    assert queries(client, "/incidents") == few
    assert few <= MOST_QUERIES


def test_a_page_costs_the_same_however_many_it_hits(signed_in: SignIn, world: World) -> None:
    client = signed_in("li.qiang")
    cut(world, "CD")
    one = queries(client, f"/incidents/{Incident.objects.get().pk}")
    crowd(world, 20)
    cut(world, "BC", minutes=10)
    assert queries(client, f"/incidents/{Incident.objects.order_by('-pk')[0].pk}") <= one + 1
