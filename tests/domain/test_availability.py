"""The ledger of availability: states, two views, bounds, verdicts; what is refused (PC 16-20)."""

from decimal import Decimal

import numpy as np
import pytest

from mainstay.domain.availability import Fact, Kind, LedgerError, Outcome, State, fraction, judge, spans, sums, views
from mainstay.domain.availability.kinds import View

HOUR = 3600


def both(*facts: tuple[int, int, Kind], length: int = 10 * HOUR) -> tuple[View, View]:
    return views(spans([Fact(*fact) for fact in facts], 0, length))


def test_it_works() -> None:
    contract, felt = both((HOUR, 2 * HOUR, Kind.DOWN))
    assert contract == felt == View(10 * HOUR, 9 * HOUR, HOUR, 0, 0, 0, 0, 1, HOUR)
    assert fraction(contract) == (Decimal("0.9"), Decimal("0.9"))


def test_two_alarms_of_one_outage_are_united_not_added() -> None:
    contract, _ = both((0, 1800, Kind.DOWN), (0, 1800, Kind.DOWN), (600, 1500, Kind.DOWN))
    assert (contract.down_s, contract.outages, contract.longest_s) == (1800, 1, 1800)


def test_outages_that_touch_are_one() -> None:
    contract, _ = both((0, 60, Kind.DOWN), (60, 90, Kind.DOWN), (91, 95, Kind.DOWN))
    assert (contract.outages, contract.longest_s) == (2, 90)


def test_planned_work_counts_as_felt_and_not_under_the_contract() -> None:
    contract, felt = both((0, HOUR, Kind.PLANNED_DOWN), (HOUR, 2 * HOUR, Kind.DOWN))
    assert (contract.planned_s, contract.down_s, felt.down_s) == (HOUR, HOUR, 2 * HOUR)
    assert (contract.outages, felt.outages, felt.longest_s) == (1, 1, 2 * HOUR)


def test_what_is_excused_does_not_excuse_what_is_not() -> None:
    contract, _ = both((0, HOUR, Kind.EXCLUDED_DOWN), (1800, 2400, Kind.DOWN))
    assert (contract.excluded_s, contract.down_s) == (3000, 600)


def test_unknown_time_is_never_up_and_makes_two_bounds() -> None:
    contract, felt = both((0, HOUR, Kind.UNKNOWN), (HOUR, 2 * HOUR, Kind.DOWN))
    assert (contract.unknown_s, felt.unknown_s, contract.up_s) == (HOUR, HOUR, 8 * HOUR)
    assert fraction(contract) == (Decimal("0.8"), Decimal("0.9"))


def test_what_is_known_weighs_more_than_that_nothing_is_known() -> None:
    contract, felt = both((0, HOUR, Kind.UNKNOWN), (0, 600, Kind.DOWN), (600, 1200, Kind.EXCLUDED_DOWN))
    assert (contract.unknown_s, contract.down_s, contract.excluded_s, felt.down_s) == (2400, 600, 600, 1200)


def test_an_agreed_exclusion_removes_outages_and_leaves_what_was_up() -> None:
    contract, felt = both((0, HOUR, Kind.AGREED), (1800, 2 * HOUR, Kind.DOWN))
    assert (contract.excluded_s, contract.down_s, contract.up_s, felt.down_s) == (1800, HOUR, 8 * HOUR + 1800, 5400)


def test_degraded_time_is_available() -> None:
    contract, _ = both((0, HOUR, Kind.DEGRADED))
    assert (contract.degraded_s, contract.outages, fraction(contract)[0]) == (HOUR, 0, Decimal(1))


def test_a_month_that_is_all_excluded_keeps_every_promise() -> None:
    contract, _ = both((0, 10 * HOUR, Kind.EXCLUDED_DOWN))
    assert fraction(contract) == (Decimal(1), Decimal(1))
    assert judge(contract, 999_900) == Outcome.MET


def test_availability_is_never_shown_better_than_it_is() -> None:
    contract, _ = both((0, 1, Kind.DOWN), length=30 * 86400)
    assert fraction(contract)[0] == Decimal("0.999999")


def test_a_promise_is_judged_exactly() -> None:
    allowed = 2592  # 99.9 % of thirty days
    for seconds, outcome in ((allowed, Outcome.MET), (allowed + 1, Outcome.MISSED)):
        contract, _ = both((0, seconds, Kind.DOWN), length=30 * 86400)
        assert judge(contract, 999_000) == outcome


def test_a_promise_that_hangs_on_unknown_time_is_not_decided() -> None:
    contract, _ = both((0, 2000, Kind.DOWN), (5000, 6000, Kind.UNKNOWN), length=30 * 86400)
    assert judge(contract, 999_000) == Outcome.UNDECIDED
    assert judge(contract, None) == Outcome.NO_PROMISE


def test_a_running_month_is_missed_only_when_it_cannot_be_mended() -> None:
    contract, _ = both((0, 2000, Kind.DOWN), length=86400)
    assert judge(contract, 999_000, still_to_come_s=29 * 86400) == Outcome.UNDECIDED
    contract, _ = both((0, 2600, Kind.DOWN), length=86400)
    assert judge(contract, 999_000, still_to_come_s=29 * 86400) == Outcome.MISSED


def test_spans_cover_the_period_and_name_their_facts() -> None:
    found = spans([Fact(10, 30, Kind.DOWN), Fact(20, 40, Kind.PLANNED_DOWN)], 0, 50)
    assert [(one.from_s, one.to_s, one.contract, one.facts) for one in found] == [
        (0, 10, State.UP, ()), (10, 20, State.DOWN, (0,)), (20, 30, State.DOWN, (0, 1)),
        (30, 40, State.PLANNED, (1,)), (40, 50, State.UP, ()),
    ]  # fmt: skip


def test_an_end_before_its_begin_is_refused() -> None:
    with pytest.raises(LedgerError, match="before it begins"):
        spans([Fact(5, 4, Kind.DOWN)], 0, 10)
    one, zero = np.array([1]), np.array([0])
    with pytest.raises(LedgerError, match="before they begin"):
        sums(zero, one, zero, zero, begin_s=zero, end_s=one)


def test_a_fact_of_an_unknown_circuit_is_refused() -> None:
    one, zero = np.array([1]), np.array([0])
    with pytest.raises(LedgerError, match="not among"):
        sums(one, zero, one, zero, begin_s=zero, end_s=one)


def test_no_facts_are_all_up() -> None:
    nothing = np.empty(0, np.int64)
    found = sums(nothing, nothing, nothing, nothing, begin_s=np.array([0]), end_s=np.array([60]))
    assert found.views(0)[0] == View(60, 60, 0, 0, 0, 0, 0, 0, 0)
