"""The caseworker: opens and settles tickets for what the impact worker judged, so that judging need not wait for it.

It is not needed: where none lives, the impact worker does its work too (decision 0017).
"""

import threading
from datetime import UTC, datetime, timedelta

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections

from mainstay.faces.cli.beating import Pulse
from mainstay.network.alarms.worker import settle_memory, tidy_memory
from mainstay.platform.journal import handing
from mainstay.platform.monitoring import queries as monitoring

log = structlog.get_logger(__name__)

CASEWORKER = "caseworker"
"""Its name where signs of life are shown."""
LOST = (OperationalError, InterfaceError)
IDLE_S = 0.05
ASK_EVERY = timedelta(seconds=1)
TOO_LONG = timedelta(seconds=5)
"""When something has waited so long, the impact worker lends a hand: who was killed still seems to live for a while."""


class Following:
    """Mutable: how the impact worker deals with what follows from its verdicts: at once, or handed on."""

    def __init__(self) -> None:
        """Begin; what was handed on before is found at the first question."""
        self.by_others = False
        self._waits = True
        self._asked = datetime.min.replace(tzinfo=UTC)
        self._taking = Taking()

    def hands_on(self, now: datetime) -> datetime | None:
        """Give the instant to hand on at, while a caseworker lives or something still waits (2 queries a second).

        What waits must be dealt with before what comes later.
        """
        if now - self._asked >= ASK_EVERY:
            self._asked = now
            since = handing.waiting_since()
            self._waits = since is not None
            in_time = since is None or now - since < TOO_LONG
            self.by_others = in_time and monitoring.lives(CASEWORKER, at=now)
        return now if self.by_others or self._waits else None

    def turn(self) -> None:
        """Do what waits, as no caseworker lives."""
        if self._waits:
            self._waits = self._taking.turn() > 0 or handing.waiting_since() is not None


class Taking:
    """Mutable: takes up what was handed on; an event that cannot be handled is set aside and said, not lost."""

    def __init__(self) -> None:
        """Begin with nothing taken."""
        self.taken = 0
        self._alone: int | None = None

    def turn(self) -> int:
        """Take up the oldest events; return how many there were. After an error one by one, in its part."""
        try:
            taken = handing.take_up() if self._alone is None else handing.take_up(at_once=1, of=self._alone)
        except handing.NotTakenUp as error:
            log.exception("what follows from verdicts could not be done", part=error.part, events=len(error.keys))
            self._alone = error.part if len(error.keys) > 1 else None
            if self._alone is None:
                handing.set_aside(error.keys[0], f"{type(error.__cause__).__name__}: {error.__cause__}")
            return 1
        if not taken:
            self._alone = None
        self.taken += taken
        return taken


def run_caseworker(stop: threading.Event) -> None:
    """Take up what was handed on until asked to stop."""
    pulse, taking = Pulse(CASEWORKER, at=datetime.now(UTC)), Taking()
    settle_memory()
    while not stop.is_set():
        try:
            now = datetime.now(UTC)
            if pulse.due(now):
                pulse.beat(now, behind_s=_behind_s(now), taken=taking.taken, set_aside=handing.set_aside_count())
            if not taking.turn():
                tidy_memory()
                stop.wait(IDLE_S)
        except LOST as error:
            log.warning("database not available; trying again", error=str(error))
            close_old_connections()
            stop.wait(1)
    pulse.leave()


def _behind_s(now: datetime) -> float:
    since = handing.waiting_since()
    return 0.0 if since is None else round(max(0.0, (now - since).total_seconds()), 3)
