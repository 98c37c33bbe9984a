"""What a circuit's month is made of: pieces of facts, the stretches they give, and how both are kept with a result.

Seconds from the month's begin. A kept result holds every stretch that was not up with all its pieces, so that it can be
explained, and judged anew, from what it was made of, whatever became of the facts since.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from mainstay.domain import availability
from mainstay.domain.availability import Fact, Kind, State
from mainstay.service.service_levels.choices import EXCUSES, STATES, Cause


@dataclass(frozen=True)
class Piece:
    """Something known of a circuit on [from_s, to_s). `state`: down, degraded, unknown or agreed; `ref`: a source's or
    an exclusion's id. `ours`: an approved proposal says that planned work does not excuse it."""

    from_s: int
    to_s: int
    state: str
    cause: str
    impact_id: int | None = None
    ticket_id: int | None = None
    planned: bool = False
    work_id: int | None = None
    responsibility: str = ""
    proposal_id: int | None = None
    ref: int | None = None
    ours: bool = False

    @property
    def kind(self) -> Kind:
        """Return what it is to the ledger."""
        if self.state == "unknown":
            return Kind.UNKNOWN
        if self.state == "agreed":
            return Kind.AGREED
        down = self.state == "down"
        if self.planned and not self.ours:
            return Kind.PLANNED_DOWN if down else Kind.PLANNED_DEGRADED
        if self.responsibility in EXCUSES:
            return Kind.EXCLUDED_DOWN if down else Kind.EXCLUDED_DEGRADED
        return Kind.DOWN if down else Kind.DEGRADED

    def as_json(self) -> dict[str, Any]:
        """Return what is not as usual, as plain values; its time is that of the stretch."""
        told = ((field.name, getattr(self, field.name)) for field in fields(self) if field.name not in _TIMES)
        return {name: value for name, value in told if value not in (None, "", False)}


_TIMES = ("from_s", "to_s")


@dataclass(frozen=True)
class Stretch:
    """[from_s, to_s) in one state per view, and the pieces that hold there."""

    from_s: int
    to_s: int
    contract: State
    felt: State
    pieces: tuple[Piece, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values, to be kept."""
        return {
            "from": self.from_s,
            "to": self.to_s,
            "contract": STATES[self.contract].value,
            "felt": STATES[self.felt].value,
            "pieces": [piece.as_json() for piece in self.pieces],
        }


_NAMED = {word.value: state for state, word in STATES.items()}


def kept(plain: Iterable[Mapping[str, Any]]) -> list[Stretch]:
    """Read stretches as they were kept."""
    return [
        Stretch(
            one["from"], one["to"], _NAMED[one["contract"]], _NAMED[one["felt"]],
            tuple(Piece(one["from"], one["to"], **piece) for piece in one["pieces"]),
        )
        for one in plain
    ]  # fmt: skip


def in_order(pieces: Iterable[Piece]) -> list[Piece]:
    """Put pieces into the order in which they are told, the same wherever they were read."""
    return sorted(pieces, key=lambda p: (p.from_s, p.to_s, p.cause, p.impact_id or 0, p.ticket_id or 0, p.ref or 0))


def stretches(pieces: Sequence[Piece], from_s: int, to_s: int) -> list[Stretch]:
    """Cut a circuit's time in service into stretches without gap or overlap, up ones too."""
    found = availability.spans([Fact(piece.from_s, piece.to_s, piece.kind) for piece in pieces], from_s, to_s)
    return [
        Stretch(one.from_s, one.to_s, one.contract, one.felt, tuple(pieces[place] for place in one.facts))
        for one in found
        if one.to_s > one.from_s
    ]


def pieces_of(given: Iterable[Stretch]) -> list[Piece]:
    """Return the pieces of kept stretches, each as long as its stretch."""
    return [replace(piece, from_s=one.from_s, to_s=one.to_s) for one in given for piece in one.pieces]


def figures(whole: Sequence[Stretch]) -> tuple[availability.View, availability.View]:
    """Sum a circuit's stretches: contract, felt."""
    return availability.views(availability.Stretch(one.from_s, one.to_s, one.contract, one.felt, ()) for one in whole)


def worth_keeping(whole: Iterable[Stretch]) -> list[dict[str, Any]]:
    """Return, to be kept, the stretches of which anything is known but that they were up."""
    return [one.as_json() for one in whole if one.felt != State.UP]


@dataclass(frozen=True)
class Decision:
    """An approved proposal. Empty circuit and times: all of the ticket, where planned work still excuses."""

    proposal_id: int
    ticket_id: int
    responsibility: str
    circuit_id: int | None = None
    from_s: int | None = None
    to_s: int | None = None

    @property
    def is_exact(self) -> bool:
        """Say whether it is about a stretch: then it weighs more than that the stretch was planned."""
        return self.from_s is not None or self.to_s is not None

    def concerns(self, piece: Piece, circuit_id: int) -> bool:
        """Say whether it is about some of a piece of a circuit."""
        return (
            piece.ticket_id == self.ticket_id
            and self.circuit_id in (None, circuit_id)
            and (self.from_s is None or self.from_s < piece.to_s)
            and (self.to_s is None or piece.from_s < self.to_s)
        )

    def confirmed(self, pieces: Iterable[Piece], circuit_id: int) -> list[Piece]:
        """Return the pieces with what was decided of a part of the ticket, and named where the ticket says the same."""
        if self.circuit_id is not None or self.is_exact:
            return self.applied(pieces, circuit_id)
        return [
            replace(piece, proposal_id=self.proposal_id)
            if piece.ticket_id == self.ticket_id and piece.responsibility == self.responsibility
            else piece
            for piece in pieces
        ]

    def applied(self, pieces: Iterable[Piece], circuit_id: int) -> list[Piece]:
        """Return the pieces with this responsibility where it is about them, cut where it begins and ends."""
        found = []
        for piece in pieces:
            if not self.concerns(piece, circuit_id):
                found.append(piece)
                continue
            begin = piece.from_s if self.from_s is None else max(piece.from_s, self.from_s)
            end = piece.to_s if self.to_s is None else min(piece.to_s, self.to_s)
            found += [replace(piece, to_s=begin)] if piece.from_s < begin else []
            found += [replace(piece, from_s=end)] if end < piece.to_s else []
            decided = {"responsibility": self.responsibility, "proposal_id": self.proposal_id}
            found.append(replace(piece, from_s=begin, to_s=end, ours=piece.ours or self.is_exact, **decided))  # type: ignore[arg-type]
        return found


IMPAIRS = (Cause.IMPACT, Cause.REPORT)
"""Causes that say a circuit was down or degraded, each on a ticket as a rule."""
