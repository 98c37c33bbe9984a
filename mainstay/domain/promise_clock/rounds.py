"""Was the customer told often enough? A promise kept again and again: every word begins a new round (PC 13)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mainstay.domain.promise_clock.facts import ClockEvent, ClockPolicy, Promise
from mainstay.domain.promise_clock.judging import is_missed, judge
from mainstay.domain.promise_clock.verdict import Verdict

Round = Sequence[ClockEvent]
"""A round's own log: its start, and its stop once the next word came or the case was settled."""


def judge_rounds(promise: Promise, policy: ClockPolicy, rounds: Sequence[Round], at: datetime) -> Verdict:
    """Read the round that runs at the instant; `missed_rounds` counts all that were missed by then, it included.

    Rounds are in order and do not overlap; those that begin after `at` are not yet known. No round: a clock that has
    not started. Raises ClockError as `judge` does.
    """
    begun = [events for events in rounds if events and events[0].at <= at]
    if not begun:
        return judge(promise, policy, (), at)
    last = judge(promise, policy, begun[-1], at)
    missed = sum(is_missed(promise, policy, events, at) for events in begun[:-1])
    return replace(last, missed_rounds=missed + (last.breached_at is not None))
