"""When is a failed delivery tried again, and when is it given up? (K8)"""

from datetime import datetime, timedelta

WAITS_S = (10, 60, 300, 900, 3600)
"""Seconds after the first, second, … try; the last from then on."""


def next_try(tries: int, *, at: datetime, since: datetime, give_up_minutes: int) -> datetime | None:
    """Return when to try again after so many tries, None when that would be too late.

    `since`: from when on the time until giving up counts.
    """
    due = at + timedelta(seconds=WAITS_S[min(max(tries, 1), len(WAITS_S)) - 1])
    return due if due <= since + timedelta(minutes=give_up_minutes) else None
