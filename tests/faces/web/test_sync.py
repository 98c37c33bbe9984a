"""The pages about network managers: what they show, how many queries they cost, what one can do there."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.network.inventory.models import Resource
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.models import Difference, SyncRun
from tests.cast import World
from tests.network.reconciliation.stage import CLOCK, DEVICES, HEAD, circuits, csv, devices, run, source


@pytest.fixture
def admin_client(world: World) -> Client:
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.cookies["django_language"] = "en"
    client.force_login(world.users["admin"], backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_it_works(world: World, admin_client: Client) -> None:
    made = source(default_rule="ask")
    run(made, devices())
    run(made, devices(("device-D", "vendor", "华为")))
    page = text(admin_client, "/sync/differences")
    for word in ("device-D", "大冶 MSTP", "长江光电", "华为", "2 circuits", "2 customers", "The source changed"):
        assert word in page, word
    ids = list(Difference.objects.values_list("pk", flat=True))
    admin_client.post("/sync/differences/decide", {"differences": ids, "decision": "apply", "why": "核对"})
    assert Resource.objects.get(code="device-D").vendor == "华为"
    assert "Nothing waits for a decision" in text(admin_client, "/sync/differences")
    assert "核对" in text(admin_client, "/sync/differences?state=applied")


def test_the_list_costs_the_same_however_long(world: World, admin_client: Client) -> None:
    made = source(default_rule="ask")
    run(made, devices())
    run(made, devices(("device-A", "vendor", "x")))
    costs = []
    for raw in (None, devices(*((row[0], name, "y") for row in DEVICES for name in ("vendor", "name")))):
        if raw:
            run(made, raw)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get("/sync/differences")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9


def test_sources_and_a_source_cost_the_same_however_many(world: World, admin_client: Client) -> None:
    costs = []
    for code in ("a", "b", "c"):
        run(source(code), devices())
        with CaptureQueriesContext(connection) as queries:
            admin_client.get("/sync")
        costs.append(len(queries))
    assert costs[0] == costs[2] <= 8


def test_an_export_is_tried_out_then_taken_over(world: World, admin_client: Client) -> None:
    made = source(on_new="create")
    run(made, devices())
    raw = csv(HEAD, [*DEVICES[:3], ("device-X", "device", "新", "site-A", "4201", "x"), ("", "device", "", "", "", "")])
    file = SimpleUploadedFile("out.csv", raw)
    path = admin_client.post(f"/sync/sources/{made.pk}/give", {"file": file, "how": "try"})["Location"]
    tried = SyncRun.objects.latest("pk")
    assert running.advance(tried.pk, clock=CLOCK)
    page = text(admin_client, path)
    for word in ("device-X", "would be applied", "Take it over for real", "The row does not say", "out.csv"):
        assert word in page, word
    assert not Resource.objects.filter(code="device-X").exists()
    admin_client.post(f"{path}/for-real")
    assert running.advance(tried.pk, clock=CLOCK)
    assert Resource.objects.filter(code="device-X").exists()
    bad = b"".join(admin_client.get(f"{path}/errors").streaming_content).decode()  # type: ignore[attr-defined]
    assert "fill its code or id" in bad


def test_a_held_export_waits_on_my_day(world: World, admin_client: Client) -> None:
    made = source(covers="circuits", most_changed_percent=5)
    run(made, circuits())
    tried = SyncRun.objects.latest("pk")
    SyncRun.objects.filter(pk=tried.pk).update(
        state="held", held_because=[{"what": "vanish", "count": 900, "among": 1000, "percent": 5}]
    )
    assert "Confirm the export of 源 nms" in text(admin_client, "/")
    page = text(admin_client, f"/sync/runs/{tried.pk}")
    assert "900 of 1000 objects would vanish: more than 5 %." in page
    admin_client.post(f"/sync/runs/{tried.pk}/reject", {"why": "只有一半"})
    assert SyncRun.objects.get(pk=tried.pk).state == "rejected"


def test_routes_are_shown_hop_by_hop(world: World, admin_client: Client) -> None:
    middle = "port-A-client device-A link-DA device-D link-CD device-C port-C-client"
    way = f"converter-WH-HS-E1-0001-A {middle} converter-WH-HS-E1-0001-Z"
    run(source(covers="circuits", careful_grades=("AAA",)), circuits(route={"WH-HS-E1-0001": way}))
    page = text(admin_client, "/sync/differences")
    assert "<del>link-AB</del>" in page
    assert "<ins>link-DA</ins>" in page
    assert "touches circuits of a grade that is asked about" in page


def test_a_source_is_made_and_its_rules_are_set(world: World, admin_client: Client) -> None:
    given = {
        "code": "nms2", "covers": "resources", "name": "光网管", "region_code": "42", "file_pattern": "*.csv",
        "encoding": "auto", "mapping": "编码 = code\n名称 = name", "every_minutes": "0", "late_after_minutes": "0",
        "default_rule": "ask", "on_new": "ask", "on_vanished": "ask", "vanish_after": "2",
        "most_vanished_percent": "5", "most_changed_percent": "20", "rank": "3", "resource_kinds": ["device", "port"],
        "careful_grades": ["AAA", "AA"], "full": "on", "active": "on",
    }  # fmt: skip
    where = admin_client.post("/sync/sources/new", given)["Location"]
    admin_client.post(f"{where}/rules", {"rule-name": "source", "rank-name": "1"})
    page = text(admin_client, where)
    for word in ("光网管", "rank", "The source wins", "by hand only"):
        assert word in page, word
    assert "编码 = code" in text(admin_client, f"{where}/settings")
    refused = admin_client.post("/sync/sources/new", {**given, "code": "x", "mapping": "nonsense"})
    assert "is not of the form" in refused.content.decode()


def test_monitoring_names_sources(world: World, admin_client: Client) -> None:
    source(late_after_minutes=1)
    page = text(admin_client, "/settings/monitoring")
    assert "源 nms" in page
    assert "late" in page
