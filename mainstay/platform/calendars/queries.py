"""Read calendars: as rows for settings pages, as values that clocks count with."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from mainstay.domain.business_time import Calendar as CalendarValue
from mainstay.domain.business_time import DayKind, DayRule, Week
from mainstay.domain.errors import NotFound, msgid
from mainstay.platform.calendars.models import Calendar, CalendarEdition, SpecialDay, WorkingHours, YearTable

NOTHING_KNOWN = date(1970, 12, 31)
"""`known_until` of a calendar that needs yearly tables and has none."""

_values: dict[str, CalendarValue] = {}
_extended: dict[tuple[str, str], CalendarValue] = {}


def calendar_by_code(code: str) -> CalendarValue:
    """Return the calendar as a value, never a stale one (1 query when known); NotFound names the code."""
    row = Calendar.objects.filter(code=code).first()
    if row is None:
        raise NotFound(msgid("There is no calendar “{code}”; create it under Settings, Calendars."), code=code)
    return value_of(row)


def calendar_as_frozen(code: str, edition: str) -> CalendarValue:
    """Return a calendar as it stood under a stamp; days that nobody knew then are taken from what is known now.

    The hours, the zone and every year that was known then stay (PC 7, 26); a year's table imported later only says
    more about what was a guess (PC 2). Without a stamp, or with one never kept: the calendar of today. One query while
    the calendar is unchanged.
    """
    row = Calendar.objects.filter(code=code).first()
    if row is None:
        raise NotFound(msgid("There is no calendar “{code}”; create it under Settings, Calendars."), code=code)
    if edition in ("", row.stamp) or not row.stamp:
        return value_of(row)
    key = edition, row.stamp
    if key not in _extended:
        kept = CalendarEdition.objects.filter(stamp=edition).first()
        _extended[key] = value_of(row) if kept is None else extended(kept.content, value_of(row))
    return _extended[key]


def extended(content: dict[str, Any], today: CalendarValue) -> CalendarValue:
    """Return a kept calendar, with the special days after the last one it knew taken from today's."""
    known = date.fromisoformat(content["known_until"]) if content["known_until"] else None
    days = {date.fromisoformat(on): _rule(kind, label, hours) for on, kind, label, hours in content["days"]}
    if known is not None and today.known_until is not None and today.known_until > known:
        days |= {on: rule for on, rule in today.days.items() if on > known}
        known = today.known_until
    return CalendarValue(
        name=content["name"], tz=content["tz"], always=content["always"],
        week=tuple(tuple((a, b) for a, b in hours) for hours in content["week"]), days=days, known_until=known,
    )  # fmt: skip


def content_of(value: CalendarValue) -> dict[str, Any]:
    """Return a calendar's value as plain JSON, to be kept."""
    days = [[on.isoformat(), str(r.kind), r.label, [list(i) for i in r.intervals]] for on, r in value.days.items()]
    return {
        "name": value.name, "tz": value.tz, "always": value.always,
        "week": [[list(interval) for interval in hours] for hours in value.week], "days": sorted(days),
        "known_until": value.known_until.isoformat() if value.known_until else None,
    }  # fmt: skip


def editions(code: str) -> QuerySet[CalendarEdition]:
    """Return what a calendar has said, newest first."""
    return CalendarEdition.objects.filter(code=code).order_by("-made_at", "-pk")


def _rule(kind: str, label: str, hours: Iterable[Iterable[int]]) -> DayRule:
    return DayRule(DayKind(kind), label, intervals=tuple((a, b) for a, b in hours))


def value_of(row: Calendar) -> CalendarValue:
    """Return the value of a row just read: from this process's memory while its stamp is known, else built.

    A stamp is a digest of the content, so a value in memory can never be another content's.
    """
    if not row.stamp:
        return build_value(row)
    if row.stamp not in _values:
        value = build_value(row)
        if stamp_of(value) != row.stamp:
            return value
        _values[row.stamp] = value
    return _values[row.stamp]


def build_value(row: Calendar) -> CalendarValue:
    """Build the value from the rows (4 queries); raises CalendarError when they make no usable calendar."""
    if row.always:
        return CalendarValue(name=row.name, tz=row.time_zone, always=True)
    needs_tables = bool(row.special_days)
    return CalendarValue(
        name=row.name,
        tz=row.time_zone,
        week=week_of(row.hours.all()),
        days=rules(row.special_days) if needs_tables else {},
        known_until=(known_until(row.special_days) or NOTHING_KNOWN) if needs_tables else None,
    )


def stamp_of(value: CalendarValue) -> str:
    """Return a digest of everything that decides about the hours of a calendar."""
    days = sorted((on.isoformat(), rule.kind, rule.label, rule.intervals) for on, rule in value.days.items())
    said = (value.name, value.tz, value.always, value.week, value.known_until, days)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def week_of(hours: Iterable[WorkingHours]) -> Week:
    """Return the intervals of each weekday, Monday first, in minutes from midnight."""
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for row in hours:
        week[row.weekday].append((row.from_minute, row.to_minute))
    return tuple(tuple(day) for day in week)


def rules(country: str) -> dict[date, DayRule]:
    """Return the rule of each special day of a country."""
    rows = SpecialDay.objects.filter(table__country=country)
    return {
        row.on: DayRule(DayKind(row.kind), row.label, intervals=tuple((a, b) for a, b in row.hours)) for row in rows
    }


def known_until(country: str) -> date | None:
    """Return the last day of the unbroken run of years whose tables are known, None when there is none (PC 2)."""
    years = list(YearTable.objects.filter(country=country).order_by("year").values_list("year", flat=True))
    if not years:
        return None
    last = years[0]
    while last + 1 in years:
        last += 1
    return date(last, 12, 31)


def calendars() -> QuerySet[Calendar]:
    """Return all calendars with their hours, by code."""
    return Calendar.objects.prefetch_related("hours").order_by("code")


def year_tables(country: str = "CN") -> QuerySet[YearTable]:
    """Return the yearly tables with their days, newest first."""
    return YearTable.objects.filter(country=country).prefetch_related("days").order_by("-year")
