"""A circuit's page: its ends, its route with the faults on it, why it is down, what is promised."""

from datetime import timedelta

from django.utils import timezone

from mainstay.faces.web import routes
from mainstay.network.alarms.choices import Effect
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.alarms.queries.days import days_of_circuit
from mainstay.network.inventory.choices import LiveState
from mainstay.network.inventory.queries import circuits as ends_queries
from mainstay.network.inventory.queries import route as routing
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn


def cut(world: World, *, minutes: int = 30, state: int = LiveState.DOWN) -> Incident:
    """Let the link BC be down for the bank's circuit since some minutes."""
    at = timezone.now() - timedelta(minutes=minutes)
    link = world.link("BC")
    incident = Incident.objects.create(
        cause=link, cause_label="光谷—港区", opened_at=at, detected_at=at, region_code="4201", worst_state=state
    )
    Alarm.objects.create(
        source=world.source, resource=link, alarm_type="LOS", severity="critical", effect=Effect.DOWN,
        began_at=at, raised_at=at,
        last_at=at, incident=incident, is_cause=True,
    )  # fmt: skip
    Impact.objects.create(
        incident=incident, circuit=world.circuit, customer=world.bank, region_code="4201", state=state, from_at=at,
        detected_at=at,
    )  # fmt: skip
    return incident


def test_it_works(signed_in: SignIn, world: World) -> None:
    shown = signed_in("wang.min").get(f"/circuits/{world.circuit.pk}").content.decode()
    assert world.circuit.number in shown
    assert "ms-route" in shown
    assert "60" in shown
    assert "HT-2026-0001" in shown or "电路等级承诺" in shown


def test_it_says_why_it_is_down_and_marks_the_fault(signed_in: SignIn, world: World) -> None:
    incident = cut(world)
    shown = signed_in("li.qiang").get(f"/circuits/{world.circuit.pk}").content.decode()
    assert "光谷—港区" in shown
    assert incident.number in shown
    assert "LOS" in shown


def test_who_may_not_read_alarms_learns_the_cause_only(signed_in: SignIn, world: World) -> None:
    cut(world)
    shown = signed_in("wang.min").get(f"/circuits/{world.circuit.pk}").content.decode()
    assert "光谷—港区" in shown
    assert "LOS" not in shown
    assert "/incidents/" not in shown


def test_the_traffic_is_drawn_on_the_path_that_stands(world: World) -> None:
    route, ends = routing.route(world.circuit.pk), ends_queries.ends(world.circuit.pk)
    calm = routes.drawing(route, ends, routes.Faults({}, {}))
    assert [path["active"] for path in calm["paths"]] == [True, False]
    cut_off = routes.drawing(route, ends, routes.Faults({world.link("BC").pk: Effect.DOWN}, {}))
    assert [(path["state"], path["active"]) for path in cut_off["paths"]] == [("down", False), ("up", True)]
    faults = [each["fault"] for each in cut_off["paths"][0]["elements"] if each.get("fault")]
    assert faults == [world.link("BC").name]


def test_a_day_counts_what_was_down_in_it(world: World) -> None:
    at = NOW + timedelta(hours=20)
    incident = Incident.objects.create(cause_label="光谷—港区", opened_at=NOW, detected_at=NOW)
    named = {"incident": incident, "circuit": world.circuit, "customer": world.bank, "region_code": "4201"}
    Impact.objects.create(
        **named,
        state=LiveState.DOWN,
        from_at=NOW + timedelta(hours=15),
        to_at=NOW + timedelta(hours=17),
        detected_at=NOW,
    )
    days = days_of_circuit(world.circuit.pk, at=at, days=3)
    assert [day.down_seconds for day in days] == [0, 3600, 3600]
    assert [day.state for day in days] == ["up", "down", "down"]
    assert days[1].availability == 1 - 1 / 24
    assert days[2].availability == 0.75


def test_planned_work_is_no_downtime(world: World) -> None:
    incident = Incident.objects.create(cause_label="割接", opened_at=NOW, detected_at=NOW, planned=True)
    Impact.objects.create(
        incident=incident, circuit=world.circuit, customer=world.bank, region_code="4201", state=LiveState.DOWN,
        planned=True, from_at=NOW, to_at=NOW + timedelta(hours=1), detected_at=NOW,
    )  # fmt: skip
    today = days_of_circuit(world.circuit.pk, at=NOW + timedelta(hours=2), days=1)[0]
    assert (today.state, today.down_seconds, today.availability) == ("planned", 0, 1.0)


def test_the_route_leads_into_the_network_for_those_who_may_go_there(signed_in: SignIn, world: World) -> None:
    for username, leads in (("li.qiang", True), ("wang.min", False)):
        page = signed_in(username).get(f"/circuits/{world.circuit.pk}").content.decode()
        assert ("/resources/" in page) == leads, username
