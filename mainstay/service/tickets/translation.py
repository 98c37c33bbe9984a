"""What does a ticket's story say to one of its clocks? Story in, the clock's own log out (PC 6, 7, 8, 11, 24).

A story may hold what a clock cannot take (a pause while it stands still, a second "down" of a circuit that is down):
such entries stay in the story and tell this clock nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from mainstay.domain.promise_clock import ClockEvent, ClockPolicy, Promise, StartAt, StopAt
from mainstay.domain.promise_clock import EventKind as Says
from mainstay.service.tickets.choices import ClockKind, EventKind
from mainstay.service.tickets.models import TicketEvent

Thaw = Callable[[Mapping[str, object]], Promise]


def in_order(events: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Put events in the order they took effect; those not yet written come last of their instant."""
    return sorted(events, key=lambda event: (event.at, event.pk or 2**62))


def standing_story(story: Iterable[TicketEvent]) -> list[TicketEvent]:
    """Leave out what was taken back: what a ticket wrote here and took out again, and the end of one that goes on.

    A report found not to be part of an incident reads, here and there, as if it had never been joined (H1).
    """
    events = list(story)
    back: dict[int, tuple[datetime, int]] = {}
    revived: tuple[datetime, int] | None = None
    for event in events:
        if event.kind != EventKind.LINKED:
            continue
        if "gave_back" in event.body:
            back[event.body["gave_back"]] = max(back.get(event.body["gave_back"], _written(event)), _written(event))
        if event.body.get("revived"):
            revived = max(revived or _written(event), _written(event))
    if not back and revived is None:
        return events
    return [event for event in events if not _is_taken_back(event, back, revived)]


def _is_taken_back(
    event: TicketEvent, back: Mapping[int, tuple[datetime, int]], revived: tuple[datetime, int] | None
) -> bool:
    if event.kind == EventKind.LINKED and event.body.get("ends"):
        return revived is not None and _written(event) < revived
    taken = back.get(event.body.get("from_ticket", 0))
    return taken is not None and _written(event) < taken


def _written(event: TicketEvent) -> tuple[datetime, int]:
    return event.recorded_at, event.pk or 2**62


def clock_log(
    kind: str, circuit_id: int | None, policy: ClockPolicy, story: Sequence[TicketEvent], thaw: Thaw
) -> list[ClockEvent]:
    """Translate an ordered story for the clock of a kind and a circuit (None: of the ticket).

    Progress reports and departments have logs of their own: `feedback_rounds` and `stays.stay_log`.
    """
    story = standing_story(story)
    if kind == ClockKind.RESPONSE:
        return _response(story)
    listener = _Restoration(circuit_id, policy, thaw)
    for position, event in enumerate(story):
        listener.hear(event, position)
    return listener.log


def _response(story: Sequence[TicketEvent]) -> list[ClockEvent]:
    """The response clock runs from the opening until one of ours takes it, or it is settled."""
    log: list[ClockEvent] = []
    for position, event in enumerate(story):
        if not log and event.kind == EventKind.OPENED:
            log.append(ClockEvent(Says.START, _detected(event), position))
        elif len(log) == 1 and _answers(event):
            log.append(ClockEvent(Says.STOP, max(event.at, log[0].at), position + len(story)))
        elif log and event.kind == EventKind.LINKED and event.body.get("ends"):
            log.append(ClockEvent(Says.CANCEL, max(event.at, log[0].at), position + len(story)))
            break
    return log


def feedback_rounds(story: Sequence[TicketEvent]) -> list[list[ClockEvent]]:
    """Give the rounds between words to the customer, from the opening until all is settled (PC 13, H2).

    Word is what went out to contacts (holding messages, too), and a call of ours to one of them. Pauses do not help:
    who waits wants to hear why.
    """
    rounds: list[list[ClockEvent]] = []
    going = False
    for position, event in enumerate(standing_story(story)):
        at = max(event.at, rounds[-1][-1].at) if rounds else _detected(event)
        begins = _begins_waiting(event, first=not rounds, going=going)
        if going and (begins or _ends_waiting(event)):
            rounds[-1].append(ClockEvent(_end_of(event), at, position * 2))
            going = False
        if begins:
            rounds.append([ClockEvent(Says.START, at, position * 2 + 1)])
            going = True
    return rounds


def _begins_waiting(event: TicketEvent, *, first: bool, going: bool) -> bool:
    if first:
        return event.kind == EventKind.OPENED
    return (going and is_word(event)) or (not going and event.kind in (EventKind.REOPENED, EventKind.CIRCUIT_DOWN))


def _ends_waiting(event: TicketEvent) -> bool:
    settled = event.kind in (EventKind.RESOLVED, EventKind.CONFIRMED, EventKind.CLOSED)
    return settled or (event.kind == EventKind.LINKED and bool(event.body.get("ends")))


def _end_of(event: TicketEvent) -> Says:
    return Says.CANCEL if event.kind == EventKind.LINKED else Says.STOP


def is_word(event: TicketEvent) -> bool:
    """Say whether the customer heard from us by this entry: a message to contacts, or a call of ours to one."""
    if event.kind == EventKind.CUSTOMER_TOLD:
        return True
    return event.kind == EventKind.CALL and not event.body.get("inbound", True) and "contact" in event.body


def _answers(event: TicketEvent) -> bool:
    return event.kind in (EventKind.CLAIMED, EventKind.ASSIGNED, EventKind.RESOLVED)


def _detected(event: TicketEvent) -> datetime:
    kept = event.body.get("detected_at")
    return datetime.fromisoformat(kept) if kept else event.at


