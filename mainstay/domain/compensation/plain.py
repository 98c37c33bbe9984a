"""How are clauses and facts kept? As plain JSON values; fractions as decimal text or "n/d"."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from mainstay.domain.compensation.clauses import (
    Amount,
    AmountUnit,
    Cap,
    Clause,
    ClauseKind,
    ClauseSet,
    Combining,
    Per,
    Rounding,
    Step,
)
from mainstay.domain.compensation.facts import Event, LateRepair, MonthFacts, Rent

Plain = dict[str, Any]


def plain_amount(amount: Amount) -> Plain:
    """Return an amount as plain values."""
    return {"value": str(amount.value), "unit": amount.unit.value}


def amount_from(kept: Mapping[str, Any]) -> Amount:
    """Return what `plain_amount` kept."""
    return Amount(Fraction(kept["value"]), AmountUnit(kept["unit"]))


def plain_clause_set(clauses: ClauseSet) -> Plain:
    """Return clauses as plain values, the same for equal clauses."""
    return {
        "clauses": [_plain_clause(clause) for clause in clauses.clauses],
        "combining": clauses.combining.value,
        "rounding": clauses.rounding.value,
        "caps": [_plain_cap(cap) for cap in clauses.caps],
        "ignored_below_fen": clauses.ignored_below_fen,
        "undecided_counts": clauses.undecided_counts,
        "unknown_counts": clauses.unknown_counts,
    }


def _plain_clause(clause: Clause) -> Plain:
    return {
        "code": clause.code,
        "kind": clause.kind.value,
        "name": clause.name,
        "amount": plain_amount(clause.amount),
        "steps": [{"below": str(step.below), "amount": plain_amount(step.amount)} for step in clause.steps],
        "free_events": clause.free_events,
        "repeat_days": clause.repeat_days,
        "excluded_causes": sorted(clause.excluded_causes),
        "caps": [_plain_cap(cap) for cap in clause.caps],
        "at_least_fen": clause.at_least_fen,
    }


def _plain_cap(cap: Cap) -> Plain:
    return {"per": cap.per.value, "amount": plain_amount(cap.amount)}


def _cap_from(kept: Mapping[str, Any]) -> Cap:
    return Cap(Per(kept["per"]), amount_from(kept["amount"]))


def clause_set_from(kept: Mapping[str, Any]) -> ClauseSet:
    """Return what `plain_clause_set` kept; {} is a set without clauses."""
    if not kept:
        return ClauseSet()
    return ClauseSet(
        clauses=tuple(_clause_from(clause) for clause in kept["clauses"]),
        combining=Combining(kept["combining"]),
        rounding=Rounding(kept["rounding"]),
        caps=tuple(_cap_from(cap) for cap in kept["caps"]),
        ignored_below_fen=kept["ignored_below_fen"],
        undecided_counts=kept["undecided_counts"],
        unknown_counts=kept["unknown_counts"],
    )


def _clause_from(kept: Mapping[str, Any]) -> Clause:
    return Clause(
        code=kept["code"],
        kind=ClauseKind(kept["kind"]),
        name=kept["name"],
        amount=amount_from(kept["amount"]),
        steps=tuple(Step(Fraction(step["below"]), amount_from(step["amount"])) for step in kept["steps"]),
        free_events=kept["free_events"],
        repeat_days=kept["repeat_days"],
        excluded_causes=frozenset(kept["excluded_causes"]),
        caps=tuple(_cap_from(cap) for cap in kept["caps"]),
        at_least_fen=kept["at_least_fen"],
    )


def plain_facts(facts: MonthFacts) -> Plain:
    """Return a month's facts as plain values, the same for equal facts."""
    return {
        "month": facts.month.isoformat(),
        "base_s": facts.base_s,
        "rent": _plain_rent(facts.rent) if facts.rent is not None else None,
        "unknown_s": facts.unknown_s,
        "paid_in_year_fen": facts.paid_in_year_fen,
        "closed": facts.closed,
        "events": [
            {
                "from_at": event.from_at.isoformat(),
                "to_at": event.to_at.isoformat(),
                "responsibility": event.responsibility,
                "cause": event.cause,
                "ticket": event.ticket,
                "after": event.after and event.after.isoformat(),
                "continues": event.continues,
            }
            for event in facts.events
        ],
        "late": [dict(vars(one)) for one in facts.late],
    }


def _plain_rent(rent: Rent) -> dict[str, Any]:
    plain = {name: value for name, value in vars(rent).items() if name != "parts"}
    return {**plain, "parts": [list(part) for part in rent.parts]} if rent.parts else plain


def _rent_from(kept: Mapping[str, Any]) -> Rent:
    return Rent(**{**kept, "parts": tuple((int(price), int(days)) for price, days in kept.get("parts", ()))})


def facts_from(kept: Mapping[str, Any]) -> MonthFacts:
    """Return what `plain_facts` kept."""
    plain = {name: kept[name] for name in ("base_s", "unknown_s", "paid_in_year_fen", "closed")}
    return MonthFacts(
        month=date.fromisoformat(kept["month"]),
        rent=_rent_from(kept["rent"]) if kept["rent"] else None,
        events=tuple(_event_from(event) for event in kept["events"]),
        late=tuple(LateRepair(**one) for one in kept["late"]),
        **plain,
    )


def _event_from(kept: Mapping[str, Any]) -> Event:
    from_at, to_at = (datetime.fromisoformat(kept[name]) for name in ("from_at", "to_at"))
    after = datetime.fromisoformat(kept["after"]) if kept["after"] else None
    return Event(from_at, to_at, kept["responsibility"], kept["cause"], kept["ticket"], after, kept["continues"])
