"""Is a promise kept? Facts in (promise, policy, event log), verdict out (PC 3-14, 20, 24, 26; H2 H3).

Everything is recomputed from the log on every call; instants are aware, results UTC; durations are whole seconds.
"""

from mainstay.domain.promise_clock.facts import (
    ClockError,
    ClockEvent,
    ClockPolicy,
    EventKind,
    Promise,
    StartAt,
    StopAt,
)
from mainstay.domain.promise_clock.judging import judge
from mainstay.domain.promise_clock.reckoning import Caution
from mainstay.domain.promise_clock.rounds import judge_rounds
from mainstay.domain.promise_clock.starting import ChosenStart, ClockTolerance, StartFacts, choose_start
from mainstay.domain.promise_clock.texts import CAUTION_TEXTS, WHY_TEXTS
from mainstay.domain.promise_clock.verdict import ClockState, Phase, Verdict

__all__ = [
    "CAUTION_TEXTS",
    "WHY_TEXTS",
    "Caution",
    "ChosenStart",
    "ClockError",
    "ClockEvent",
    "ClockPolicy",
    "ClockState",
    "ClockTolerance",
    "EventKind",
    "Phase",
    "Promise",
    "StartAt",
    "StartFacts",
    "StopAt",
    "Verdict",
    "choose_start",
    "judge",
    "judge_rounds",
]
