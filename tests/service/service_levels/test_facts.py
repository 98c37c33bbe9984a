"""What counts, what does not, and why: planned work, responsibility, silence, reports, agreed exclusions (PC 15-19)."""

from datetime import UTC, datetime, timedelta

from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import AlarmSource, Incident
from mainstay.network.planned_work.models import PlannedWork
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.actions.excluding import Agreed
from mainstay.service.service_levels.choices import LedgerState, Verdict
from mainstay.service.service_levels.models import LedgerMonth
from mainstay.service.service_levels.queries import results
from mainstay.service.service_levels.shapes import CircuitResult
from mainstay.service.tickets.models import Clock, Rejudging, Ticket
from tests.cast import World
from tests.service.service_levels.stage import BEGIN, DEGRADED, OVER, SEPTEMBER, on, outage, promise, ticket

HOUR = 3600


def reckoned(world: World, by: Actor, circuit_id: int | None = None) -> CircuitResult:
    actions.reckon_month(SEPTEMBER, at=OVER, by=by)
    return results.circuit_result(by, circuit_id or world.circuit.pk, SEPTEMBER)


def test_planned_work_is_felt_and_not_counted_and_overrun_counts(world: World, machinery: Actor) -> None:
    work = PlannedWork.objects.create(
        number="GJ-1", title="割接", status="done", from_at=on(8, 0), to_at=on(8, 2), announced_at=on(1)
    )
    work.resources.add(world.link("BC"))
    outage(world.circuit, on(8, 0, 30), on(8, 2), planned=True)
    outage(world.circuit, on(8, 2), on(8, 2, 20))
    found = reckoned(world, machinery)
    assert (found.contract.planned_s, found.contract.down_s, found.felt.down_s) == (5400, 1200, 6600)
    _, planned, over, _ = results.evidence(machinery, world.circuit.pk, SEPTEMBER)
    assert (planned.state, planned.felt, planned.work_number) == (LedgerState.PLANNED, LedgerState.DOWN, "GJ-1")
    assert "GJ-1" in planned.why
    assert over.state == LedgerState.DOWN


def test_what_another_is_responsible_for_is_excluded_and_not_decided_counts(world: World, machinery: Actor) -> None:
    outage(world.circuit, on(3, 1), on(3, 2), ticket=ticket(world.circuit, on(3, 1), "customer"))
    outage(world.circuit, on(4, 1), on(4, 2), ticket=ticket(world.circuit, on(4, 1), "other_operator"))
    outage(world.circuit, on(5, 1), on(5, 2), ticket=ticket(world.circuit, on(5, 1), "force_majeure"))
    outage(world.circuit, on(6, 1), on(6, 2), ticket=ticket(world.circuit, on(6, 1), "operator"))
    outage(world.circuit, on(7, 1), on(7, 2), ticket=ticket(world.circuit, on(7, 1)))
    found = reckoned(world, machinery)
    assert (found.contract.excluded_s, found.contract.down_s, found.felt.down_s) == (3 * HOUR, 2 * HOUR, 5 * HOUR)
    assert (found.contract.outages, found.felt.outages) == (2, 5)


def test_overlapping_outages_are_united(world: World, machinery: Actor) -> None:
    outage(world.circuit, on(3, 1), on(3, 1, 30))
    outage(world.circuit, on(3, 1, 10), on(3, 1, 40))
    found = reckoned(world, machinery)
    assert (found.contract.down_s, found.contract.outages) == (2400, 1)


def test_degraded_time_is_shown_and_available(world: World, machinery: Actor) -> None:
    outage(world.circuit, on(3, 1), on(3, 2), state=DEGRADED)
    found = reckoned(world, machinery)
    assert (found.contract.degraded_s, found.contract.down_s, found.contract.lower) == (HOUR, 0, 1)


def test_who_was_not_affected_was_up(world: World, machinery: Actor) -> None:
    row = outage(world.circuit, on(3, 1), on(3, 2))
    row.not_affected_at = on(3, 3)
    row.save()
    assert reckoned(world, machinery).felt.down_s == 0


