"""A bad day on the cast's network, as its customers meet it: cable CD fails for good, then BC; all tickets open."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.domain.actor import system
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.service.tickets.models import Ticket
from tests.cast import World

WORKER = system("impact worker")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def fail(world: World, *refs: str, minutes_ago: float = 20, severity: str = "critical") -> None:
    """Let alarms arrive and be judged; the pages look at the real clock, so instants lie before now."""
    at = timezone.now() - timedelta(minutes=minutes_ago)
    worker = ImpactWorker.start(at=at, by=WORKER)
    intake.accept(world.source, [NewReport(ref, "LOS", severity, at) for ref in refs], at=at, by=WORKER)
    while worker.step(at=at, by=WORKER):
        pass


def signed_in(world: World, username: str) -> Client:
    """Return a browser in which somebody of the cast is signed in."""
    client = Client()
    client.force_login(world.users[username], backend=BACKEND)
    return client


@pytest.fixture
def bank_ticket(world: World) -> Ticket:
    """The bank's AAA circuit is cut on both ways; so are the branch's and the logistics company's."""
    fail(world, "cable-CD", minutes_ago=30)
    fail(world, "cable-BC", minutes_ago=20)
    return Ticket.objects.get(customer=world.bank)


@pytest.fixture
def bank(world: World) -> Client:
    """周颖 of the bank."""
    return signed_in(world, "zhou.ying")


@pytest.fixture
def logistics(world: World) -> Client:
    """吴桐 of the logistics company."""
    return signed_in(world, "wu.tong")
