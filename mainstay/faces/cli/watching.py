"""The house looks after itself: every few seconds one of its programs sees whether all do their work (P3)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from mainstay.faces.cli.checking.configuration import disk
from mainstay.faces.cli.checking.finding import Finding
from mainstay.faces.cli.checking.state import state
from mainstay.platform.monitoring import troubles
from mainstay.platform.monitoring.troubles import Seen

SETTLING = timedelta(seconds=20)


def look(at: datetime, *, began_at: datetime) -> bool:
    """Look after the house if nobody else just did; say whether it was looked after.

    A program that has just begun leaves the others `SETTLING` to begin as well: `began_at` is when it did.
    """
    if at - began_at < SETTLING or not troubles.claim_look(at=at):
        return False
    found = [Seen(f.level, f.code, f.subject, f.sentence, f.advice, f.values) for f in _findings(at)]
    troubles.note(found, at=at)
    return True


def _findings(at: datetime) -> Iterator[Finding]:
    yield from state(at)
    yield from disk()
