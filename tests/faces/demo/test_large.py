"""The province at full size, here a five-hundredth of it: what is laid in bulk is what the judges make of the log."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.utils.translation import override

from mainstay.domain.actor import system
from mainstay.faces.demo.large.loading import FullSize, LargeLoader
from mainstay.faces.demo.province import Extent
from mainstay.network.alarms.rejudging import rejudge as rejudge_alarms
from mainstay.network.inventory.models import Circuit
from mainstay.platform.bulk.laying import NotEmpty, bare_ground
from mainstay.platform.search.queries import find
from mainstay.service.tickets.models import Clock, Ticket
from mainstay.service.tickets.rejudge import rejudge, untold_troubles

AT = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
SMALL = FullSize(Extent(2, 1, 14, 1.0, 2), 200, 500, 2_000, 200, 24, 900)


@pytest.fixture
def laid(transactional_db: None) -> list[str]:
    """Lay a small one; what it said is given."""
    said: list[str] = []
    with override("zh-hans"):
        loader = LargeLoader(SMALL, 1, AT, lambda stage, count: said.append(f"{stage}: {count}"), said.append)
        loader.load()
    return said


def test_what_is_laid_is_what_the_judges_make_of_the_log(laid: list[str]) -> None:
    assert list(rejudge(at=AT)) == []
    judged = rejudge_alarms(at=AT)
    assert judged.differences == []
    told = [line for line in untold_troubles(judged.troubles) if "circuit" in line]
    assert told == []
    assert "tickets: 2000" in laid
    assert Ticket.objects.exclude(status="closed").count() > 20
    assert {row.state for row in Clock.objects.all()} >= {"met", "breached", "running"}
    assert Circuit.objects.filter(live__state=3).count() >= 10

    everybody = system("test")
    thing = Circuit.objects.select_related("customer").order_by("pk")[7]
    assert any(found.id == str(thing.pk) for found in find(thing.number, everybody, kinds=("circuit",)))
    assert find("yinhang", everybody, kinds=("customer",))

    fresh = Ticket.objects.create(
        origin="staff", customer=thing.customer, region_code="4201", opened_at=AT, title="编号接续"
    )
    assert fresh.pk > 2_000
    connection.check_constraints()
    with pytest.raises(NotEmpty), bare_ground((Ticket,)):
        pass
