"""Create calendars, set their hours, import the yearly table of holidays and moved workdays (PC 1, 2, 20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.business_time import EMPTY_WEEK, DayKind, DayRule, Interval, Week
from mainstay.domain.business_time import Calendar as CalendarValue
from mainstay.domain.errors import Refused, msgid
from mainstay.platform.calendars.models import Calendar, CalendarEdition, SpecialDay, WorkingHours, YearTable
from mainstay.platform.calendars.queries import build_value, content_of, stamp_of, week_of
from mainstay.platform.calendars.shipped import NOTICES
from mainstay.platform.calendars.tables import Day, read_days
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal

_OFFICE_DAY: tuple[Interval, ...] = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
OFFICE_WEEK: Week = (_OFFICE_DAY,) * 5 + ((), ())
"""08:00–12:00 and 14:00–18:00, Monday to Friday."""


@dataclass(frozen=True)
class NewCalendar:
    """A calendar wanted: 24×7, or a week of hours with the special days of a country ("" takes none)."""

    code: str
    name: str
    time_zone: str = "Asia/Shanghai"
    always: bool = False
    week: Week = EMPTY_WEEK
    special_days: str = "CN"


STANDARD_CALENDARS = (
    NewCalendar(code="24x7", name="24×7", always=True, special_days=""),
    NewCalendar(code="office", name="工作时间 8:00–12:00、14:00–18:00", week=OFFICE_WEEK),
)


@transaction.atomic
def create_calendar(new: NewCalendar, *, at: datetime, by: Actor) -> Calendar:
    """Create a calendar; CalendarError says what makes its hours unusable, Refused that the code is taken."""
    require(by, Permission.SETTINGS)
    if Calendar.objects.filter(code=new.code).exists():
        raise Refused(msgid("The calendar code “{code}” is taken; choose another."), code=new.code)
    CalendarValue(name=new.name, tz=new.time_zone, week=new.week, always=new.always)
    row = Calendar.objects.create(
        code=new.code,
        name=new.name,
        time_zone=new.time_zone,
        always=new.always,
        special_days="" if new.always else new.special_days,
    )
    _write_week(row, new.week, at)
    after = {"time_zone": new.time_zone, "always": new.always, "week": new.week, "special_days": row.special_days}
    journal.record("calendar.create", [journal.Change("calendar", row.pk, row.name, None, after)], at=at, by=by)
    return row


@transaction.atomic
def set_hours(calendar: Calendar, week: Week, *, at: datetime, by: Actor) -> None:
    """Replace the weekly hours (seven lists, Monday first); CalendarError says what makes them unusable."""
    require(by, Permission.SETTINGS)
    CalendarValue(name=calendar.name, tz=calendar.time_zone, week=week, always=calendar.always)
    before = week_of(calendar.hours.all())
    _write_week(calendar, week, at)
    change = journal.Change("calendar", calendar.pk, calendar.name, {"week": before}, {"week": week})
    journal.record("calendar.hours", [change], at=at, by=by)


@transaction.atomic
def import_year(
    year: int,
    days: Sequence[Day] | str | bytes,
    *,
    source: str,
    at: datetime,
    by: Actor,
    country: str = "CN",
    replace: bool = False,
) -> YearTable:
    """Import a year's special days, as a list or as CSV (see `tables`), all or none; `replace` corrects a known year.

    Refused: a day outside the year, a day named twice, hours where none belong, a year that is known or leaves a gap.
    """
    require(by, Permission.SETTINGS)
    wanted = read_days(days) if isinstance(days, str | bytes) else list(days)
    _check_days(year, wanted)
    known = set(YearTable.objects.filter(country=country).values_list("year", flat=True))
    if year in known and not replace:
        raise Refused(
            msgid("The table of {country} {year} is known already; say that you mean to replace it."),
            country=country,
            year=year,
        )
    if known and not {year - 1, year, year + 1} & known:
        raise Refused(
            msgid("Between {year} and the known years {first} to {last} a year is missing; import that one first."),
            year=year,
            first=min(known),
            last=max(known),
        )
    return _write_year(country, year, wanted, source=source, at=at, by=by)


def load_shipped(*, at: datetime, by: Actor) -> list[int]:
    """Create the standard calendars and load the shipped official years that are missing; return those years.

    What an administrator has changed or imported stays as it is.
    """
    require(by, Permission.SETTINGS)
    known_codes = set(Calendar.objects.values_list("code", flat=True))
    known_years = set(YearTable.objects.filter(country="CN").values_list("year", flat=True))
    missing = [notice for notice in NOTICES if notice.year not in known_years]
    with transaction.atomic():
        for new in STANDARD_CALENDARS:
            if new.code not in known_codes:
                create_calendar(new, at=at, by=by)
        for notice in missing:
            _write_year("CN", notice.year, list(notice.days()), source=notice.source, at=at, by=by)
    return [notice.year for notice in missing]


def _check_days(year: int, days: Iterable[Day]) -> None:
    seen = set()
    for day in days:
        if day.on.year != year:
            raise Refused(
                msgid("{day} is not in {year}; take it out or import it with its own year."), day=day.on, year=year
            )
        if day.on in seen:
            raise Refused(msgid("{day} is in the table twice; leave one of the two."), day=day.on)
        if day.kind == DayKind.CUSTOM and not day.intervals:
            raise Refused(
                msgid("{day} has hours of its own but none are given; add them, or call it a holiday."), day=day.on
            )
        seen.add(day.on)
    if not seen:
        raise Refused(msgid("The table of {year} is empty; give its holidays and moved workdays."), year=year)


def _write_year(country: str, year: int, days: list[Day], *, source: str, at: datetime, by: Actor) -> YearTable:
    """Replace the year's table and see that every calendar of the country can still be used."""
    old = YearTable.objects.filter(country=country, year=year).prefetch_related("days").first()
    before = (
        {"source": old.source, "days": [_said(d.on, d.kind, d.label, d.hours) for d in old.days.all()]} if old else None
    )
    if old:
        old.delete()
    table = YearTable.objects.create(
        country=country, year=year, source=source[:200], imported_at=at, imported_by=by.name[:80]
    )
    rules = {d.on: DayRule(d.kind, d.label, intervals=d.intervals) for d in days}
    CalendarValue(name=f"{country} {year}", tz="UTC", week=OFFICE_WEEK, days=rules)
    SpecialDay.objects.bulk_create(
        SpecialDay(table=table, on=d.on, kind=d.kind, label=d.label[:80], hours=[list(i) for i in d.intervals])
        for d in days
    )
    _restamp(Calendar.objects.filter(special_days=country, always=False), at)
    after = {"source": source, "days": [_said(d.on, d.kind, d.label, d.intervals) for d in days]}
    change = journal.Change("calendar", f"{country}-{year}", f"{country} {year}", before, after)
    journal.record("calendar.import_year", [change], at=at, by=by)
    return table


def _said(on: date, kind: str, label: str, hours: Sequence[Sequence[int]]) -> list[object]:
    return [on.isoformat(), str(kind), label, [list(interval) for interval in hours]]


def _write_week(row: Calendar, week: Week, at: datetime) -> None:
    row.hours.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(calendar=row, weekday=weekday, from_minute=start, to_minute=end)
        for weekday, intervals in enumerate(week)
        for start, end in intervals
    )
    _restamp([row], at)


def _restamp(rows: Iterable[Calendar], at: datetime) -> None:
    """Bring the stamps up to date, and keep what each says; raises CalendarError when a calendar became unusable."""
    for row in rows:
        value = build_value(row)
        row.stamp = stamp_of(value)
        row.save(update_fields=["stamp"])
        kept = {"code": row.code, "content": content_of(value), "made_at": at}
        CalendarEdition.objects.get_or_create(stamp=row.stamp, defaults=kept)
