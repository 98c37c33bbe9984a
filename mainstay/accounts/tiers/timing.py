"""When is something of the tiers due? Timers for a version's day, a part of a run, the night; whose facts changed."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from mainstay.accounts.tiers.models import Waiting
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.timers.actions import Due, set_timers

FORCE, PART, NIGHT = "tiers.force", "tiers.part", "tiers.night"
NIGHT_AT = time(2, 30)


def force_on(version_id: int, day: date) -> None:
    """Have a version put in force at the beginning of a day."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    set_timers([Due(FORCE, "tier_version", version_id, "day", begin)])


def next_part(run_id: int, done: int, *, at: datetime) -> None:
    """Have the next part of a run done."""
    set_timers([Due(PART, "tier_run", run_id, str(done), at)])


def next_night(*, at: datetime) -> None:
    """Have everybody looked at in the night to come."""
    today = timezone.localtime(at)
    night = timezone.make_aware(datetime.combine(today.date(), NIGHT_AT))
    due = night if night > at else night + timedelta(days=1)
    set_timers([Due(NIGHT, "tiers", 1, f"{due:%Y%m%d}", due)])


def judge_soon(customer_ids: Collection[int]) -> None:
    """Note customers whose facts changed; the sweeper judges them with its next beat. In the caller's transaction."""
    rows = [(pk,) for pk in sorted(set(customer_ids))]
    insert_many(Waiting, ("customer_id",), rows, unique=("customer_id",), update=("customer_id",))
