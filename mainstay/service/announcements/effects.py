"""What happens when answers are due: customers are asked once more, their account managers are told who is silent."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.domain.actor import Actor
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.identity.models import User
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer
from mainstay.service.announcements.letters import window_words
from mainstay.service.announcements.models import Announcement
from mainstay.service.announcements.reactions import ANSWER_TIMER
from mainstay.service.announcements.telling import remind


def register() -> None:
    """Tell the sweeper what this room's timers do."""
    timers.register(ANSWER_TIMER, answers_due)


def answers_due(due: list[Timer], at: datetime, by: Actor) -> None:
    """Remind the customers who have not answered, and tell their account managers."""
    rungs = {(timer.owner_id, timer.rung) for timer in due}
    rows = PlannedWork.objects.filter(
        pk__in=[pk for pk, _rung in rungs], status=WorkStatus.APPROVED, announced_at__isnull=False
    )
    for work in rows:
        if (work.pk, str(work.revision)) in rungs:
            send(_to_account_managers(work, remind(work, at=at, by=by)), at=at)


def _to_account_managers(work: PlannedWork, silent: Sequence[Announcement]) -> Iterator[NewMessage]:
    by_manager: dict[int, list[Announcement]] = {}
    for row in silent:
        if row.customer.account_manager_id is not None:
            by_manager.setdefault(row.customer.account_manager_id, []).append(row)
    for user in User.objects.filter(pk__in=by_manager, is_active=True):
        own = by_manager[user.pk]
        with override(user.language or settings.LANGUAGE_CODE):
            words = {
                "n": len(own), "title": work.title, "window": window_words(work.from_at, work.to_at),
                "names": "、".join(str(row.customer) for row in own[:20]),
            }  # fmt: skip
            subject = _("%(n)s of your customers have not answered: %(title)s, %(window)s") % words
            body = _("Call them, and note what they say: %(names)s.") % words
        yield NewMessage(
            kind=Message.Kind.WARNING, to_name=user.display_name, subject=subject, body=body, user_id=user.pk,
            dedupe_key=f"work:{work.pk}:silent:{work.revision}:{user.pk}", object_kind="announcement",
            object_id=own[0].pk, customer_id=own[0].customer_id, region_code=work.region_code,
        )  # fmt: skip
