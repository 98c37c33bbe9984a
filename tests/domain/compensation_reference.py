"""Compensation reckoned slowly and obviously, written apart from the product: second by second, hour by hour."""

from fractions import Fraction

from mainstay.domain.compensation import Amount, Cap, Clause, ClauseKind, ClauseSet, Combining, MonthFacts, Rounding


def sum_of(amount: Amount, rent: Fraction) -> Fraction:
    """Return what an amount is worth."""
    return amount.value if amount.unit == "fen" else amount.value * rent / Fraction(100)


def counts(responsibility: str, clauses: ClauseSet) -> bool:
    """Say whether the operator answers for it."""
    return responsibility == "operator" or (responsibility == "" and clauses.undecided_counts)


def down_seconds(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> int:
    """Count every second in which at least one outage that counts goes on."""
    seconds: set[int] = set()
    for event in facts.events:
        if counts(event.responsibility, clauses) and event.cause not in clause.excluded_causes:
            seconds |= set(range(int(event.from_at.timestamp()), int(event.to_at.timestamp())))
    return len(seconds) + (facts.unknown_s if clauses.unknown_counts else 0)


def _availability(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> list[Fraction]:
    if facts.base_s <= 0:
        return []
    up = max(0, facts.base_s - down_seconds(clause, clauses, facts))
    best = None
    for step in clause.steps:
        if Fraction(up, facts.base_s) * 100 < step.below and (best is None or step.below < best.below):
            best = step
    return [sum_of(best.amount, facts.rent_fen)] if best else []


def _hours(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> list[Fraction]:
    parts = []
    for late in facts.late:
        if not counts(late.responsibility, clauses) or late.cause in clause.excluded_causes:
            continue
        hours, over = 0, late.used_s - late.promised_s
        while over > 0:
            hours, over = hours + 1, over - 3600
        if hours:
            parts.append(sum_of(clause.amount, facts.rent_fen) * hours)
    return parts


def _events(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> list[Fraction]:
    parts, free = [], clause.free_events
    for event in facts.events:
        ours = counts(event.responsibility, clauses) and event.cause not in clause.excluded_causes
        if not ours or event.continues:
            continue
        if free:
            free -= 1
        else:
            parts.append(sum_of(clause.amount, facts.rent_fen))
    return parts


def _repeats(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> list[Fraction]:
    return [
        sum_of(clause.amount, facts.rent_fen)
        for event in facts.events
        if counts(event.responsibility, clauses)
        and event.cause not in clause.excluded_causes
        and not event.continues
        and event.after is not None
        and (event.from_at - event.after).total_seconds() <= clause.repeat_days * 24 * 3600
    ]


def _late(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> list[Fraction]:
    return [Fraction(part > 0) * sum_of(clause.amount, facts.rent_fen) for part in _hours(clause, clauses, facts)[:1]]


_BY_KIND = {
    ClauseKind.AVAILABILITY: _availability,
    ClauseKind.STARTED_HOUR: _hours,
    ClauseKind.EVENT: _events,
    ClauseKind.REPEAT: _repeats,
    ClauseKind.LATE_REPAIR: _late,
}


def to_fen(value: Fraction, rule: Rounding) -> int:
    """Try whole fen upwards until one fits."""
    whole = 0
    while whole + 1 <= value:
        whole += 1
    rest = value - whole
    if rest == 0 or rule == Rounding.DOWN:
        return whole
    return whole + 1 if rule == Rounding.UP or rest >= Fraction(1, 2) else whole


def limit(caps: tuple[Cap, ...], per: str, rent: Fraction) -> Fraction | None:
    """Return the lowest cap of a kind."""
    return min((sum_of(cap.amount, rent) for cap in caps if cap.per == per), default=None)


def due(clause: Clause, clauses: ClauseSet, facts: MonthFacts) -> int:
    """Return what one clause gives."""
    if not facts.closed and clause.kind not in ("started_hour", "late_repair"):
        return 0
    total = Fraction(0)
    for part in _BY_KIND[clause.kind](clause, clauses, facts):
        for caps in (clause.caps, clauses.caps):
            most = limit(caps, "event", facts.rent_fen)
            part = part if most is None or part < most else most
        total += part
    if total > 0 and total < clause.at_least_fen:
        total = Fraction(clause.at_least_fen)
    most = limit(clause.caps, "month", facts.rent_fen)
    if most is not None and total > most:
        return min(to_fen(most, clauses.rounding), to_fen(most, Rounding.DOWN))
    whole = to_fen(total, clauses.rounding)
    return whole if most is None else min(whole, to_fen(most, Rounding.DOWN))


def total_due(clauses: ClauseSet, facts: MonthFacts) -> int:
    """Return what the set gives."""
    given = [due(clause, clauses, facts) for clause in clauses.clauses]
    total = sum(given) if clauses.combining == Combining.ADD else max(given, default=0)
    for per, paid in (("month", 0), ("year", facts.paid_in_year_fen)):
        most = limit(clauses.caps, per, facts.rent_fen)
        if most is not None:
            total = min(total, max(0, to_fen(most, Rounding.DOWN) - paid))
    return 0 if total < clauses.ignored_below_fen else total
