"""The portal: a customer's people see theirs, live, and act on it (L1, L2)."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from mainstay.network.inventory.models import Circuit
from mainstay.platform.messages.models import Message
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.faces.portal.conftest import fail, signed_in

PAGES = (
    "/portal/",
    "/portal/circuits",
    "/portal/tickets",
    "/portal/tickets?show=closed",
    "/portal/report",
    "/portal/notices",
)


def shown(client: Client, path: str) -> str:
    """Return the text of a page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_it_works(world: World, bank: Client, bank_ticket: Ticket) -> None:
    page = shown(bank, "/portal/")
    assert world.circuit.number in page
    assert bank_ticket.number in page
    assert "中断" in page


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_on_a_quiet_day_too(world: World, bank: Client, path: str) -> None:
    assert "<h1>" in shown(bank, path)
