"""Why does a stretch of a circuit's month count, or not? Said in the reader's language (PC 12, 17-19)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from mainstay.domain.availability import Kind, State
from mainstay.service.service_levels.choices import Cause, Responsibility
from mainstay.service.service_levels.ledger import Piece, Stretch


@dataclass(frozen=True)
class Names:
    """How people call tickets, works, sources and agreed exclusions, by id."""

    tickets: Mapping[int, str] = field(default_factory=dict)
    works: Mapping[int, str] = field(default_factory=dict)
    sources: Mapping[int, str] = field(default_factory=dict)
    exclusions: Mapping[int, str] = field(default_factory=dict)


def sentence(one: Stretch, names: Names) -> str:
    """Say why a stretch is what it is under the contract."""
    if one.felt == State.UP:
        return gettext("Nothing was reported: up.")
    return _SAY[one.contract](one, names)


def _counted(one: Stretch, names: Names) -> str:
    piece = next(p for p in one.pieces if p.kind in (Kind.DOWN, Kind.DEGRADED))
    said = _what(piece, names)
    if piece.planned:
        return said + " " + gettext("It was planned, but the planned work does not excuse it: decided by two people.")
    if piece.responsibility == Responsibility.OPERATOR:
        said += " " + gettext("The operator is responsible: it counts.")
    else:
        said += " " + gettext("Responsibility is not decided: it counts as ours.")
    if any(p.kind in _EXCUSED for p in one.pieces):
        said += " " + gettext("What is excused at the same time does not excuse it.")
    return said


_EXCUSED = (Kind.PLANNED_DOWN, Kind.PLANNED_DEGRADED, Kind.EXCLUDED_DOWN, Kind.EXCLUDED_DEGRADED)


def _degraded(one: Stretch, names: Names) -> str:
    return _counted(one, names) + " " + gettext("Degraded time is available time.")


def _unknown(one: Stretch, names: Names) -> str:
    piece = next(p for p in one.pieces if p.kind == Kind.UNKNOWN)
    if piece.cause == Cause.SILENCE:
        source = names.sources.get(piece.ref or 0, "")
        said = gettext("The source {source}, which watches this circuit, was silent.").format(source=source)
    else:
        said = gettext("Our data begin later.")
    return said + " " + gettext("Unknown: down for the lower bound, up for the upper one.")


def _planned(one: Stretch, names: Names) -> str:
    piece = next(p for p in one.pieces if p.planned)
    work = names.works.get(piece.work_id or 0, "")
    said = gettext("Planned work {work}, inside the approved and announced window: it does not count.")
    return said.format(work=work) if work else gettext("Planned work, inside its window: it does not count.")


def _excluded(one: Stretch, names: Names) -> str:
    agreed = next((p for p in one.pieces if p.kind == Kind.AGREED), None)
    if agreed is not None:
        why = names.exclusions.get(agreed.ref or 0, "")
        return gettext("Agreed exclusion “{why}”: it does not count.").format(why=why)
    piece = next(p for p in one.pieces if p.kind in (Kind.EXCLUDED_DOWN, Kind.EXCLUDED_DEGRADED))
    side = Responsibility(piece.responsibility).label
    said = gettext("Responsible is: {side}. It does not count.").format(side=side)
    return _what(piece, names) + " " + said


def _what(piece: Piece, names: Names) -> str:
    ticket = names.tickets.get(piece.ticket_id or 0, "")
    if piece.cause == Cause.REPORT:
        said = gettext("The customer reported it down, ticket {ticket}.")
    elif piece.state == "down":
        said = gettext("Alarms say it was down, ticket {ticket}.") if ticket else gettext("Alarms say it was down.")
    else:
        said = (
            gettext("Alarms say it was degraded, ticket {ticket}.")
            if ticket
            else gettext("Alarms say it was degraded.")
        )
    return said.format(ticket=ticket)


_SAY = {
    State.DOWN: _counted,
    State.DEGRADED: _degraded,
    State.UNKNOWN: _unknown,
    State.PLANNED: _planned,
    State.EXCLUDED: _excluded,
}
