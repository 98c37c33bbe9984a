"""References without constraints are looked at on demand (decision 0017)."""

import pytest

from mainstay.network.alarms.models import Impact
from mainstay.platform.monitoring.references import Dangling, dangling, unguarded
from tests.cast import NOW, World
from tests.service.tickets.network import DOWN, change, happen, incident

pytestmark = pytest.mark.django_db


def test_what_the_house_writes_names_only_what_is_there(world: World) -> None:
    happen(change(world.circuit, DOWN, NOW, of=incident()))
    assert {field.model._meta.db_table for field in unguarded()} >= {"tickets_ticketevent", "alarms_impact"}
    assert list(dangling()) == []


def test_a_row_that_names_what_is_gone_is_found(world: World) -> None:
    Impact.objects.create(
        id=7, incident_id=4711, circuit=world.circuit, customer=world.bank, region_code="42", state=DOWN, from_at=NOW,
        detected_at=NOW,
    )  # fmt: skip
    assert list(dangling()) == [Dangling("alarms_impact", "incident_id", 1, 7)]
