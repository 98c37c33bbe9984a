"""A month with one outage: figures, evidence, closing."""

from datetime import UTC, date, datetime
from decimal import Decimal

from mainstay.accounts.catalog.models import PromiseTerm
from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import Impact, Incident
from mainstay.network.inventory.models import Circuit
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.choices import LedgerState, Verdict
from mainstay.service.service_levels.queries import results
from tests.cast import World

SEPTEMBER = date(2026, 9, 1)
BEGIN = datetime(2026, 8, 31, 16, tzinfo=UTC)


def test_it_works(world: World, leader: Actor, machinery: Actor) -> None:
    PromiseTerm.objects.create(
        profile=world.profile, metric="availability", amount="99.9", unit="percent", calendar=world.calendar_always,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    incident = Incident.objects.create(opened_at=BEGIN, detected_at=BEGIN, cause_label="x")
    circuit: Circuit = world.circuit
    Impact.objects.create(
        incident=incident, circuit=circuit, customer=circuit.customer, region_code=circuit.region_code, state=3,
        from_at=datetime(2026, 9, 10, 1, tzinfo=UTC), to_at=datetime(2026, 9, 10, 3, 40, tzinfo=UTC), detected_at=BEGIN,
    )  # fmt: skip
    actions.bring_up_to(datetime(2026, 9, 30, 12, tzinfo=UTC), machinery)
    actions.close_month(SEPTEMBER, datetime(2026, 10, 3, tzinfo=UTC), machinery)
    found = results.circuit_result(leader, circuit.pk, SEPTEMBER)
    assert (found.contract.down_s, found.contract.outages, found.felt.down_s) == (9600, 1, 9600)
    assert found.contract.total_s == 30 * 86400
    assert (found.verdict, found.target, found.version) == (Verdict.MISSED, Decimal("0.999"), 1)
    assert found.contract.lower == found.contract.upper == Decimal("0.996296")
    spans = results.evidence(leader, circuit.pk, SEPTEMBER)
    assert [span.state for span in spans] == [LedgerState.UP, LedgerState.DOWN, LedgerState.UP]
    assert sum(span.seconds for span in spans) == 30 * 86400
    assert [one.circuit_id for one in results.missed(SEPTEMBER)] == [circuit.pk]
    assert results.months(leader)[0].missed == 1
    assert set(results.results_of([circuit.customer_id], SEPTEMBER)) == {circuit.customer_id}
    assert results.customer_result(leader, circuit.customer_id, SEPTEMBER).contract.down_s == 9600
    assert results.contract_result(leader, world.contract.pk, SEPTEMBER).felt.outages == 1
