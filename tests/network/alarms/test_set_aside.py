"""A report that cannot be judged is set aside with the reason; those before and after it are judged."""

from datetime import UTC, datetime

import pytest

from mainstay.faces.cli.loops import ImpactLoop
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.models import Alarm, AlarmReport, QuarantinedResource
from mainstay.service.tickets.models import Ticket
from tests.cast import NOW, World
from tests.network.alarms.conftest import WORKER

pytestmark = pytest.mark.django_db

BEYOND = datetime(9000, 1, 1, tzinfo=UTC)


def test_it_works(world: World) -> None:
    intake.accept(world.source, [NewReport("link-AB", "LOS", "critical", NOW)], at=NOW, by=WORKER)
    AlarmReport.objects.create(
        source=world.source, kind="raise", resource_ref="link-BC", alarm_type="LOS", severity="critical",
        event_at=BEYOND, received_at=BEYOND,
    )  # fmt: skip
    intake.accept(world.source, [NewReport("link-EF", "LOS", "critical", NOW)], at=NOW, by=WORKER)
    loop = ImpactLoop()
    for _ in range(8):
        loop.turn(NOW)
    assert set(Alarm.objects.values_list("resource__code", flat=True)) == {"link-AB", "link-EF"}
    assert Ticket.objects.get().customer == world.trade
    row = QuarantinedResource.objects.get()
    assert row.resource_ref == "link-BC"
    assert "Error" in row.last_text
    assert not AlarmReport.objects.filter(outcome="").exists()
