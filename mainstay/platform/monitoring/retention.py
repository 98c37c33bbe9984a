"""What is kept for how long, and forgotten then, little by little (P4). Customers' data are kept for good (A2).

Rooms lay down what they keep through `register`; the sweeper forgets a part at a time, so that nobody waits for it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)

AT_ONCE = 500


@dataclass(frozen=True)
class Keeping:
    """Rows of one kind, kept for `days` (0: for good).

    `forget(before, limit)` removes at most `limit` of those from before an instant, in a transaction of its own, and
    returns how many; `oldest()` is the instant of the oldest row, None when there is none.
    """

    name: str
    title: str
    setting: str
    days: int
    forget: Callable[[datetime, int], int]
    oldest: Callable[[], datetime | None]


_keepings: dict[str, Keeping] = {}


def register(*keepings: Keeping) -> None:
    """Say what is kept; a name said again replaces the former."""
    _keepings.update({keeping.name: keeping for keeping in keepings})


def keepings() -> list[Keeping]:
    """Return everything that is registered, in its order."""
    return list(_keepings.values())


def forget_some(*, at: datetime) -> int:
    """Forget one part of each kind whose time is over; return how many rows."""
    gone = 0
    for keeping in _keepings.values():
        if keeping.days:
            some = keeping.forget(at - timedelta(days=keeping.days), AT_ONCE)
            if some:
                log.info("Forgot %s of %s, older than %s days.", some, keeping.name, keeping.days)
            gone += some
    return gone
