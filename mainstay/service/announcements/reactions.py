"""What this room does when planned work is announced, moved or over; in the transaction that says so (I3)."""

from datetime import timedelta

from mainstay.domain.actor import Actor
from mainstay.network.planned_work.events import WorkAnnounced, WorkEnded, WorkMoved
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.timers import actions as timers
from mainstay.service.announcements import telling
from mainstay.service.announcements.letters import ANSWER_BEFORE

ANSWER_TIMER = "work_answer"
LEAST = timedelta(hours=1)
"""Who was told less long ago is not reminded yet."""


def on_work_announced(event: WorkAnnounced, by: Actor) -> None:
    """Tell the customers, and be woken when their answers are due."""
    work = PlannedWork.objects.get(pk=event.work_id)
    telling.announce(work, at=event.at, by=by)
    due_at = work.from_at - ANSWER_BEFORE
    if due_at > event.at + LEAST:
        timers.set_timers([timers.Due(ANSWER_TIMER, "work", work.pk, str(work.revision), due_at)])


def on_work_moved(event: WorkMoved, by: Actor) -> None:
    """Remind nobody of a window that no longer holds; they are told when the new one is approved and announced."""
    timers.cancel(ANSWER_TIMER, "work", [event.work_id], at=event.at)


def on_work_ended(event: WorkEnded, by: Actor) -> None:
    """Tell those told that it is off, or over."""
    timers.cancel(ANSWER_TIMER, "work", [event.work_id], at=event.at)
    telling.end(PlannedWork.objects.get(pk=event.work_id), at=event.at, by=by)
