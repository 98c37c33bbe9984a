"""Promise clocks: one test per line of what they must get right (PC), named by sentence."""

import random
from datetime import timedelta

import pytest

from mainstay.domain.business_time import Unit, Why
from mainstay.domain.promise_clock import (
    CAUTION_TEXTS,
    WHY_TEXTS,
    ClockEvent,
    ClockPolicy,
    ClockState,
    EventKind,
    Phase,
    Promise,
    StopAt,
)
from tests.domain.clock_cast import ALWAYS, OFFICE, SPLIT, beijing
from tests.domain.clock_words import (
    EIGHT_WORKING_HOURS,
    FOUR_HOURS,
    HOUR,
    SAME_DAY,
    TWO_HOURS,
    TWO_WORKING_DAYS,
    change,
    event,
    monday,
    pause,
    read,
    start,
)


def test_it_works() -> None:
    verdict = read(monday(10), start(monday(9)))
    assert (verdict.state, verdict.used_s, verdict.remaining_s) == (ClockState.RUNNING, HOUR, 3 * HOUR)
    assert verdict.deadline_at == verdict.projected_deadline_at == monday(13)
    assert verdict.started_at == monday(9)


def test_before_its_start_a_clock_waits() -> None:
    verdict = read(monday(8), start(monday(9)))
    assert (verdict.state, verdict.used_s, verdict.remaining_s) == (ClockState.NOT_STARTED, 0, 4 * HOUR)
    assert (verdict.deadline_at, verdict.started_at, verdict.derivation) == (None, None, ())
    assert read(monday(8), promise=TWO_WORKING_DAYS).remaining_s == 27 * HOUR


def test_lunch_breaks_do_not_use_up_a_promise() -> None:
    """PC 1."""
    promise = Promise(120, Unit.WORKING_MINUTES, SPLIT)
    assert read(monday(13), start(monday(11)), promise=promise).deadline_at == monday(15)


def test_a_clock_past_the_last_known_year_says_so() -> None:
    """PC 2."""
    late = beijing(12, 31, 17)
    verdict = read(late, start(late), promise=EIGHT_WORKING_HOURS)
    assert [one.code for one in verdict.cautions] == ["beyond_known"]
    assert verdict.cautions[0].params == {"calendar": "office", "known_until": "2026-12-31"}
    assert "2026-12-31" in CAUTION_TEXTS["beyond_known"].format(**verdict.cautions[0].params)
    assert read(late, start(late)).cautions == ()
    assert read(monday(10), start(monday(9)), promise=EIGHT_WORKING_HOURS).cautions == ()


def test_each_unit_ends_where_it_says() -> None:
    """PC 3."""
    friday = beijing(9, 25, 17)
    ends = {
        Promise(960, Unit.NATURAL_MINUTES, OFFICE): beijing(9, 26, 9),
        Promise(960, Unit.WORKING_MINUTES, OFFICE): beijing(9, 29, 15),
        TWO_WORKING_DAYS: beijing(9, 29, 18),
        SAME_DAY: beijing(9, 25, 18),
    }
    for promise, deadline in ends.items():
        assert read(friday, start(friday), promise=promise).deadline_at == deadline


def test_72_hours_are_72_hours() -> None:
    """PC 4."""
    promise = Promise(72 * 60, Unit.NATURAL_MINUTES, ALWAYS)
    assert read(monday(9), start(monday(9)), promise=promise).deadline_at == monday(9) + timedelta(hours=72)


