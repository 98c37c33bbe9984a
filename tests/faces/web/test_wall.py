"""The duty desk's wall: causes, key accounts hit, clocks that run out, what waits for a person."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.network.alarms.models import AlarmSource, Incident
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import crowd, cut, minutes_ago, report

PARTS = ["bar", "numbers", "causes", "customers", "running-out", "waiting"]
MOST_QUERIES = 8


def test_it_works(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    shown = signed_in("li.qiang").get("/wall").content.decode()
    incident, ticket = Incident.objects.get(), Ticket.objects.get(customer=world.logistics)
    assert incident.cause_label in shown
    assert f'id="cause-{incident.pk}"' in shown
    assert f'id="hit-{world.logistics.pk}"' in shown
    assert ticket.number in shown
    assert "unclaimed" in shown


def test_it_is_quiet_when_nothing_is_wrong(signed_in: SignIn) -> None:
    shown = signed_in("li.qiang").get("/wall").content.decode()
    assert "All quiet" in shown
    assert "No key account is hit" in shown


@pytest.mark.parametrize("part", PARTS)
def test_every_part_comes_alone_for_a_refresh(signed_in: SignIn, world: World, part: str) -> None:
    cut(world, "BC")
    shown = signed_in("li.qiang").get("/wall", {"part": part}, headers={"HX-Request": "true"}).content.decode()
    assert f'id="wall-{part}"' in shown
    assert "<html" not in shown


def test_an_account_manager_has_no_wall(signed_in: SignIn) -> None:
    assert signed_in("wang.min").get("/wall").status_code == 403


def test_another_region_sees_nothing_of_it(signed_in: SignIn, world: World) -> None:
    cut(world, "BC")
    shown = signed_in("huang.wei").get("/wall").content.decode()
    assert "All quiet" in shown
    assert "楚天物流" not in shown


def test_what_is_down_is_heard_and_what_is_only_unprotected_is_not(signed_in: SignIn, world: World) -> None:
    cut(world, "DA")
    assert "data-alert" not in signed_in("li.qiang").get("/wall").content.decode()
    cut(world, "BC", minutes=10)
    assert "data-alert" in signed_in("li.qiang").get("/wall").content.decode()


def test_a_cause_unfolds_into_its_alarms_with_reasons(signed_in: SignIn, world: World) -> None:
    report(world, "port-B-east", "port-C-west", at=minutes_ago(9))
    incident = Incident.objects.get()
    shown = signed_in("li.qiang").get(f"/wall/causes/{incident.pk}").content.decode()
    assert "Both ends of 光谷—港区 alarmed within 60 s." in shown


def test_silent_sources_and_quarantine_stand_at_the_head(signed_in: SignIn, world: World) -> None:
    report(world, "device-unknown", at=minutes_ago(3))
    AlarmSource.objects.create(code="power", name="动环监控", silent_since=minutes_ago(8))
    shown = signed_in("li.qiang").get("/wall", {"part": "bar"}).content.decode()
    assert "动环监控 is silent" in shown
    assert "in quarantine" in shown


def queries(client: Client, address: str) -> int:
    """Count the queries of a part of the wall."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers={"HX-Request": "true"}).status_code == 200
    return len(seen)


@pytest.mark.parametrize("part", PARTS)
def test_twenty_customers_cost_no_more_queries_than_two(signed_in: SignIn, world: World, part: str) -> None:
    client, address = signed_in("li.qiang"), f"/wall?part={part}"
    crowd(world, 2)
    cut(world, "BC", minutes=40)
    few = queries(client, address)
    crowd(world, 20, link="EF", first=100)
    report(world, "link-EF", at=minutes_ago(41))
    assert queries(client, address) == few
    assert few <= MOST_QUERIES
