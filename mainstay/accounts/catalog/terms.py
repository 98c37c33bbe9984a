"""What makes a term sound? The same rules for terms of profiles, contracts, customers and circuits (D3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.accounts.catalog.errors import BadTerm
from mainstay.domain.errors import msgid
from mainstay.platform.calendars.models import Calendar


@dataclass(frozen=True)
class Terms:
    """How much of which unit on which calendar (a code), valid on [valid_from, valid_to); None leaves the end open.

    `repeat_…`: the clause for repeated faults, as in TermAmount (promise-clocks 21).
    """

    metric: str
    amount: Decimal
    unit: str
    calendar: str
    valid_from: date
    valid_to: date | None = None
    repeat_days: int | None = None
    repeat_amount: Decimal | None = None
    repeat_escalates: bool = False

    def columns(self, calendars: Mapping[str, Calendar]) -> dict[str, object]:
        """Return the columns of a TermAmount row."""
        return {
            "metric": self.metric,
            "amount": self.amount,
            "unit": self.unit,
            "calendar": calendars[self.calendar],
            "valid_from": self.valid_from,
            "valid_to": self.valid_to,
            "repeat_days": self.repeat_days,
            "repeat_amount": self.repeat_amount,
            "repeat_escalates": self.repeat_escalates,
        }


def calendars_for(terms: Iterable[Terms]) -> dict[str, Calendar]:
    """Return the calendars the terms name, by code (1 query)."""
    return {row.code: row for row in Calendar.objects.filter(code__in={term.calendar for term in terms})}


def check_terms(owner: str, terms: Iterable[Terms], calendars: Mapping[str, Calendar]) -> None:
    """Refuse a term that is no promise; `owner` names what it belongs to. Raises BadTerm."""
    for term in terms:
        _check_words(owner, term, calendars)
        _check_amount(owner, term)
        _check_repeat(owner, term)
        if term.valid_to is not None and term.valid_to <= term.valid_from:
            raise BadTerm(
                msgid(
                    "{owner}: the term for {metric} ends on {end}, not after its begin on {begin}; correct the dates."
                ),
                owner=owner,
                metric=term.metric,
                end=term.valid_to,
                begin=term.valid_from,
            )


def _check_words(owner: str, term: Terms, calendars: Mapping[str, Calendar]) -> None:
    for field, value, known in (
        ("metric", term.metric, Metric.values),
        ("unit", term.unit, Unit.values),
        ("calendar", term.calendar, sorted(calendars)),
    ):
        if value not in known:
            raise BadTerm(
                msgid("{owner}: “{value}” is not a known {field} of a term; use one of {known}."),
                owner=owner,
                value=value,
                field=field,
                known=", ".join(known) or "—",
            )


def _check_amount(owner: str, term: Terms) -> None:
    if (term.unit == Unit.MONTHS) != (term.metric == Metric.REPORT):
        raise BadTerm(
            msgid("{owner}: {metric} cannot be promised in {unit}; only reports are promised in months."),
            owner=owner,
            metric=term.metric,
            unit=term.unit,
        )
    if term.unit == Unit.MONTHS and term.amount not in (1, 2, 3, 4, 6, 12):
        raise BadTerm(
            msgid("{owner}: a report every {amount} months does not fit a year; give 1, 2, 3, 4, 6 or 12."),
            owner=owner,
            amount=term.amount,
        )
    in_percent = term.unit == Unit.PERCENT
    if in_percent != (term.metric == Metric.AVAILABILITY):
        raise BadTerm(
            msgid("{owner}: {metric} cannot be promised in {unit}; availability is in per cent, all else in time."),
            owner=owner,
            metric=term.metric,
            unit=term.unit,
        )
    lowest = 0 if term.unit == Unit.SAME_DAY else 1 if term.unit == Unit.WORKING_DAYS else Decimal("0.001")
    if term.amount < lowest or (in_percent and term.amount > 100):
        raise BadTerm(
            msgid("{owner}: {amount} {unit} is no promise for {metric}; give an amount above 0, per cent at most 100."),
            owner=owner,
            amount=term.amount,
            unit=term.unit,
            metric=term.metric,
        )
    if term.unit == Unit.WORKING_DAYS and term.amount != int(term.amount):
        raise BadTerm(
            msgid("{owner}: {amount} working days for {metric}: working days are counted whole; round the amount."),
            owner=owner,
            amount=term.amount,
            metric=term.metric,
        )


def _check_repeat(owner: str, term: Terms) -> None:
    """Refuse a clause for repeated faults that says nothing, or more time than the promise itself."""
    if term.repeat_days is None and (term.repeat_amount is not None or term.repeat_escalates):
        raise BadTerm(
            msgid("{owner}: the clause for repeated faults needs the days within which a fault counts as repeated."),
            owner=owner,
        )
    if term.repeat_days is not None and not 1 <= term.repeat_days <= 365:
        raise BadTerm(
            msgid("{owner}: a fault is repeated within 1 to 365 days, not {days}; correct the clause."),
            owner=owner,
            days=term.repeat_days,
        )
    whole = term.repeat_amount is None or term.unit != Unit.WORKING_DAYS or term.repeat_amount % 1 == 0
    if term.repeat_amount is not None and not (0 < term.repeat_amount <= term.amount and whole):
        raise BadTerm(
            msgid("{owner}: for repeated faults {amount} {unit} is no promise; give more than 0, at most {most}."),
            owner=owner,
            amount=term.repeat_amount,
            unit=term.unit,
            most=term.amount,
        )
