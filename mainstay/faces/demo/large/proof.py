"""Are tickets laid in bulk what the judge makes of their stories? One in a hundred is judged again by the real code."""

import time
from collections.abc import Callable
from datetime import datetime
from random import Random

from mainstay.domain.errors import Refused, msgid
from mainstay.faces.demo import words
from mainstay.service.tickets.rejudge import rejudge_some

SHARE = 100
"""One ticket of so many is judged again."""


class NotEqual(Refused):
    """What was laid differs from what is judged."""


def prove(count: int, dice: Random, *, at: datetime, say: Callable[[str], None]) -> None:
    """Judge a sample of the tickets 1 to `count` again. Raises NotEqual when a column differs."""
    began = time.perf_counter()
    sample = dice.sample(range(1, count + 1), max(1, count // SHARE))
    found = list(rejudge_some(sample, at=at))
    took = time.perf_counter() - began
    say(words.JUDGED.format(tickets=len(sample), differences=len(found), seconds=took))
    if found:
        raise NotEqual(msgid("{count} columns differ, first: {first}"), count=len(found), first=str(found[0]))