def test_a_pause_holds_the_clock_and_tells_where_the_deadline_would_be() -> None:
    """PC 6."""
    log = start(monday(9)), pause(monday(10))
    verdict = read(monday(11), *log)
    assert (verdict.state, verdict.used_s, verdict.deadline_at) == (ClockState.PAUSED, HOUR, None)
    assert verdict.projected_deadline_at == monday(14)
    assert (verdict.paused_since, verdict.pause_reason, verdict.pause_ends_at) == (monday(10), "access_denied", None)
    assert set(verdict.rungs.values()) == {None}
    resumed = read(monday(12), *log, event("resume", monday(11, 30)))
    assert (resumed.used_s, resumed.deadline_at) == (HOUR + HOUR // 2, monday(14, 30))


def test_a_pause_outside_working_time_costs_nothing() -> None:
    """PC 6."""
    log = [start(monday(16)), pause(monday(18)), event("resume", beijing(9, 22, 9))]
    with_pause = read(beijing(9, 22, 10), *log, promise=EIGHT_WORKING_HOURS)
    without = read(beijing(9, 22, 10), log[0], promise=EIGHT_WORKING_HOURS)
    assert (with_pause.used_s, with_pause.deadline_at) == (without.used_s, without.deadline_at)


def test_a_pause_ends_by_itself_at_its_limit() -> None:
    """PC 6."""
    log = start(monday(9)), pause(monday(10), limit_s=HOUR)
    assert read(monday(10, 30), *log).pause_ends_at == monday(11)
    verdict = read(monday(12), *log)
    assert (verdict.state, verdict.used_s, verdict.deadline_at) == (ClockState.RUNNING, 2 * HOUR, monday(14))
    assert read(monday(11), *log).state == ClockState.RUNNING
    assert read(monday(13), *log, event("resume", monday(12))) == read(monday(13), *log)


def test_another_pause_may_follow_one_that_reached_its_limit() -> None:
    """PC 6."""
    log = start(monday(9)), pause(monday(10), limit_s=HOUR), pause(monday(11), "power_off")
    assert read(monday(12), *log).pause_reason == "power_off"


@pytest.mark.parametrize(("promise", "deadline"), [(TWO_WORKING_DAYS, (9, 24, 11)), (SAME_DAY, (9, 22, 11))])
def test_pauses_shift_day_promises_by_their_working_time(promise: Promise, deadline: tuple[int, int, int]) -> None:
    """PC 3, 6: two working hours of pause, two working hours more."""
    log = start(monday(10)), pause(monday(14)), event("resume", monday(16))
    assert read(monday(17), *log, promise=promise).deadline_at == beijing(*deadline)


def test_a_change_of_promise_keeps_the_time_already_used() -> None:
    """PC 7."""
    log = start(monday(9)), change(monday(10), TWO_HOURS)
    before, after = read(monday(10), log[0]), read(monday(10), *log)
    assert before.used_s == after.used_s == HOUR
    assert (after.promise, after.remaining_s, after.deadline_at) == (TWO_HOURS, HOUR, monday(11))


def test_a_change_of_promise_keeps_used_time_even_into_another_calendar() -> None:
    """PC 7: two natural hours used on a Sunday stay two hours."""
    sunday = beijing(9, 27, 12)
    log = start(sunday), change(sunday + timedelta(hours=2), EIGHT_WORKING_HOURS)
    verdict = read(beijing(9, 28, 10), *log)
    assert (verdict.used_s, verdict.deadline_at) == (3 * HOUR, beijing(9, 28, 15))


def test_a_change_to_working_days_ends_at_the_closing_time_shifted_by_the_pauses() -> None:
    """PC 3, 7."""
    log = start(monday(10)), pause(monday(11)), event("resume", monday(12)), change(monday(13), TWO_WORKING_DAYS)
    verdict = read(monday(14), *log)
    assert (verdict.used_s, verdict.deadline_at) == (3 * HOUR, beijing(9, 24, 10))


def test_a_change_of_promise_never_resumes_a_paused_clock() -> None:
    """PC 7."""
    log = start(monday(9)), pause(monday(10)), change(monday(11), TWO_HOURS)
    verdict = read(monday(12), *log)
    assert (verdict.state, verdict.used_s, verdict.remaining_s) == (ClockState.PAUSED, HOUR, HOUR)
    assert (verdict.paused_since, verdict.projected_deadline_at) == (monday(10), monday(13))


def test_a_change_of_promise_rejudges_a_breach() -> None:
    """PC 7, 26."""
    log = start(monday(9)), change(monday(12), FOUR_HOURS)
    assert read(monday(12), log[0], promise=TWO_HOURS).breached_at == monday(11)
    assert read(monday(12), *log, promise=TWO_HOURS).state == ClockState.RUNNING
    tightened = read(monday(12), start(monday(9)), change(monday(12), TWO_HOURS))
    assert (tightened.state, tightened.breached_at) == (ClockState.BREACHED, monday(11))


def test_without_an_event_no_change_of_grade_touches_a_clock() -> None:
    """PC 26: the promise is an argument, frozen on the ticket; only an approved re-judging writes PROMISE_CHANGED."""
    log = start(monday(9)), event("stop", monday(12))
    assert read(monday(13), *log).state == ClockState.MET
    rejudged = read(monday(14), *log, change(monday(13), TWO_HOURS))
    assert (rejudged.state, rejudged.phase, rejudged.breached_at) == (ClockState.BREACHED, Phase.STOPPED, monday(11))


@pytest.mark.parametrize(("counts", "used"), [(False, 2 * HOUR), (True, 5 * HOUR)])
@pytest.mark.parametrize("kind", ["resolve", "stop", "confirm"])
def test_reopening_goes_on_and_resolved_time_counts_by_policy(kind: str, counts: bool, used: int) -> None:
    """PC 8."""
    log = start(monday(9)), event(kind, monday(10)), event("reopen", monday(13))
    verdict = read(monday(14), *log, policy=ClockPolicy(resolved_counts=counts))
    assert (verdict.phase, verdict.used_s) == (Phase.RUNNING, used)
    codes = [one.why.code for one in verdict.derivation]
    assert codes == (["always"] if counts else ["always", "cleared" if kind == "stop" else "resolved", "always"])


def test_a_circuit_that_goes_down_again_goes_on_using_up_its_promise() -> None:
    """PC 8, 23: time in service between the two never counts."""
    log = start(monday(9)), event("stop", monday(10)), start(monday(12)), event("stop", monday(13))
    for counts in (False, True):
        verdict = read(monday(14), *log, policy=ClockPolicy(resolved_counts=counts))
        assert (verdict.state, verdict.used_s, verdict.stopped_at) == (ClockState.MET, 2 * HOUR, monday(13))
        assert [one.why.code for one in verdict.derivation] == ["always", "cleared", "always"]


def test_a_pause_outlasts_a_flap_of_the_circuit() -> None:
    """PC 6: the reason has not gone away because the circuit was up for a minute."""
    log = start(monday(9)), pause(monday(10)), event("stop", monday(10, 5)), start(monday(10, 10))
    assert read(monday(11), *log).state == ClockState.PAUSED
    assert read(monday(12), *log, event("resume", monday(11))).used_s == 2 * HOUR


def test_remaining_time_is_read_at_any_moment_without_any_change() -> None:
    """PC 9."""
    for minutes in range(0, 600, 7):
        at = monday(9) + timedelta(minutes=minutes)
        verdict = read(at, start(monday(9)))
        assert verdict.remaining_s == 4 * HOUR - minutes * 60
        assert verdict.state == (ClockState.RUNNING if minutes < 240 else ClockState.BREACHED)


def test_rungs_go_through_the_same_calendar_and_honour_pauses() -> None:
    """PC 10."""
    log = start(monday(14)), pause(monday(15)), event("resume", monday(16))
    verdict = read(monday(17), *log, promise=EIGHT_WORKING_HOURS)
    assert verdict.rungs == {
        50: beijing(9, 22, 10),
        75: beijing(9, 22, 12),
        100: beijing(9, 22, 14),
        150: beijing(9, 22, 18),
    }
    assert verdict.rungs[100] == verdict.deadline_at


def test_rungs_reached_stay_and_later_ones_go_when_the_clock_stops() -> None:
    """PC 10."""
    verdict = read(monday(20), start(monday(9)), event("stop", monday(12)))
    assert verdict.rungs == {50: monday(11), 75: monday(12), 100: None, 150: None}


def test_a_backdated_event_rejudges_what_followed() -> None:
    """PC 11."""
    log = [start(monday(9)), event("stop", monday(13, 30))]
    assert read(monday(14), *log).state == ClockState.BREACHED
    log += [
        ClockEvent(EventKind.PAUSE, monday(10), 3, monday(15), reason="access_denied"),
        ClockEvent(EventKind.RESUME, monday(11), 4, monday(15)),
    ]
    assert read(monday(16), *log).state == ClockState.MET


def test_the_order_of_recording_never_changes_the_verdict() -> None:
    """PC 11."""
    log = [start(monday(9)), pause(monday(10)), event("resume", monday(11)), event("resolve", monday(11, 30))]
    log += [event("reopen", monday(12)), change(monday(12), TWO_HOURS), event("confirm", monday(13))]
    expected = read(monday(14), *log)
    for seed in range(20):
        shuffled = random.Random(seed).sample(log, len(log))
        assert read(monday(14), *shuffled) == expected


def test_the_deadline_explains_itself() -> None:
    """PC 12."""
    log = start(beijing(9, 30, 16)), pause(beijing(9, 30, 17)), event("resume", beijing(9, 30, 17, 30))
    verdict = read(beijing(10, 8, 10), *log, promise=EIGHT_WORKING_HOURS)
    told = [(one.from_at, one.to_at, one.seconds, one.why) for one in verdict.derivation]
    assert told == [
        (beijing(9, 30, 16), beijing(9, 30, 17), HOUR, Why("working_hours")),
        (beijing(9, 30, 17), beijing(9, 30, 17, 30), 0, Why("paused", {"reason": "access_denied"})),
        (beijing(9, 30, 17, 30), beijing(9, 30, 18), HOUR // 2, Why("working_hours")),
        (beijing(9, 30, 18), beijing(10, 1), 0, Why("outside_hours")),
        (beijing(10, 1), beijing(10, 8), 0, Why("holiday", {"label": "国庆节"})),
        (beijing(10, 8), beijing(10, 8, 9), 0, Why("outside_hours")),
        (beijing(10, 8, 9), beijing(10, 8, 10), HOUR, Why("working_hours")),
    ]
    assert all(WHY_TEXTS[why.code].format(**why.params) for *_, why in told)


def test_several_clocks_run_on_one_log() -> None:
    """PC 13: each promise is judged by itself, on the same facts."""
    log = start(monday(9)), pause(monday(10)), event("resume", monday(11))
    deadlines = [read(monday(12), *log, promise=one).deadline_at for one in (FOUR_HOURS, TWO_HOURS)]
    assert deadlines == [monday(14), monday(12)]


def test_a_clock_stopped_at_its_deadline_is_met_and_one_still_running_then_is_breached() -> None:
    """PC 5: half-open."""
    assert read(monday(13), start(monday(9))).state == ClockState.BREACHED
    assert read(monday(14), start(monday(9)), event("stop", monday(13))).state == ClockState.MET
    late = read(monday(14), start(monday(9)), event("stop", monday(13) + timedelta(seconds=1)))
    assert (late.state, late.phase, late.breached_at) == (ClockState.BREACHED, Phase.STOPPED, monday(13))


def test_a_fault_mended_at_night_after_the_deadline_at_closing_time_is_late() -> None:
    """PC 3: no working second has passed since the deadline, yet it was not met."""
    log = start(monday(17)), event("stop", monday(22))
    verdict = read(monday(23), *log, promise=SAME_DAY)
    assert (verdict.state, verdict.remaining_s, verdict.breached_at) == (ClockState.BREACHED, 0, monday(18))


def test_a_breached_clock_may_be_paused_and_stays_breached() -> None:
    verdict = read(monday(16), start(monday(9)), pause(monday(14)))
    assert (verdict.state, verdict.phase, verdict.remaining_s) == (ClockState.BREACHED, Phase.PAUSED, -HOUR)
    assert verdict.deadline_at == monday(13)


def test_with_confirmation_as_the_stop_time_counts_until_the_customer_agrees() -> None:
    """PC 24."""
    policy = ClockPolicy(stop_at=StopAt.CONFIRMATION)
    log = start(monday(9)), event("stop", monday(10)), event("resolve", monday(10, 30))
    assert read(monday(11), *log, policy=policy).used_s == 2 * HOUR
    confirmed = read(monday(15), *log, event("confirm", monday(12)), policy=policy)
    assert (confirmed.state, confirmed.stopped_at, confirmed.used_s) == (ClockState.MET, monday(12), 3 * HOUR)
    reopened = read(monday(12), *log, event("reopen", monday(11)), policy=policy)
    assert (reopened.state, reopened.used_s) == (ClockState.RUNNING, 3 * HOUR)


def test_by_default_the_clearing_stops_the_clock_and_later_words_do_not_move_it() -> None:
    """PC 24."""
    log = start(monday(9)), event("stop", monday(10)), event("resolve", monday(11)), event("confirm", monday(12))
    assert read(monday(13), *log).stopped_at == monday(10)
    staff_first = start(monday(9)), event("resolve", monday(10)), event("stop", monday(11))
    assert read(monday(13), *staff_first).stopped_at == monday(10)


def test_a_circuit_may_go_down_again_after_it_was_resolved_but_not_confirmed() -> None:
    """PC 24: an alarm may follow a fault that was reported by phone and called done."""
    log = start(monday(9)), event("resolve", monday(10)), start(monday(11))
    for stop_at, used in ((StopAt.CLEAR, 2 * HOUR), (StopAt.CONFIRMATION, 3 * HOUR)):
        assert read(monday(12), *log, policy=ClockPolicy(stop_at=stop_at)).used_s == used


def test_resolving_ends_a_pause() -> None:
    log = start(monday(9)), pause(monday(10)), event("resolve", monday(11)), event("reopen", monday(12))
    assert read(monday(13), *log).state == ClockState.RUNNING


@pytest.mark.parametrize("kind", ["cancel", "not_affected"])
def test_a_withdrawn_clock_has_no_deadline_and_can_be_taken_back(kind: str) -> None:
    log = start(monday(9)), event(kind, monday(10))
    verdict = read(monday(20), *log)
    assert (verdict.state, verdict.used_s, verdict.deadline_at) == (ClockState.CANCELLED, HOUR, None)
    assert (verdict.breached_at, set(verdict.rungs.values())) == (None, {None})
    back = log[0], log[1], event("reopen", monday(12))
    assert read(monday(12), *back).used_s == HOUR
    assert read(monday(12), *back, policy=ClockPolicy(resolved_counts=True)).used_s == 3 * HOUR


def test_what_happens_to_a_withdrawn_circuit_is_still_noted() -> None:
    log = start(monday(9)), event("not_affected", monday(10)), event("stop", monday(11)), event("reopen", monday(12))
    verdict = read(monday(13), *log, policy=ClockPolicy(resolved_counts=True))
    assert (verdict.state, verdict.stopped_at, verdict.used_s) == (ClockState.MET, monday(11), 2 * HOUR)
