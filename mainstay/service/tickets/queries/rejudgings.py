"""Which re-judgings were asked for on a ticket, what would each change, what did it change (PC 7, 11, 15, 26)?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.casework import CaseFile
from mainstay.service.tickets.choices import (
    ClockKind,
    ClockState,
    PauseReason,
    RejudgingKind,
    RejudgingState,
    Responsibility,
)
from mainstay.service.tickets.models import Rejudging


@dataclass(frozen=True)
class ReadingRow:
    """What a clock read before or after: state, deadline, when missed, used and promised seconds."""

    state: str
    state_label: str
    deadline_at: datetime | None
    breached_at: datetime | None
    used_s: int
    total_s: int


@dataclass(frozen=True)
class ChangeRow:
    """One clock that reads otherwise; `told`: per cent people know of already, `due`: those they do not yet."""

    label: str
    before: ReadingRow
    after: ReadingRow
    told: tuple[int, ...]
    due: tuple[int, ...]


@dataclass(frozen=True)
class ChargeRow:
    """Whose fault it was before and after, and whether the missed promise counts against us."""

    before: str
    before_charged: bool
    after: str
    after_charged: bool


@dataclass(frozen=True)
class RejudgingRow:
    """A re-judging; `may_decide`: this actor may approve it, `may_refuse`: may refuse it or take it back."""

    id: int
    kind: str
    kind_label: str
    state: str
    state_label: str
    why: str
    circuit_number: str
    reason_label: str
    from_at: datetime | None
    to_at: datetime | None
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    changes: tuple[ChangeRow, ...]
    charge: ChargeRow | None
    may_decide: bool
    may_refuse: bool


def rejudging_rows(file: CaseFile, numbers: Mapping[int, str], actor: Actor) -> list[RejudgingRow]:
    """Return a ticket's re-judgings, the newest first (1 query)."""
    rows = Rejudging.objects.filter(ticket=file.ticket).order_by("-asked_at", "-id")
    return [_row(row, file, numbers, actor) for row in rows]


def _row(row: Rejudging, file: CaseFile, numbers: Mapping[int, str], actor: Actor) -> RejudgingRow:
    own = row.asked_user_id is not None and row.asked_user_id == actor.user_id
    waits, approves = row.state == RejudgingState.ASKED, actor.may(Permission.APPROVE)
    wanted, reason = row.wanted, row.wanted.get("reason", "")
    return RejudgingRow(
        id=row.pk, kind=row.kind, kind_label=str(RejudgingKind(row.kind).label), state=row.state,
        state_label=str(RejudgingState(row.state).label), why=row.why,
        circuit_number=numbers.get(wanted.get("circuit_id") or 0, ""),
        reason_label=str(PauseReason(reason).label) if reason in PauseReason.values else "",
        from_at=_instant(wanted.get("from_at")), to_at=_instant(wanted.get("to_at")), asked_by=row.asked_by,
        asked_at=row.asked_at, decided_by=row.decided_by, decided_at=row.decided_at,
        changes=tuple(_change(change, file, numbers) for change in row.changes if change["clock"] is not None),
        charge=next((_charge(change) for change in row.changes if change["clock"] is None), None),
        may_decide=waits and approves and not own, may_refuse=waits and (approves or own),
    )  # fmt: skip


def _change(change: Mapping[str, Any], file: CaseFile, numbers: Mapping[int, str]) -> ChangeRow:
    clock = next((clock for clock in file.clocks if clock.pk == change["clock"]), None)
    named = str(clock.department) if clock is not None and clock.department_id else ""
    label = numbers.get(change["circuit"] or 0, "") or named or str(ClockKind(change["kind"]).label)
    before, after = _reading(change["before"]), _reading(change["after"])
    return ChangeRow(label, before, after, tuple(change["told"]), tuple(change["due"]))


def _reading(plain: Mapping[str, Any]) -> ReadingRow:
    return ReadingRow(
        plain["state"], str(ClockState(plain["state"]).label), _instant(plain["deadline_at"]),
        _instant(plain["breached_at"]), plain["used_s"], plain["total_s"],
    )  # fmt: skip


def _charge(change: Mapping[str, Any]) -> ChargeRow:
    before, after = change["before"], change["after"]
    return ChargeRow(
        str(Responsibility(before["responsibility"]).label), before["charged"],
        str(Responsibility(after["responsibility"]).label), after["charged"],
    )  # fmt: skip


def _instant(plain: str | None) -> datetime | None:
    return datetime.fromisoformat(plain) if plain else None
