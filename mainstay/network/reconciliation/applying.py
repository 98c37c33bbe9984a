"""Let the inventory take what a source says, through its own actions: checked, audited, announced (E3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.reconciling import Kind, Value
from mainstay.network.inventory.actions import circuits, retiring
from mainstay.network.reconciliation.choices import Covers
from mainstay.network.reconciliation.errors import BadDecision
from mainstay.network.reconciliation.reading import KINDS, typed
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Given, Taken


@dataclass(frozen=True)
class Wanted:
    """One object to be brought in line. `values` by field: for a new one all the source says, else what differs."""

    code: str
    kind: Kind
    values: Mapping[str, Value]
    object_id: int | None = None


@dataclass(frozen=True)
class Applied:
    """What became of it: the object's id, or why the inventory refused it."""

    object_id: int | None
    error: MainstayError | None = None


def apply(covers: str, wanted: Sequence[Wanted], *, at: datetime, by: Actor) -> list[Applied]:
    """Bring objects in line with a source, in the caller's transaction; what is refused spoils nothing else."""
    written = [(place, each) for place, each in enumerate(wanted) if _is_row(each)]
    found: dict[int, Applied] = {}
    if written:
        for (place, _each), done in zip(
            written, _write(covers, [each for _p, each in written], at=at, by=by), strict=True
        ):
            found[place] = done
    for place, each in enumerate(wanted):
        if place not in found:
            found[place] = _alone(_state_change(covers, each), each, at=at, by=by)
    return [found[place] for place in range(len(wanted))]


def take_out(covers: str, object_id: int, label: str, *, at: datetime, by: Actor) -> None:
    """Take a created object out again. Raises what says why it has to stay."""
    kind = KINDS[covers]
    errors = kind.take_back([Taken(_object_kind(covers), object_id, label, True, None, None)], at=at, by=by)
    if errors[0] is not None:
        raise errors[0]


def _is_row(each: Wanted) -> bool:
    return each.kind not in (Kind.VANISHED, Kind.GONE_HERE) or (each.kind == Kind.GONE_HERE and each.object_id is None)


def _write(covers: str, wanted: Sequence[Wanted], *, at: datetime, by: Actor) -> list[Applied]:
    kind = KINDS[covers]
    rows = [
        Given(place, {kind.key[0]: each.code, **{name: typed(name, value) for name, value in each.values.items()}})
        for place, each in enumerate(wanted)
    ]
    written = kind.write(rows, at=at, by=by)
    return [Applied(done.object_id, done.error if done.outcome == Outcome.REFUSED else None) for done in written]


Change = Callable[[int, datetime, Actor], object]


def _state_change(covers: str, each: Wanted) -> Change:
    vanished = each.kind == Kind.VANISHED
    if covers == Covers.CIRCUITS:
        if vanished:
            return lambda pk, at, by: circuits.cease_circuit(pk, at=at, by=by)
        return lambda pk, at, by: retiring.reopen_circuit(pk, at=at, by=by)
    if vanished:
        return lambda pk, at, by: retiring.retire_resources([pk], at=at, by=by)
    return lambda pk, at, by: retiring.restore_resources([pk], at=at, by=by)


def _alone(change: Change, each: Wanted, *, at: datetime, by: Actor) -> Applied:
    if each.object_id is None:
        return Applied(None, BadDecision(msgid("{code} is not in the inventory any more."), code=each.code))
    try:
        with transaction.atomic():
            change(each.object_id, at, by)
    except MainstayError as error:
        return Applied(each.object_id, error)
    return Applied(each.object_id)


def _object_kind(covers: str) -> str:
    return "circuit" if covers == Covers.CIRCUITS else "resource"
