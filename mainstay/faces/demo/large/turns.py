"""Which turn did each case take: when was it noticed, taken, held up, confirmed? Drawn for all at once."""

from dataclasses import dataclass

import numpy as np

from mainstay.domain.promise_clock.stopped import NEVER
from mainstay.faces.demo.large.happenings import ASKED, DEGRADED, REPORTED, Cases, Longs

NOTICED_S = 4
"""How long after it happened an alarm was received."""


@dataclass(frozen=True)
class Turns:
    """Instants by case: `claimed`, `confirmed` 0 where nobody did; `paused`, `resumed` NEVER without a pause.

    `choice` is a number from which smaller choices (who, which words) follow.
    """

    detected: Longs
    claimed: Longs
    paused: Longs
    resumed: Longs
    confirmed: Longs
    choice: Longs


def draw_turns(cases: Cases, dice: np.random.Generator) -> Turns:
    """Draw the turns of all cases."""
    count, lasts = len(cases.kind), cases.ended - cases.opened
    by_alarm = cases.kind <= DEGRADED
    detected = np.where(by_alarm, cases.opened + NOTICED_S, cases.opened)
    answered = (dice.lognormal(5.9, 0.8, count)).astype(np.int64)
    in_time = (answered < lasts - 60) & (~by_alarm | (dice.random(count) < 0.9))
    claimed = np.where(in_time, detected + answered, np.where(by_alarm, 0, cases.opened + lasts // 3))
    may_wait = np.isin(cases.kind, (0, REPORTED)) & (lasts > 2_400) & (claimed > 0) & (dice.random(count) < 0.08)
    left = cases.ended - claimed
    held = claimed + 1 + (left * 0.2).astype(np.int64)
    resumed = held + 1 + (left * 0.5).astype(np.int64)
    may_wait &= (resumed < cases.ended - 1) & (resumed - held < 7 * 3_600)
    said_yes = dice.random(count) < np.where(cases.kind == ASKED, 0.9, 0.45)
    confirmed = np.where(said_yes, cases.ended + 60 + dice.integers(0, 30 * 3_600, count), 0)
    return Turns(
        detected,
        claimed,
        np.where(may_wait, held, NEVER),
        np.where(may_wait, resumed, NEVER),
        confirmed,
        dice.integers(0, 2**31, count),
    )
