"""How much is due for a circuit's month? Clause by clause, capped, rounded once, then put together (H8).

Order: what counts (the operator's, no excluded cause) → amount per event → cap per event → sum → cap per month → at
least, still within the cap → rounding → highest or sum → the set's caps per month and year → what is too little.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from mainstay.domain.compensation.clauses import Cap, Clause, ClauseKind, ClauseSet, Combining, Per, Rounding
from mainstay.domain.compensation.facts import Event, LateRepair, MonthFacts
from mainstay.domain.compensation.lines import Line, decimal, money, spoken

OPERATOR, UNDECIDED = "operator", ""
HOUR_S = 3600
REPAIRS = (ClauseKind.STARTED_HOUR, ClauseKind.LATE_REPAIR)
"""What is judged by repairs alone, and so before the month is closed."""


@dataclass(frozen=True)
class Awarded:
    """What one clause gives, in whole fen."""

    code: str
    name: str
    due_fen: int


@dataclass(frozen=True)
class Compensation:
    """The amount in whole fen, the clauses that made it (one when the highest counts), and why, line by line."""

    due_fen: int
    clauses: tuple[Awarded, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Counted:
    """What of the month the operator answers for, and what was said while it was sorted out."""

    facts: MonthFacts
    undecided: bool
    unknown_s: int
    lines: tuple[Line, ...]

    def events(self, clause: Clause) -> list[Event]:
        return [e for e in self.facts.events if self._counts(e) and e.cause not in clause.excluded_causes]

    def late(self, clause: Clause) -> list[LateRepair]:
        return [one for one in self.facts.late if self._counts(one) and one.cause not in clause.excluded_causes]

    def excluded(self, clause: Clause) -> list[Line]:
        """Say what a clause leaves out for its cause."""
        given: list[Event | LateRepair] = [*self.facts.events, *self.facts.late]
        out = dict.fromkeys(
            (one.ticket, one.cause) for one in given if self._counts(one) and one.cause in clause.excluded_causes
        )
        named = clause.name or clause.code
        return [Line("cause_excluded", {"name": named, "ticket": t or "—", "cause": cause}) for t, cause in out]

    def _counts(self, one: Event | LateRepair) -> bool:
        return one.responsibility == OPERATOR or (self.undecided and one.responsibility == UNDECIDED)


def reckon(clauses: ClauseSet, facts: MonthFacts) -> Compensation:
    """Return what is due for a month under the clauses, with its derivation."""
    if not clauses.clauses:
        return Compensation(0, (), (Line("no_clause"), Line("total", {"due_fen": 0})))
    counted = _sorted_out(clauses, facts)
    lines = [*_rent_lines(facts), *counted.lines]
    awarded = []
    for clause in clauses.clauses:
        if not facts.closed and clause.kind not in REPAIRS:
            continue
        due, said = _clause_due(clause, clauses, counted)
        lines += said
        awarded.append(Awarded(clause.code, clause.name or clause.code, due))
    total, chosen, said = _together(clauses, awarded)
    lines += said
    total, said = _limited(clauses, total, facts)
    lines += [*said, Line("total", {"due_fen": total})]
    return Compensation(total, chosen if total else (), tuple(lines))


def _rent_lines(facts: MonthFacts) -> list[Line]:
    lines, rent = [], facts.rent
    if rent is None or not rent.fen:
        lines.append(Line("no_rent"))
    else:
        told = {"contract": rent.contract or "—", "position": rent.position, "price_fen": rent.price_fen}
        spans = {"month_days": rent.month_days}
        parts = [{**told, "price_fen": price, "days": days, **spans} for price, days in rent.parts]
        lines += [Line("price_part", part) for part in parts] or [Line("price", told)]
        if rent.circuits > 1:
            lines.append(Line("shared", {"circuits": rent.circuits}))
        if rent.days < rent.month_days:
            lines.append(Line("days", {"days": rent.days, "month_days": rent.month_days}))
        lines.append(Line("rent", {"rent_fen": money(rent.fen)}))
    return lines if facts.closed else [*lines, Line("month_open")]


def _sorted_out(clauses: ClauseSet, facts: MonthFacts) -> _Counted:
    lines: list[Line] = []
    told: set[str] = set()
    for event in facts.events:
        if event.responsibility not in (OPERATOR, UNDECIDED):
            lines.append(Line("not_ours", {**_span(event), "side": event.responsibility}))
        elif event.responsibility == UNDECIDED and event.ticket not in told:
            told.add(event.ticket)
            lines.append(_undecided(clauses, event.ticket))
    for late in facts.late:
        if late.responsibility not in (OPERATOR, UNDECIDED):
            lines.append(Line("late_not_ours", {"ticket": late.ticket, "side": late.responsibility}))
        elif late.responsibility == UNDECIDED and late.ticket not in told:
            told.add(late.ticket)
            lines.append(_undecided(clauses, late.ticket))
    if facts.unknown_s:
        code = "unknown_counts" if clauses.unknown_counts else "unknown_left"
        lines.append(Line(code, {"unknown_s": facts.unknown_s}))
    unknown_s = facts.unknown_s if clauses.unknown_counts else 0
    return _Counted(facts, clauses.undecided_counts, unknown_s, tuple(lines))


def _undecided(clauses: ClauseSet, ticket: str) -> Line:
    return Line("undecided" if clauses.undecided_counts else "undecided_left", {"ticket": ticket or "—"})


def _span(event: Event) -> dict[str, object]:
    return {
        "ticket": event.ticket or "—",
        "from_at": event.from_at.isoformat(),
        "to_at": event.to_at.isoformat(),
    }


Parts = tuple[list[Fraction], list[Line]]
"""What a clause gives for each event (or once), exact, and the lines that say so."""


def _clause_due(clause: Clause, clauses: ClauseSet, counted: _Counted) -> tuple[int, list[Line]]:
    """Return what one clause gives, in whole fen, within its caps."""
    name, rent = clause.name or clause.code, counted.facts.rent_fen
    parts, lines = _PARTS[clause.kind](clause, counted)
    lines = [*counted.excluded(clause), *lines]
    per_event = [*_caps(clause.caps, Per.EVENT), *_caps(clauses.caps, Per.EVENT)]
    for cap in per_event:
        limit = cap.amount.of(rent)
        if any(part > limit for part in parts):
            parts = [min(part, limit) for part in parts]
            lines.append(_capped("cap_event", name, cap, sum(parts, Fraction(0))))
    due = sum(parts, Fraction(0))
    due, said = _cap_and_floor(clause, name, due, rent)
    lines += said
    if due == 0:
        return 0, [*lines, Line("nothing", {"name": name})]
    whole = rounded(due, clauses.rounding)
    limits = [cap.amount.of(rent) for cap in _caps(clause.caps, Per.MONTH)]
    whole = min([whole, *(limit.numerator // limit.denominator for limit in limits)])
    if whole != due:
        lines.append(Line("rounded", {"name": name, "rule": clauses.rounding.value, "due_fen": whole}))
    return whole, lines


def _cap_and_floor(clause: Clause, name: str, due: Fraction, rent: Fraction) -> tuple[Fraction, list[Line]]:
    """Raise what is due to the least amount, then keep it within the caps of the month."""
    lines: list[Line] = []
    if 0 < due < clause.at_least_fen:
        due = Fraction(clause.at_least_fen)
        lines.append(Line("at_least", {"name": name, "least_fen": clause.at_least_fen, "due_fen": money(due)}))
    for cap in _caps(clause.caps, Per.MONTH):
        limit = cap.amount.of(rent)
        if due > limit:
            due = limit
            lines.append(_capped("cap_month", name, cap, due))
    return due, lines


def rounded(value: Fraction, rule: Rounding) -> int:
    """Round an amount that is not negative to whole fen."""
    if rule == Rounding.UP:
        return -(-value.numerator // value.denominator)
    if rule == Rounding.DOWN:
        return value.numerator // value.denominator
    doubled = 2 * value + 1
    return doubled.numerator // (2 * doubled.denominator)


def _caps(caps: Iterable[Cap], per: Per) -> list[Cap]:
    return [cap for cap in caps if cap.per == per]


def _capped(code: str, name: str, cap: Cap, due: Fraction) -> Line:
    return Line(code, {"name": name, "cap_amount": spoken(cap.amount), "due_fen": money(due)})


def _availability(clause: Clause, counted: _Counted) -> Parts:
    """Give the deepest step reached by the time that counts as down."""
    name, facts = clause.name or clause.code, counted.facts
    down_s = united_s(counted.events(clause)) + counted.unknown_s
    if facts.base_s <= 0:
        return [], [Line("no_base", {"name": name})]
    value = 100 * (1 - Fraction(min(down_s, facts.base_s), facts.base_s))
    told = {"name": name, "down_s": down_s, "base_s": facts.base_s, "value_pct": decimal(value)}
    lines = [Line("availability", told)]
    reached = [step for step in clause.steps if value < step.below]
    if not reached:
        first = max((step.below for step in clause.steps), default=Fraction(0))
        return [], [*lines, Line("no_step", {"name": name, "below_pct": decimal(first)})]
    deepest = min(reached, key=lambda step: step.below)
    due = deepest.amount.of(facts.rent_fen)
    told = {"below_pct": decimal(deepest.below), "pays_amount": spoken(deepest.amount), "due_fen": money(due)}
    return [due], [*lines, Line("step", {"name": name, **told})]


def united_s(events: Iterable[Event]) -> int:
    """Return the whole seconds some events cover; overlapping ones are united, never added (PC 16)."""
    covered, until = timedelta(), None
    for event in sorted(events, key=lambda event: event.from_at):
        begin = event.from_at if until is None else max(event.from_at, until)
        if event.to_at > begin:
            covered += event.to_at - begin
            until = event.to_at
    return covered // timedelta(seconds=1)


def _started_hours(clause: Clause, counted: _Counted) -> Parts:
    name, parts, lines = clause.name or clause.code, [], []
    for late in counted.late(clause):
        over_s = late.used_s - late.promised_s
        if over_s <= 0:
            continue
        hours = -(-over_s // HOUR_S)
        due = clause.amount.of(counted.facts.rent_fen) * hours
        lines.append(_late_line(name, late))
        told = {"name": name, "hours": hours, "pays_amount": spoken(clause.amount), "due_fen": money(due)}
        lines.append(Line("hours", told))
        parts.append(due)
    return parts, lines


def _late_line(name: str, late: LateRepair) -> Line:
    told = {"used_s": late.used_s, "promised_s": late.promised_s, "late_s": late.used_s - late.promised_s}
    return Line("late", {"name": name, "ticket": late.ticket, **told})


def _begun(events: list[Event], name: str) -> tuple[list[Event], list[Line]]:
    """Return the outages that began in the month, and what is said of the others."""
    lines = [Line("continues", {"name": name, "ticket": e.ticket or "—"}) for e in events if e.continues]
    return [event for event in events if not event.continues], lines


def _events(clause: Clause, counted: _Counted) -> Parts:
    name, parts = clause.name or clause.code, []
    due = clause.amount.of(counted.facts.rent_fen)
    begun, lines = _begun(counted.events(clause), name)
    for number, event in enumerate(begun):
        if number < clause.free_events:
            lines.append(Line("free_event", {"name": name, **_span(event), "free": clause.free_events}))
            continue
        parts.append(due)
        told = {"pays_amount": spoken(clause.amount), "due_fen": money(due)}
        lines.append(Line("event", {"name": name, **_span(event), **told}))
    return parts, lines


def _repeats(clause: Clause, counted: _Counted) -> Parts:
    name, parts = clause.name or clause.code, []
    due = clause.amount.of(counted.facts.rent_fen)
    begun, lines = _begun(counted.events(clause), name)
    for event in begun:
        if event.after is None or (event.from_at - event.after).total_seconds() > clause.repeat_days * 86400:
            continue
        parts.append(due)
        told = {"after_at": event.after.isoformat(), "days": clause.repeat_days}
        told |= {"pays_amount": spoken(clause.amount), "due_fen": money(due)}
        lines.append(Line("repeat", {"name": name, **_span(event), **told}))
    return parts, lines


def _late_repair(clause: Clause, counted: _Counted) -> Parts:
    name = clause.name or clause.code
    late = [one for one in counted.late(clause) if one.used_s > one.promised_s]
    if not late:
        return [], []
    due = clause.amount.of(counted.facts.rent_fen)
    told = {"name": name, "pays_amount": spoken(clause.amount), "due_fen": money(due)}
    return [due], [*(_late_line(name, one) for one in late), Line("waived", told)]


_PARTS: Mapping[ClauseKind, Callable[[Clause, _Counted], Parts]] = {
    ClauseKind.AVAILABILITY: _availability,
    ClauseKind.STARTED_HOUR: _started_hours,
    ClauseKind.EVENT: _events,
    ClauseKind.REPEAT: _repeats,
    ClauseKind.LATE_REPAIR: _late_repair,
}


def _together(clauses: ClauseSet, awarded: list[Awarded]) -> tuple[int, tuple[Awarded, ...], list[Line]]:
    """Return the total, the clauses that make it, and what is said of it; of equals the first counts."""
    paying = [one for one in awarded if one.due_fen > 0]
    if len(paying) <= 1:
        return sum(one.due_fen for one in paying), tuple(paying), []
    if clauses.combining == Combining.ADD:
        total = sum(one.due_fen for one in paying)
        return total, tuple(paying), [Line("sum", {"due_fen": total})]
    best = max(paying, key=lambda one: one.due_fen)
    return best.due_fen, (best,), [Line("highest", {"name": best.name, "due_fen": best.due_fen})]


def _limited(clauses: ClauseSet, total: int, facts: MonthFacts) -> tuple[int, list[Line]]:
    """Keep the total within the set's caps of month and year; pay nothing that is too little."""
    lines = []
    for cap in _caps(clauses.caps, Per.MONTH):
        limit = _floor(cap.amount.of(facts.rent_fen))
        if total > limit:
            total = limit
            lines.append(Line("set_cap_month", {"cap_amount": spoken(cap.amount), "due_fen": total}))
    for cap in _caps(clauses.caps, Per.YEAR):
        limit = max(0, _floor(cap.amount.of(facts.rent_fen)) - facts.paid_in_year_fen)
        if total > limit:
            total = limit
            told = {"cap_amount": spoken(cap.amount), "paid_fen": facts.paid_in_year_fen, "due_fen": total}
            lines.append(Line("set_cap_year", told))
    if 0 < total < clauses.ignored_below_fen:
        lines.append(Line("ignored", {"due_fen": total, "least_fen": clauses.ignored_below_fen}))
        total = 0
    return total, lines


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator
