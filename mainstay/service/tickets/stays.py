"""With which department was a ticket when, and what does an internal target's clock hear of it (PC 13, H4)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.domain.promise_clock import ClockEvent
from mainstay.domain.promise_clock import EventKind as Says
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import TicketEvent
from mainstay.service.tickets.translation import Thaw, standing_story

_SETTLES = (EventKind.RESOLVED, EventKind.CONFIRMED, EventKind.CLOSED)
_TAKES_UP = (EventKind.REOPENED, EventKind.CIRCUIT_DOWN)
STAY_EVENTS = (EventKind.OPENED, EventKind.HANDED, EventKind.LINKED, *_SETTLES, *_TAKES_UP)
"""What must be read of a story to say with whom the ticket was."""


@dataclass(frozen=True)
class Stay:
    """A stretch of time [from_at, to_at) with a department (None: where tickets begin)."""

    department_id: int | None
    from_at: datetime
    to_at: datetime

    @property
    def seconds(self) -> int:
        """Return how long it was, every second counted."""
        return int((self.to_at - self.from_at).total_seconds())


def stays_of(story: Sequence[TicketEvent], *, until: datetime) -> list[Stay]:
    """Cut an ordered story into stays, from the opening until it is settled or the instant; gaps while settled.

    A ticket taken up again is with whom it was last.
    """
    stays: list[Stay] = []
    holder: int | None = None
    since: datetime | None = None
    for event in standing_story(story):
        at = min(event.at, until)
        moves, ends, begins = _moves(event, holder), _ends(event), _begins(event, since is None)
        if since is not None and (moves or ends):
            _add(stays, holder, since, max(at, since))
            since = None if ends else max(at, since)
        if event.kind == EventKind.HANDED:
            holder = event.body.get("department", holder)
        if since is None and begins:
            since = max(at, stays[-1].to_at) if stays else at
    if since is not None:
        _add(stays, holder, since, max(until, since))
    return stays


def _moves(event: TicketEvent, holder: int | None) -> bool:
    return event.kind == EventKind.HANDED and event.body.get("department", holder) != holder


def _ends(event: TicketEvent) -> bool:
    return event.kind in _SETTLES or (event.kind == EventKind.LINKED and bool(event.body.get("ends")))


def _begins(event: TicketEvent, idle: bool) -> bool:
    return idle and (event.kind == EventKind.OPENED or event.kind in _TAKES_UP)


def _add(stays: list[Stay], holder: int | None, from_at: datetime, to_at: datetime) -> None:
    if to_at > from_at:
        stays.append(Stay(holder, from_at, to_at))


def stay_log(
    department_id: int | None, story: Sequence[TicketEvent], thaw: Thaw, *, pauses_help: bool
) -> list[ClockEvent]:
    """Translate an ordered story for a department's clock: it runs while the ticket is there and not settled."""
    listener = _Stayed(department_id, thaw, pauses_help)
    for position, event in enumerate(standing_story(story)):
        listener.hear(event, position)
    return listener.log


class _Stayed:
    """Follows a ticket in and out of one department."""

    def __init__(self, department_id: int | None, thaw: Thaw, pauses_help: bool) -> None:
        self.department_id, self.thaw, self.pauses_help = department_id, thaw, pauses_help
        self.log: list[ClockEvent] = []
        self.here = self.settled = self.running = self.held = False
        self.pause: tuple[str, datetime | None] | None = None

    def hear(self, event: TicketEvent, position: int) -> None:
        if event.kind == EventKind.HANDED:
            self.here = event.body.get("department") == self.department_id
        elif event.kind == EventKind.PROMISE_CHANGED:
            self._change(event, position)
        elif event.kind == EventKind.PAUSED:
            limit_s = event.body.get("limit_s")
            until = event.at + timedelta(seconds=limit_s) if limit_s else None
            self.pause = (str(event.body.get("reason")), until)
        elif event.kind == EventKind.RESUMED:
            self.pause = None
        elif _ends(event):
            self.settled, self.pause = True, None
        elif event.kind in _TAKES_UP:
            self.settled = False
        self._follow(event.at, position)

    def _follow(self, at: datetime, position: int) -> None:
        """Bring the log to where the ticket is: stop or start the clock, then hold it or let it go."""
        if self.pause and self.pause[1] is not None and self.pause[1] <= at:
            self.pause, self.held = None, False  # its limit ended it
        wanted = self.here and not self.settled
        hold = wanted and self.pauses_help and self.pause is not None
        if self.held and not hold:
            self._say(Says.RESUME, at, position, 0)
            self.held = False
        if wanted != self.running:
            self._say(Says.START if wanted else Says.STOP, at, position, 1)
            self.running = wanted
        if hold and not self.held and self.pause:
            reason, until = self.pause
            limit_s = max(1, int((until - at).total_seconds())) if until else None
            self._say(Says.PAUSE, at, position, 2, reason=reason, limit_s=limit_s)
            self.held = True

    def _change(self, event: TicketEvent, position: int) -> None:
        if event.circuit_id is None and event.body.get("department") == self.department_id:
            self._say(Says.PROMISE_CHANGED, event.at, position, 3, promise=self.thaw(event.body["promise"]))

    def _say(self, says: Says, at: datetime, position: int, place: int, **more: object) -> None:
        at = max(at, self.log[-1].at) if self.log else at
        self.log.append(ClockEvent(says, at, position * 4 + place, **more))  # type: ignore[arg-type]
