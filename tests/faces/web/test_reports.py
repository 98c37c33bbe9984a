"""The page of reports with one cause, and what is reached from it (H1, G6)."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import Incident
from mainstay.network.inventory.models import Circuit
from mainstay.service.tickets.actions.opening import Report, report_fault
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.faces.web.conftest import SignIn
from tests.faces.web.outage import crowd, minutes_ago


def call(circuits: list[Circuit], by: Actor) -> list[int]:
    return [
        report_fault(Report("专线不通", "phone", circuit_id=circuit.pk), at=minutes_ago(20 - n % 10), by=by).ticket.pk
        for n, circuit in enumerate(circuits)
    ]


def test_it_works_from_the_suggestion_to_the_end_by_hand(world: World, signed_in: SignIn, officer: Actor) -> None:
    call(crowd(world, 6), officer)
    report_fault(Report("全断了", "phone", customer_id=world.bank.pk), at=minutes_ago(14), by=officer)
    client = signed_in("li.qiang")
    page = client.get(reverse("web:reports")).content.decode()
    assert "7 reports belong to no incident" in page
    causes = client.get(reverse("web:reports"), {"part": "causes"}).content.decode()
    assert "6 of" in causes
    assert causes.count(" checked") == 6
    resource = world.resources["cable-BC"]
    tickets = list(Ticket.objects.exclude(customer=world.bank).values_list("pk", flat=True))
    client.post(reverse("web:reports-tie"), {"tickets": tickets, "resource": resource.code})
    incident = Incident.objects.get()
    assert incident.cause == resource
    for name in ("wall", "incidents"):
        client.get(reverse(f"web:{name}"))
    wall = client.get(reverse("web:wall")).content.decode()
    assert reverse("web:incident-reports", args=[incident.pk]) in wall
    assert "reported by customers" in wall
    assert "1</strong> reports without incident" in wall
    page = client.get(reverse("web:incident", args=[incident.pk])).content.decode()
    assert '<strong class="num">6</strong> reports' in page
    assert "no alarm tells of it" in page
    client.post(reverse("web:reports-untie"), {"tickets": tickets[:1], "why": "别的故障"})
    assert Ticket.objects.filter(incident=incident).count() == 5
    ended = {"restored_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "proof": "测试正常"}
    answer = client.post(reverse("web:incident-end", args=[incident.pk]), ended, follow=True).content.decode()
    assert "The incident is over" in answer
    assert set(Ticket.objects.filter(incident=incident).values_list("status", flat=True)) == {"resolved"}


def test_one_who_calls_later_hears_since_when_it_is_known(world: World, signed_in: SignIn, officer: Actor) -> None:
    from mainstay.service.tickets.actions import tying

    tickets = call(crowd(world, 3), officer)
    tying.declare_and_tie(tickets, world.resources["cable-BC"].pk, at=minutes_ago(5), by=officer)
    about = {"circuit": world.logistics_circuit.pk}
    assert "Already known" in signed_in("li.qiang").get(reverse("web:ticket-report"), about).content.decode()
    portal = signed_in("wu.tong")
    page = portal.get(reverse("portal:report"), about).content.decode()
    assert "We know already" in page
    assert "R-0000" not in page
    told = portal.post(
        reverse("portal:report"), {"subject": world.logistics_circuit.pk, "text": "断了"}, follow=True
    ).content.decode()
    assert "Already known since" in told


def test_the_list_takes_as_many_queries_for_forty_as_for_four(world: World, signed_in: SignIn, officer: Actor) -> None:
    client, counted = signed_in("li.qiang"), []
    for first, count in ((0, 4), (4, 40)):
        call(crowd(world, count, first=first), officer)
        with CaptureQueriesContext(connection) as listed:
            client.get(reverse("web:reports"))
        with CaptureQueriesContext(connection) as causes:
            client.get(reverse("web:reports"), {"part": "causes"})
        counted.append((len(listed), len(causes)))
    assert counted[0] == counted[1]


def test_another_region_sees_none_of_it_and_an_account_manager_no_page(
    world: World, signed_in: SignIn, officer: Actor
) -> None:
    tickets = call(crowd(world, 3), officer)
    elsewhere = signed_in("huang.wei")
    assert "No report without incident" in elsewhere.get(reverse("web:reports")).content.decode()
    assert elsewhere.post(reverse("web:reports-tie"), {"tickets": tickets, "resource": "cable-BC"}).status_code == 404
    assert not Incident.objects.exists()
    assert signed_in("wang.min").get(reverse("web:reports")).status_code == 403


def test_an_unknown_resource_is_said(world: World, signed_in: SignIn, officer: Actor) -> None:
    tickets = call(crowd(world, 1), officer)
    answer = signed_in("li.qiang").post(
        reverse("web:reports-tie"), {"tickets": tickets, "resource": "nowhere"}, follow=True
    )  # fmt: skip
    assert "does not know “nowhere”" in answer.content.decode()
    assert timezone.now() - Ticket.objects.get().opened_at < timedelta(hours=1)
