"""How does each circuit of a ticket stand? Read from the ticket's own story, in order."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import TicketEvent
from mainstay.service.tickets.translation import in_order, standing_story


class NamedCircuit(NamedTuple):
    """What tickets and letters say of a circuit; `pk` its id."""

    pk: int
    number: str
    grade: str
    region_code: str


class Standing(StrEnum):
    """What the story last said of a circuit."""

    DOWN = "down"
    DEGRADED = "degraded"
    REPORTED = "reported"
    RESTORED = "restored"
    NOT_AFFECTED = "not_affected"

    @property
    def is_out(self) -> bool:
        """Say whether the network says that the circuit is impaired."""
        return self in (Standing.DOWN, Standing.DEGRADED)


_SAYS = {
    EventKind.CIRCUIT_DOWN: Standing.DOWN,
    EventKind.CIRCUIT_DEGRADED: Standing.DEGRADED,
    EventKind.CIRCUIT_RESTORED: Standing.RESTORED,
    EventKind.NOT_AFFECTED: Standing.NOT_AFFECTED,
}


def standing_of(story: Iterable[TicketEvent]) -> dict[int, Standing]:
    """Return how each circuit stands, in the order in which the story first names them."""
    standing: dict[int, Standing] = {}
    for event in in_order(standing_story(story)):
        if event.kind == EventKind.REOPENED:
            standing |= {c: Standing.REPORTED for c in event.body.get("circuits", ()) if not _is_out(standing.get(c))}
        if event.circuit_id is None:
            continue
        if event.kind in _SAYS:
            standing[event.circuit_id] = _SAYS[EventKind(event.kind)]
        elif event.kind == EventKind.CUSTOMER_REPORT:
            standing.setdefault(event.circuit_id, Standing.REPORTED)
    return standing


def _is_out(standing: Standing | None) -> bool:
    return standing is not None and standing.is_out


def since_of(story: Iterable[TicketEvent], circuit_id: int) -> tuple[datetime | None, datetime | None]:
    """Return when the circuit last went down (or was reported) and when it last came back."""
    down = back = None
    for event in in_order(standing_story(story)):
        if event.circuit_id != circuit_id:
            continue
        if event.kind in (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED):
            down = event.at if down is None or back is not None else down
            back = None
        elif event.kind == EventKind.CUSTOMER_REPORT:
            down = down or event.at
        elif event.kind in (EventKind.CIRCUIT_RESTORED, EventKind.NOT_AFFECTED):
            back = event.at
    return down, back
