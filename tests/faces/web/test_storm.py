"""The wall in a storm: a handful of causes, groups of the rest, numbers that are what their lists show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Max
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.network.alarms.models import Alarm, Impact, Incident, Storm
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import crowd, cut, minutes_ago, report

HTMX = {"HX-Request": "true"}
MOST_QUERIES = 14


@pytest.fixture
def storm(world: World) -> Storm:
    """Let it storm."""
    return Storm.objects.create(
        began_at=minutes_ago(30), signals="rate", reports=41233, peak_per_second=1900, peak_at=minutes_ago(29)
    )


def quiet_causes(world: World, count: int, *, first: int = 0, kind: str = "fault") -> list[Incident]:
    """Let so many causes stand that hit nobody, each with one alarm on a port."""
    last = Incident.objects.aggregate(last=Max("pk"))["last"] or 0  # the worker, too, counts on from there
    last_alarm = Alarm.objects.aggregate(last=Max("pk"))["last"] or 0
    ports = [world.resources[code] for code in sorted(world.resources) if code.startswith("port")]
    incidents = Incident.objects.bulk_create(
        Incident(
            pk=last + 1 + n, kind=kind, cause=ports[n % len(ports)], cause_label=f"quiet {n}", region_code="4201",
            opened_at=minutes_ago(20), detected_at=minutes_ago(20),
        )
        for n in range(first, first + count)
    )  # fmt: skip
    Alarm.objects.bulk_create(
        Alarm(
            pk=last_alarm + 1 + n, source=world.source, resource=incident.cause, alarm_type=f"T{incident.pk}",
            severity="minor", effect=0,
            raised_at=minutes_ago(20), began_at=minutes_ago(20), last_at=minutes_ago(20), incident=incident,
        )
        for n, incident in enumerate(incidents)
    )  # fmt: skip
    return incidents


def test_it_works(signed_in: SignIn, world: World, storm: Storm) -> None:
    cut(world, "BC")
    quiet_causes(world, 5)
    shown = signed_in("li.qiang").get("/wall").content.decode()
    assert "Storm since" in shown
    assert "No customer affected" in shown
    assert f'id="cause-{Incident.objects.exclude(cause_label__startswith="quiet").get().pk}"' in shown
    assert "quiet 1" not in shown
    assert 'id="place-4201"' in shown


@pytest.mark.parametrize("query", ["hit=1", "hit=0", "hit=0&place=4201", "hit=0&kind=port", "hit=0&place=4401", ""])
def test_a_number_is_as_many_as_its_list(signed_in: SignIn, world: World, storm: Storm, query: str) -> None:
    cut(world, "BC")
    quiet_causes(world, 5)
    page = signed_in("li.qiang").get(f"/wall/causes?{query}").context["page"]
    expected = {"hit=1": 1, "hit=0": 5, "hit=0&place=4201": 5, "hit=0&kind=port": 5, "": 6}.get(query, 0)
    assert page.paginator.count == len(page.object_list) == expected


@pytest.mark.parametrize("by", ["place", "kind", "source", "origin"])
def test_groups_take_in_every_cause_once(signed_in: SignIn, world: World, storm: Storm, by: str) -> None:
    quiet_causes(world, 7)
    client = signed_in("li.qiang")
    view = client.get("/wall", {"part": "causes", "by": by}, headers=HTMX).context["view"]
    assert sum(group.count for group in view.groups) == view.rest == 7
    for group in view.groups:
        if group.key != "alone":
            listed = client.get(f"/wall/causes?{group.selection.query}").context["page"].paginator.count
            assert listed == group.count


def test_causes_in_one_duct_are_one_row_that_says_why(signed_in: SignIn, world: World, storm: Storm) -> None:
    cut(world, "BC", minutes=20)
    cut(world, "CD", minutes=20)
    one, two = Incident.objects.order_by("pk")
    for incident in (one, two):  # both lie in the same duct
        Incident.objects.filter(pk=incident.pk).update(cause=world.resources["duct-BC"])
    shown = signed_in("li.qiang").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()
    assert "2 causes in the same duct within" in shown
    assert f"origin=duct%3A{world.resources['duct-BC'].pk}%3A" in shown


def test_a_group_is_claimed_at_once_and_only_what_nobody_holds(signed_in: SignIn, world: World, storm: Storm) -> None:
    incidents = quiet_causes(world, 3)
    held = Incident.objects.filter(pk=incidents[0].pk)
    held.update(claimed_by=world.users["zhao.lei"], status="claimed", claimed_at=minutes_ago(5))
    assert signed_in("li.qiang").post("/wall/claim?hit=0&place=4201", headers=HTMX).status_code == 204
    assert held.get().claimed_by == world.users["zhao.lei"]
    assert Incident.objects.filter(claimed_by=world.users["li.qiang"], status="claimed").count() == 2
    assert Entry.objects.filter(action="incident.claim").count() == 2
    shown = signed_in("li.qiang").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()
    assert "李强" in shown
    assert "赵磊" in shown
    assert "Claim this group" not in shown


def test_claiming_without_saying_which_claims_nothing(signed_in: SignIn, world: World, storm: Storm) -> None:
    quiet_causes(world, 2)
    signed_in("li.qiang").post("/wall/claim")
    assert not Incident.objects.filter(claimed_by__isnull=False).exists()


def test_another_region_claims_nothing_here(signed_in: SignIn, world: World, storm: Storm) -> None:
    quiet_causes(world, 2)
    signed_in("huang.wei").post("/wall/claim?hit=0")
    assert not Incident.objects.filter(claimed_by__isnull=False).exists()


def test_the_viewer_switches_the_storm_view_off_for_this_storm_only(
    signed_in: SignIn, world: World, storm: Storm
) -> None:
    client = signed_in("li.qiang")
    client.get("/wall?storm=off")
    assert "You see the usual view." in client.get("/wall").content.decode()
    Storm.objects.update(ended_at=minutes_ago(10))
    Storm.objects.create(began_at=minutes_ago(2), signals="rate")
    assert "Causes that touch key accounts" in client.get("/wall").content.decode()


def test_the_storm_view_can_be_had_without_a_storm(signed_in: SignIn) -> None:
    client = signed_in("li.qiang")
    client.get("/wall?storm=on")
    assert "Storm view, switched on by hand" in client.get("/wall").content.decode()
    client.get("/wall?storm=auto")
    assert "Storm view, switched on by hand" not in client.get("/wall").content.decode()


def test_what_the_storm_was_stays_until_dismissed(signed_in: SignIn, world: World, storm: Storm) -> None:
    cut(world, "BC")
    quiet_causes(world, 4)
    Storm.objects.update(ended_at=timezone.now())
    client = signed_in("li.qiang")
    shown = client.get("/wall").content.decode()
    assert "The storm is over" in shown
    assert "41233" in shown.replace(",", "")
    report_page = client.get(f"/wall/storms/{storm.pk}")
    assert report_page.context["page"].paginator.count == 5
    for show, count in (("hit", 1), ("circuits", 1), ("customers", 1)):
        listed = client.get(f"/wall/storms/{storm.pk}?show={show}").context
        assert listed["page"].paginator.count == next(t for t in listed["tabs_shown"] if t["active"])["count"] == count
    client.get(f"/wall?dismiss={storm.pk}")
    assert "The storm is over" not in client.get("/wall").content.decode()


def test_the_headline_counts_what_its_lists_show(signed_in: SignIn, world: World, storm: Storm) -> None:
    cut(world, "BC")
    quiet_causes(world, 3)
    client = signed_in("li.qiang")
    told = client.get("/wall", {"part": "storm"}, headers=HTMX).context["seen"]
    listed = {
        "standing": "/alarms",
        "hit": "/wall/causes?hit=1",
        "without": "/wall/causes?hit=0",
        "circuits": "/circuits?state=impaired",
        "customers": "/customers?impaired=1",
        "aaa": "/circuits?state=impaired&grade=AAA",
    }
    for name, address in listed.items():
        page = client.get(address).context
        assert told[name] == (page["list"]["page"] if "list" in page else page["page"]).paginator.count, name


def queries(client: Client, address: str) -> int:
    """Count the queries of a part of the wall."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, headers=HTMX).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    "address",
    [
        "/wall?part=storm", "/wall?part=causes", "/wall?part=causes&by=origin", "/wall?part=causes&by=kind",
        "/wall/causes?hit=0", "/wall/causes?hit=1",
    ],
)  # fmt: skip
def test_more_causes_cost_no_more_queries(signed_in: SignIn, world: World, storm: Storm, address: str) -> None:
    client = signed_in("li.qiang")
    crowd(world, 2, link="EF")
    cut(world, "BC", minutes=40)
    cut(world, "EF", minutes=40)
    quiet_causes(world, 3)
    few = queries(client, address)
    crowd(world, 20, link="EF", first=100)
    report(world, "link-EF", at=minutes_ago(41))
    quiet_causes(world, 60, first=10)
    assert queries(client, address) == few
    assert few <= MOST_QUERIES


def test_a_best_grade_is_heard_in_a_storm_and_lesser_ones_are_not(
    signed_in: SignIn, world: World, storm: Storm
) -> None:
    cut(world, "EF")
    page = signed_in("li.qiang").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()
    assert "data-alert" not in page
    cut(world, "AB", "DA")
    assert (
        'data-alert-kind="aaa"' in signed_in("li.qiang").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()
    )


def test_what_one_has_claimed_is_marked_as_one_s_own(signed_in: SignIn, world: World) -> None:
    cut(world, "AB", "DA")
    Incident.objects.update(claimed_by=world.users["li.qiang"], status="claimed")
    assert "data-mine" in signed_in("li.qiang").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()
    assert "data-mine" not in signed_in("zhao.lei").get("/wall", {"part": "causes"}, headers=HTMX).content.decode()


def test_a_stretch_that_is_over_counts_no_more(signed_in: SignIn, world: World, storm: Storm) -> None:
    cut(world, "BC")
    Impact.objects.update(to_at=timezone.now() - timedelta(minutes=1))
    assert signed_in("li.qiang").get("/wall/causes?hit=1").context["page"].paginator.count == 0
