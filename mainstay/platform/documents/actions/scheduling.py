"""Schedules: set one up, stop it, begin what is due. Each run is a job in the name of who set the schedule up."""

import calendar
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.documents import queries
from mainstay.platform.documents.choices import Audience, Cadence, Format, Language
from mainstay.platform.documents.errors import BadSchedule
from mainstay.platform.documents.models import Schedule
from mainstay.platform.documents.occasions import occasion_named
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.queries import actor_of, user_by_id
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer

PURPOSE = "documents.schedule"
LOOKED_AGAIN = timedelta(hours=1)
"""How long to wait for a month that is not closed."""


@dataclass(frozen=True)
class NewSchedule:
    """What a schedule makes, when, for whom, and who hears of it; see `Schedule`."""

    name: str
    kind: str
    templates: tuple[str, ...]
    formats: tuple[str, ...] = (Format.PDF.value,)
    languages: tuple[str, ...] = (Language.CHINESE.value,)
    cadence: str = Cadence.PROMISED.value
    day: int = 3
    hour: int = 6
    customer_ids: tuple[int, ...] = ()
    audience: str = Audience.NOTIFIED.value
    channels: tuple[str, ...] = ()
    send: bool = True


@transaction.atomic
def save_schedule(new: NewSchedule, *, at: datetime, by: Actor, schedule_id: int | None = None) -> Schedule:
    """Set up a schedule, or change one of the actor's. Raises NotAllowed, NoSuchSchedule, BadSchedule."""
    occasion = occasion_named(new.kind)
    require(by, occasion.permission)
    _check(new, known=occasion.templates, by=by)
    assert by.user_id is not None
    row = queries.schedule(by, schedule_id, lock=True) if schedule_id else Schedule(owner_id=by.user_id, made_at=at)
    before = _told(row) if schedule_id else None
    for name, value in asdict(new).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.active, row.waiting_for, row.next_at = True, None, next_day(new.day, new.hour, after=at)
    row.save()
    _set_timer(row)
    journal.record("schedule.save", [Change("schedule", row.pk, row.name[:160], before, _told(row))], at=at, by=by)
    return row


@transaction.atomic
def stop_schedule(schedule_id: int, *, at: datetime, by: Actor) -> Schedule:
    """Let a schedule rest; saving it anew sets it going. Raises NoSuchSchedule."""
    row = queries.schedule(by, schedule_id, lock=True)
    row.active, row.waiting_for = False, None
    row.save(update_fields=["active", "waiting_for"])
    timers.cancel(PURPOSE, "schedule", [row.pk], at=at)
    change = Change("schedule", row.pk, row.name[:160], {"active": True}, {"active": False})
    journal.record("schedule.stop", [change], at=at, by=by)
    return row


def begin_due(due: list[Timer], at: datetime, by: Actor) -> None:
    """Begin the schedules whose timers are due, in the timers' transaction; what cannot begin says why and goes on."""
    ids = [timer.owner_id for timer in due]
    for row in Schedule.objects.select_for_update().filter(pk__in=ids, active=True):
        _begin(row, at=at, by=by)
        row.save()
        _set_timer(row)


def begin_waiting(month: date, *, at: datetime) -> None:
    """Let schedules that wait for a month look at once: it was closed."""
    rows = list(Schedule.objects.select_for_update().filter(active=True, waiting_for=month))
    for row in rows:
        row.next_at = at
        _set_timer(row)
    Schedule.objects.filter(pk__in=[row.pk for row in rows]).update(next_at=at)


def register() -> None:
    """Tell the timers what a due schedule does."""
    timers.register(PURPOSE, begin_due)


def _begin(row: Schedule, *, at: datetime, by: Actor) -> None:
    month = row.waiting_for or month_before(timezone.localtime(at).date())
    occasion = occasion_named(row.kind)
    row.last_problem = ""
    if not occasion.is_ready(month):
        row.waiting_for, row.next_at = month, at + LOOKED_AGAIN
        return
    row.waiting_for, row.next_at = None, next_day(row.day, row.hour, after=at)
    try:
        with transaction.atomic():
            owner = _owner(row)
            ids = occasion.objects(owner, row, month)
            if ids:
                job = jobs.ask(row.kind, ids, occasion.arguments(row, month), at=at, by=owner, title=row.name)
                row.last_job_id = job.pk
            row.last_month = month
    except MainstayError as error:
        row.last_problem = str(error)[:400]


def _owner(row: Schedule) -> Actor:
    user = user_by_id(row.owner_id)
    if user is None or not user.is_active:
        raise BadSchedule(msgid("Who set up “{name}” may no longer sign in; save it anew."), name=row.name)
    return actor_of(user).because(f"schedule {row.pk}")


def _set_timer(row: Schedule) -> None:
    rung = f"{row.next_at:%Y%m%dT%H%M%S}"
    timers.set_timers([timers.Due(PURPOSE, "schedule", row.pk, rung, row.next_at)])


def _check(new: NewSchedule, *, known: Iterable[str], by: Actor) -> None:
    if by.user_id is None:
        raise BadSchedule(msgid("A schedule works in the name of a person; sign in and set it up there."))
    right = {
        msgid("name"): bool(new.name.strip()),
        msgid("documents"): bool(new.templates) and set(new.templates) <= set(known),
        msgid("format"): bool(new.formats) and set(new.formats) <= set(Format.values),
        msgid("language"): bool(new.languages) and set(new.languages) <= set(Language.values),
        msgid("cadence"): new.cadence in Cadence.values,
        msgid("day"): 1 <= new.day <= 28,
        msgid("hour"): 0 <= new.hour <= 23,
        msgid("audience"): new.audience in Audience.values,
    }
    for field, is_right in right.items():
        if not is_right:
            raise BadSchedule(
                msgid("“{name}”: choose a proper value for “{field}” (a day is 1 to 28)."), name=new.name, field=field
            )


def _told(row: Schedule) -> dict[str, Any]:
    names = ("name", "kind", "templates", "formats", "languages", "cadence", "day", "hour", "customer_ids", "audience",
             "channels", "send", "active")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def next_day(day: int, hour: int, *, after: datetime) -> datetime:
    """Return the next instant that is this day of a month at this hour, in the shown zone."""
    local = timezone.localtime(after)
    wanted = local.replace(day=day, hour=hour, minute=0, second=0, microsecond=0)
    if wanted <= local:
        days = calendar.monthrange(local.year, local.month)[1]
        wanted = (local.replace(day=1) + timedelta(days=days)).replace(
            day=day, hour=hour, minute=0, second=0, microsecond=0
        )
    return wanted


def month_before(day: date) -> date:
    """Return the first day of the month before a day's."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
