"""Why does each hour between two instants count or not? The printable derivation of working time (PC 12)."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mainstay.domain.business_time.calendar import Calendar, DayKind, DayRule
from mainstay.domain.business_time.counting import check_order, from_instant
from mainstay.domain.errors import msgid

WHY_TEXTS: Mapping[str, str] = {
    "always": msgid("every hour counts (24x7)"),
    "working_hours": msgid("working hours"),
    "moved_workday": msgid("moved workday {label}"),
    "special_hours": msgid("special hours {label}"),
    "outside_hours": msgid("outside working hours"),
    "outside_special_hours": msgid("outside the special hours {label}"),
    "day_off": msgid("weekly day off"),
    "holiday": msgid("public holiday {label}"),
}
"""English msgid per code of Why; fill with `why.params` after translating."""


@dataclass(frozen=True)
class Why:
    """A reason as a code and its parameters, for faces to translate."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Stretch:
    """A half-open piece of time [from_at, to_at) that counts wholly or not at all.

    `seconds` is what it adds (0 when not counted). `assumed`: beyond the last known year, counted by the plain week.
    """

    from_at: datetime
    to_at: datetime
    counted: bool
    seconds: int
    why: Why
    assumed: bool = False


def working_stretches(calendar: Calendar, start_at: datetime, end_at: datetime) -> tuple[Stretch, ...]:
    """Cut [start_at, end_at) into stretches, each counted or not and why; neighbours with the same reason are merged.

    Together they cover the whole span without gaps; empty when both instants are the same second.
    Raises CalendarError for a naive instant or an end before the start.
    """
    start_s, end_s = check_order(start_at, end_at)
    if start_s == end_s:
        return ()
    if calendar.always:
        return (_stretch(start_s, end_s, True, Why("always"), False),)
    return tuple(_merged(_pieces(calendar, start_s, end_s)))


_Piece = tuple[int, int, bool, Why, bool]


def _pieces(calendar: Calendar, start_s: int, end_s: int) -> Iterator[_Piece]:
    """Cut day by day: (from, to, counted, why, assumed)."""
    ledger = calendar.ledger
    pages = ledger.pages(start_s, end_s)
    limit_s = ledger.known_limit_s
    index = max(0, bisect_right(pages.starts, start_s) - 1)
    for ordinal in range(ledger.local_day(start_s), ledger.local_day(end_s - 1) + 1):
        day = date.fromordinal(ordinal)
        at_s, night_s = max(start_s, ledger.midnight(ordinal)), min(end_s, ledger.midnight(ordinal + 1))
        assumed = limit_s is not None and at_s >= limit_s
        rule = calendar.days.get(day)
        why, why_not = _why_counted(rule), _why_not(rule, has_hours=bool(calendar.hours_on(day)))
        while index < len(pages.starts) and pages.starts[index] < night_s:
            opens, closes = max(pages.starts[index], at_s), min(pages.ends[index], night_s)
            index += 1
            if closes <= at_s:
                continue
            yield at_s, opens, False, why_not, assumed
            yield opens, closes, True, why, assumed
            at_s = closes
        yield at_s, night_s, False, why_not, assumed


def _merged(pieces: Iterator[_Piece]) -> Iterator[Stretch]:
    open_piece: _Piece | None = None
    for piece in pieces:
        if piece[0] >= piece[1]:
            continue
        if open_piece is not None and open_piece[2:] == piece[2:]:
            open_piece = (open_piece[0], piece[1], *piece[2:])
            continue
        if open_piece is not None:
            yield _stretch(*open_piece)
        open_piece = piece
    if open_piece is not None:
        yield _stretch(*open_piece)


def _stretch(from_s: int, to_s: int, counted: bool, why: Why, assumed: bool) -> Stretch:
    seconds = to_s - from_s if counted else 0
    return Stretch(from_instant(from_s), from_instant(to_s), counted, seconds, why, assumed)


def _why_counted(rule: DayRule | None) -> Why:
    if rule is None:
        return Why("working_hours")
    return Why("moved_workday" if rule.kind == DayKind.WORKDAY else "special_hours", {"label": rule.label})


def _why_not(rule: DayRule | None, *, has_hours: bool) -> Why:
    if rule is None:
        return Why("outside_hours" if has_hours else "day_off")
    if not has_hours:
        return Why("holiday", {"label": rule.label})
    if rule.kind == DayKind.CUSTOM:
        return Why("outside_special_hours", {"label": rule.label})
    return Why("outside_hours")