class _Restoration:
    """Follows one circuit through the story, and keeps track of what its clock can take next."""

    def __init__(self, circuit_id: int | None, policy: ClockPolicy, thaw: Thaw) -> None:
        self.circuit_id = circuit_id
        self.policy = policy
        self.thaw = thaw
        self.log: list[ClockEvent] = []
        self.started = self.down = self.stopped = self.cleared = False
        self.is_resolved = self.is_confirmed = self.withdrawn = False
        self.paused_until: datetime | None = None

    def hear(self, event: TicketEvent, position: int) -> None:
        verb = _VERBS.get(event.kind)
        if verb is not None and self._concerns(event):
            verb(self, event, position)

    def _concerns(self, event: TicketEvent) -> bool:
        if event.circuit_id is not None:
            return event.circuit_id == self.circuit_id
        named = event.body.get("circuits")
        return named is None or self.circuit_id in named

    def _say(self, says: Says, at: datetime, position: int, *, later: bool = True, **more: object) -> None:
        # Two lines may come of one entry: odd sequences leave room before it. A start taken from its detection
        # may be later than what followed: time never runs backwards in a log.
        at = max(at, self.log[-1].at) if self.log else at
        self.log.append(ClockEvent(says, at, position * 2 + later, **more))  # type: ignore[arg-type]

    def went_down(self, event: TicketEvent, position: int) -> None:
        at = _detected(event) if self.policy.start_at == StartAt.DETECTION else event.at
        if self.withdrawn:
            self._say(Says.REOPEN, at, position, later=False)
            self.withdrawn = False
        if self.down and not self.stopped:
            return
        self._say(Says.START, at, position)
        self.started, self.down, self.stopped = True, True, False
        self.cleared = self.is_resolved = self.is_confirmed = False

    def degraded(self, event: TicketEvent, position: int) -> None:
        if event.body.get("counts"):
            self.went_down(event, position)
        else:
            self.came_back(event, position)

    def came_back(self, event: TicketEvent, position: int) -> None:
        if not self.started or self.cleared:
            return
        self._say(Says.STOP, event.at, position)
        self.down = False
        if self.policy.stop_at == StopAt.CLEAR and not self.stopped:
            self.stopped = self.cleared = True

    def reported(self, event: TicketEvent, position: int) -> None:
        if event.circuit_id is not None and event.body.get("starts") and not self.started:
            self.went_down(event, position)

    def paused(self, event: TicketEvent, position: int) -> None:
        if not self.started or self.stopped or self.withdrawn or self._is_paused(event.at):
            return
        limit_s = event.body.get("limit_s")
        self._say(Says.PAUSE, event.at, position, reason=str(event.body.get("reason")), limit_s=limit_s)
        forever = datetime.max.replace(tzinfo=event.at.tzinfo)
        self.paused_until = event.at + timedelta(seconds=limit_s) if limit_s else forever

    def _is_paused(self, at: datetime) -> bool:
        return self.paused_until is not None and at < self.paused_until

    def resumed(self, event: TicketEvent, position: int) -> None:
        if self._is_paused(event.at):
            self._say(Says.RESUME, event.at, position)
        self.paused_until = None

    def was_resolved(self, event: TicketEvent, position: int) -> None:
        if not self.started or self.is_resolved:
            return
        self._say(Says.RESOLVE, event.at, position)
        self.is_resolved, self.paused_until = True, None
        self.stopped = self.stopped or self.policy.stop_at == StopAt.CLEAR

    def was_confirmed(self, event: TicketEvent, position: int) -> None:
        if not self.started or self.is_confirmed:
            return
        self._say(Says.CONFIRM, event.at, position)
        self.is_resolved = self.is_confirmed = self.stopped = True
        self.paused_until = None

    def reopened(self, event: TicketEvent, position: int) -> None:
        if not self.started or self.withdrawn or not (self.stopped or self.is_resolved):
            return
        self._say(Says.REOPEN, event.at, position)
        self.stopped = self.cleared = self.down = self.is_resolved = self.is_confirmed = False

    def promise_changed(self, event: TicketEvent, position: int) -> None:
        self._say(Says.PROMISE_CHANGED, event.at, position, promise=self.thaw(event.body["promise"]))

    def not_affected(self, event: TicketEvent, position: int) -> None:
        if not self.withdrawn:
            self._say(Says.NOT_AFFECTED, event.at, position)
            self.withdrawn = True

    def linked(self, event: TicketEvent, position: int) -> None:
        if event.body.get("ends") and not self.withdrawn:
            self._say(Says.CANCEL, event.at, position)
            self.withdrawn = True


_VERBS: Mapping[str, Callable[[_Restoration, TicketEvent, int], None]] = {
    EventKind.CIRCUIT_DOWN: _Restoration.went_down,
    EventKind.CIRCUIT_DEGRADED: _Restoration.degraded,
    EventKind.CIRCUIT_RESTORED: _Restoration.came_back,
    EventKind.CUSTOMER_REPORT: _Restoration.reported,
    EventKind.PAUSED: _Restoration.paused,
    EventKind.RESUMED: _Restoration.resumed,
    EventKind.RESOLVED: _Restoration.was_resolved,
    EventKind.CONFIRMED: _Restoration.was_confirmed,
    EventKind.REOPENED: _Restoration.reopened,
    EventKind.PROMISE_CHANGED: _Restoration.promise_changed,
    EventKind.NOT_AFFECTED: _Restoration.not_affected,
    EventKind.LINKED: _Restoration.linked,
}
