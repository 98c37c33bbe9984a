"""What happens when a window ends and the work does not: the desk is told that alarms count again (I3, PC 19)."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork
from mainstay.platform.duty.queries import Watch, watch_at
from mainstay.platform.identity.models import User
from mainstay.platform.journal import actions as journal
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer

OVERRUN_TIMER = "work_overrun"


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    timers.register(OVERRUN_TIMER, overruns_due)


def watch(work: PlannedWork) -> None:
    """Wake the house at the end of the window, in the caller's transaction."""
    timers.set_timers([timers.Due(OVERRUN_TIMER, "work", work.pk, str(work.revision), work.to_at)])


def watch_no_more(work: PlannedWork, *, at: datetime) -> None:
    """Take the wake-up back: the work is over, or has another window."""
    timers.cancel(OVERRUN_TIMER, "work", [work.pk], at=at)


def overruns_due(due: list[Timer], at: datetime, by: Actor) -> None:
    """Tell the desk and who planned it that work is not over at the end of its window; once."""
    rungs = {(timer.owner_id, timer.rung) for timer in due}
    rows = PlannedWork.objects.filter(
        pk__in=[pk for pk, _rung in rungs], status=WorkStatus.APPROVED, announced_at__isnull=False, to_at__lte=at
    )
    late = [row for row in rows if (row.pk, str(row.revision)) in rungs]
    if not late:
        return
    on_watch = watch_at(at)
    planners = User.objects.in_bulk([row.planned_by_id for row in late if row.planned_by_id])
    send((letter for row in late for letter in _letters(row, on_watch, planners.get(row.planned_by_id or 0))), at=at)
    for row in late:
        label = f"{row.number} {row.title}"
        change = journal.Change("work", row.pk, label, None, {"to_at": row.to_at}, region_code=row.region_code)
        journal.record("work.overrun", [change], at=at, by=by)
        news = journal.News("work", "work", row.pk, region_code=row.region_code, body={"what": "work.overrun"})
        journal.publish([news], at=at)


def _letters(work: PlannedWork, on_watch: Watch, planner: User | None) -> Iterator[NewMessage]:
    people = [*on_watch.on_duty(work.region_code, 1), *([planner] if planner is not None else [])]
    hit = ForecastCircuit.objects.filter(work=work, circuit__live__state__gt=LiveState.UP).count()
    for user in {each.pk: each for each in people}.values():
        with override(user.language or settings.LANGUAGE_CODE):
            words = {
                "number": work.number,
                "title": work.title,
                "end": f"{timezone.localtime(work.to_at):%m-%d %H:%M}",
                "hit": hit,
            }
            subject = _("Planned work runs over: %(number)s, window until %(end)s") % words
            body = _(
                "%(number)s %(title)s is not reported done. Since %(end)s its alarms count and open faults; "
                "%(hit)s of its circuits are impaired now. Finish it, or tell the customers."
            )
            body %= words
        yield NewMessage(
            kind=Message.Kind.ESCALATION, to_name=user.display_name, subject=subject, body=body, user_id=user.pk,
            dedupe_key=f"work:{work.pk}:overrun:{work.revision}:{user.pk}", object_kind="work", object_id=work.pk,
            region_code=work.region_code,
        )  # fmt: skip
