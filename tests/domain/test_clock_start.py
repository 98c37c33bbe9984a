"""From which instant a clock starts, and what is done about sources whose clocks are far off (PC 24)."""

from datetime import datetime, timedelta

import pytest

from mainstay.domain.promise_clock import (
    CAUTION_TEXTS,
    ClockError,
    ClockPolicy,
    ClockTolerance,
    StartAt,
    StartFacts,
    choose_start,
)
from tests.domain.clock_cast import beijing

RECEIVED = beijing(9, 21, 9, 10)
FACTS = StartFacts(
    received_at=RECEIVED,
    event_at=beijing(9, 21, 9),
    detected_at=beijing(9, 21, 9, 11),
    reported_at=beijing(9, 21, 9, 30),
)


def test_by_default_the_clock_starts_when_the_circuit_went_down() -> None:
    """PC 24."""
    chosen = choose_start(ClockPolicy().start_at, FACTS)
    assert (chosen.at, chosen.taken_from, chosen.cautions) == (FACTS.event_at, "event", ())


@pytest.mark.parametrize(
    ("policy", "at"), [(StartAt.DETECTION, FACTS.detected_at), (StartAt.REPORT, FACTS.reported_at)]
)
def test_the_policy_names_the_instant(policy: StartAt, at: datetime) -> None:
    """PC 24."""
    assert choose_start(policy, FACTS).at == at


@pytest.mark.parametrize("offset_s", [301, 86400 * 365, -3601, -86400 * 20000])
def test_a_source_whose_clock_is_far_off_is_judged_by_receipt_and_flagged(offset_s: int) -> None:
    """PC 24."""
    chosen = choose_start(StartAt.EVENT, StartFacts(RECEIVED, event_at=RECEIVED + timedelta(seconds=offset_s)))
    assert (chosen.at, chosen.taken_from) == (RECEIVED, "receipt")
    assert [(one.code, one.params) for one in chosen.cautions] == [("source_clock_off", {"offset_s": offset_s})]


@pytest.mark.parametrize("offset_s", [300, 0, -3600])
def test_a_source_within_the_tolerance_is_believed(offset_s: int) -> None:
    """PC 24."""
    event_at = RECEIVED + timedelta(seconds=offset_s)
    assert choose_start(StartAt.EVENT, StartFacts(RECEIVED, event_at=event_at)).at == event_at


def test_the_tolerance_is_an_argument() -> None:
    """PC 24: a source known to deliver late is given more time."""
    event_at = RECEIVED - timedelta(hours=5)
    patient = ClockTolerance(behind_s=6 * 3600)
    assert choose_start(StartAt.EVENT, StartFacts(RECEIVED, event_at=event_at), patient).at == event_at


@pytest.mark.parametrize("policy", list(StartAt))
def test_a_missing_fact_falls_back_to_receipt_and_is_flagged(policy: StartAt) -> None:
    chosen = choose_start(policy, StartFacts(RECEIVED))
    assert (chosen.at, chosen.taken_from) == (RECEIVED, "receipt")
    assert CAUTION_TEXTS[chosen.cautions[0].code].format(**chosen.cautions[0].params).count(policy.value) == 1


def test_a_naive_time_is_refused() -> None:
    """PC 20."""
    with pytest.raises(ClockError, match="no time zone"):
        choose_start(StartAt.EVENT, StartFacts(datetime(2026, 9, 21)))  # noqa: DTZ001
    with pytest.raises(ClockError, match="no time zone"):
        choose_start(StartAt.EVENT, StartFacts(RECEIVED, event_at=datetime(2026, 9, 21)))  # noqa: DTZ001