def test_a_silent_source_makes_time_unknown_for_what_it_watches(world: World, admin: Actor) -> None:
    promise(world, "99.99")
    source = AlarmSource.objects.create(code="otn", name="OTN 网管")
    actions.watch_with(source.pk, [("4201", "")], at=on(1), by=admin)
    Incident.objects.create(
        kind="silent_source", source=source, opened_at=on(2, 1), detected_at=on(2, 1), restored_at=on(2, 3),
        cause_label="OTN",
    )  # fmt: skip
    found = reckoned(world, admin)
    assert (found.contract.unknown_s, found.contract.up_s) == (2 * HOUR, 30 * 86400 - 2 * HOUR)
    assert found.contract.lower < found.contract.upper == 1
    assert found.verdict == Verdict.UNDECIDED
    assert "OTN" in results.evidence(admin, world.circuit.pk, SEPTEMBER)[1].why
    elsewhere = results.circuit_result(admin, world.logistics_circuit.pk, SEPTEMBER)
    assert elsewhere.contract.unknown_s == (0 if not elsewhere.region_code.startswith("4201") else 2 * HOUR)


def test_time_before_our_data_begin_is_unknown(world: World, machinery: Actor) -> None:
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=BEGIN, data_from=on(3))
    assert reckoned(world, machinery).contract.unknown_s == 2 * 86400


def test_an_agreed_weekly_window_is_excluded(world: World, admin: Actor) -> None:
    window = Agreed(
        "合同第 7 条：每周日 2–4 时例行维护",
        on(1),
        contract_id=world.contract.pk,
        weekday=6,
        from_minute=120,
        to_minute=240,
    )
    actions.agree_exclusion(window, at=on(1), by=admin)
    outage(world.circuit, on(6, 1), on(6, 3))  # 6 September 2026 is a Sunday
    outage(world.circuit, on(7, 2), on(7, 3))
    found = reckoned(world, admin)
    assert (found.contract.excluded_s, found.contract.down_s, found.felt.down_s) == (HOUR, 2 * HOUR, 3 * HOUR)
    assert "第 7 条" in results.evidence(admin, world.circuit.pk, SEPTEMBER)[2].why


def test_what_a_customer_reported_without_an_alarm_counts_as_long_as_its_clock_ran(
    world: World, machinery: Actor
) -> None:
    mine = Ticket.objects.create(
        origin="phone", customer=world.bank, region_code="4201", opened_at=on(3, 1), status="closed"
    )
    Clock.objects.create(
        ticket=mine, kind="restoration", circuit=world.circuit, promise={}, policy={}, state="met",
        started_at=on(3, 1), stopped_at=on(3, 2, 30),
    )  # fmt: skip
    outage(world.circuit, on(3, 2), on(3, 2, 10))
    found = reckoned(world, machinery)
    assert (found.contract.down_s, found.contract.outages) == (5400, 1)


def test_begin_and_end_follow_what_two_people_agreed_on(world: World, machinery: Actor) -> None:
    mine = ticket(world.circuit, on(3, 1))
    outage(world.circuit, on(3, 1), on(3, 2), ticket=mine)
    for kind, when in (("began", on(3, 0, 40)), ("restored", on(3, 1, 50))):
        Rejudging.objects.create(
            ticket=mine, kind=kind, why="x", state="applied", asked_by="李强", asked_at=on(4), decided_at=on(5),
            wanted={"circuit_id": world.circuit.pk, "from_at": when.isoformat(), "to_at": None, "reason": ""},
        )  # fmt: skip
    assert reckoned(world, machinery).contract.down_s == 70 * 60


def test_a_circuit_opened_amid_the_month_is_judged_from_then_on(world: World, machinery: Actor) -> None:
    world.circuit.opened_on = datetime(2026, 9, 11, tzinfo=UTC).date()
    world.circuit.save()
    outage(world.circuit, on(10, 23), on(11, 1))
    found = reckoned(world, machinery)
    assert (found.contract.total_s, found.contract.down_s) == (20 * 86400, HOUR)


def test_an_outage_over_the_turn_of_the_month_counts_in_both(world: World, machinery: Actor) -> None:
    outage(world.circuit, BEGIN - timedelta(hours=1), on(1, 1))
    assert reckoned(world, machinery).contract.down_s == HOUR
