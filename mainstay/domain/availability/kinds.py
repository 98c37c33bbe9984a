"""What can be said of a circuit's time, and which state follows where several things are said at once (PC 16-19)."""

from dataclasses import dataclass
from enum import IntEnum

from mainstay.domain.errors import Refused, msgid


class LedgerError(Refused):
    """Facts that no ledger can be made of."""


class Kind(IntEnum):
    """What a fact says of [from, to). Planned: inside the approved and announced window; excluded: not our fault.

    AGREED takes impaired and unknown time out of the contract's view; time that was up stays up.
    """

    DOWN = 0
    DEGRADED = 1
    PLANNED_DOWN = 2
    PLANNED_DEGRADED = 3
    EXCLUDED_DOWN = 4
    EXCLUDED_DEGRADED = 5
    UNKNOWN = 6
    AGREED = 7


class State(IntEnum):
    """States of the ledger; the view as felt knows neither PLANNED nor EXCLUDED."""

    UP = 0
    DOWN = 1
    DEGRADED = 2
    UNKNOWN = 3
    PLANNED = 4
    EXCLUDED = 5


@dataclass(frozen=True)
class Fact:
    """Something said of a circuit over [from_s, to_s), whole seconds on any scale."""

    from_s: int
    to_s: int
    kind: Kind


@dataclass(frozen=True)
class View:
    """Seconds by state, how many outages (stretches of DOWN that do not touch) and the longest of them."""

    total_s: int
    up_s: int
    down_s: int
    degraded_s: int
    unknown_s: int
    planned_s: int
    excluded_s: int
    outages: int
    longest_s: int


def felt_of(kinds: int) -> State:
    """Return what the customer felt while facts of these kinds (a mask of 1 << Kind) held: the worst that is known."""
    if kinds & _bits(Kind.DOWN, Kind.PLANNED_DOWN, Kind.EXCLUDED_DOWN):
        return State.DOWN
    if kinds & _bits(Kind.DEGRADED, Kind.PLANNED_DEGRADED, Kind.EXCLUDED_DEGRADED):
        return State.DEGRADED
    return State.UNKNOWN if kinds & _bits(Kind.UNKNOWN) else State.UP


def contract_of(kinds: int) -> State:
    """Return what counts under the contract: what we answer for is not excused by what we do not answer for."""
    if felt_of(kinds) == State.UP:
        return State.UP
    for state, by in _PRECEDENCE:
        if kinds & by:
            return state
    return State.UNKNOWN


def _bits(*kinds: Kind) -> int:
    return sum(1 << kind for kind in kinds)


_PRECEDENCE = (
    (State.EXCLUDED, _bits(Kind.AGREED)),
    (State.DOWN, _bits(Kind.DOWN)),
    (State.DEGRADED, _bits(Kind.DEGRADED)),
    (State.PLANNED, _bits(Kind.PLANNED_DOWN, Kind.PLANNED_DEGRADED)),
    (State.EXCLUDED, _bits(Kind.EXCLUDED_DOWN, Kind.EXCLUDED_DEGRADED)),
)

CONTRACT = tuple(contract_of(mask) for mask in range(256))
"""State under the contract by the mask of kinds that hold."""
FELT = tuple(felt_of(mask) for mask in range(256))
"""State as felt by the mask of kinds that hold."""


def checked(from_s: int, to_s: int) -> None:
    """Refuse a period or a fact that ends before it begins (PC 20)."""
    if to_s < from_s:
        raise LedgerError(
            msgid("A stretch of time ends at second {end}, before it begins at {begin}; correct it."),
            begin=from_s,
            end=to_s,
        )
