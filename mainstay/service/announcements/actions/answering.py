"""Take customers' answers to announcements, from the portal or from who had them on the phone (I3)."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import msgid
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.queries import visible_work
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.journal import actions as journal
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message
from mainstay.service.announcements.choices import GIVEN, Answer, Via
from mainstay.service.announcements.errors import BadAnswer
from mainstay.service.announcements.letters import window_words
from mainstay.service.announcements.models import Announcement
from mainstay.service.announcements.queries import visible_announcement
from mainstay.service.announcements.telling import remind


@dataclass(frozen=True)
class NewAnswer:
    """What a customer says; `wanted_at`: which time they ask for instead; `person`: who said it on the phone."""

    answer: str
    text: str = ""
    wanted_at: datetime | None = None
    person: str = ""


@transaction.atomic
def answer(announcement_id: int, new: NewAnswer, *, at: datetime, by: Actor) -> Announcement:
    """Keep what a customer says to an announcement; a later answer replaces an earlier one, the journal keeps both.

    A customer's people answer in the portal; staff note what they heard on the phone and from whom. Who asks for
    another time is heard at once by who planned the work. Raises NoSuchAnnouncement, BadAnswer (no known answer, work
    called off or over, no reason or time with the wish for another time), NotAllowed.
    """
    own = by.kind == ActorKind.CUSTOMER
    require(by, Permission.PORTAL if own else Permission.WORK_TICKETS)
    row = visible_announcement(by, announcement_id, lock=True)
    _check(row, new, at=at, own=own)
    before = {"answer": row.answer, "text": row.answer_text}
    row.answer, row.answer_text, row.wanted_at = new.answer, new.text.strip(), new.wanted_at
    row.answered_at, row.answered_via = at, Via.PORTAL if own else Via.PHONE
    row.answered_by = by.name if own else new.person.strip()
    row.save()
    label = f"{row.work.number} {row.work.title}"
    after = {"answer": row.answer, "text": row.answer_text, "by": row.answered_by, "via": row.answered_via}
    change = journal.Change("announcement", row.pk, label, before, after, row.customer_id, row.region_code)
    journal.record("announcement.answer", [change], at=at, by=by)
    news = journal.News("announcement", "announcement", row.pk, row.customer_id, row.region_code)
    journal.publish([news], at=at)
    if row.answer == Answer.OTHER_TIME:
        _tell_planner(row, at=at)
    return row


@transaction.atomic
def remind_customers(work_id: int, *, at: datetime, by: Actor) -> int:
    """Ask those who have not answered once more, now; return how many customers. Raises NoSuchWork, BadAnswer."""
    require(by, Permission.PLAN_WORK)
    work = visible_work(by, work_id)
    if work.status != WorkStatus.APPROVED or work.announced_at is None or at >= work.from_at:
        raise BadAnswer(
            msgid("Work {number} is not announced, or has begun; nobody is asked to answer."), number=work.number
        )
    return len(remind(work, at=at, by=by))


def _check(row: Announcement, new: NewAnswer, *, at: datetime, own: bool) -> None:
    if new.answer not in GIVEN:
        raise BadAnswer(msgid("“{answer}” is no answer; choose one from the list."), answer=new.answer)
    if row.withdrawn_at is not None or row.work.status in (WorkStatus.CANCELLED, WorkStatus.DONE):
        raise BadAnswer(msgid("Work {number} is called off or over; no answer is needed."), number=row.work.number)
    if at >= row.from_at:
        raise BadAnswer(msgid("Work {number} has begun; call the duty desk instead."), number=row.work.number)
    if new.answer == Answer.OTHER_TIME and not (new.text.strip() or new.wanted_at):
        raise BadAnswer(msgid("Say which time suits, or why this one does not."))
    if not own and not new.person.strip():
        raise BadAnswer(msgid("Say who answered on the phone."))


def _tell_planner(row: Announcement, *, at: datetime) -> None:
    user = User.objects.filter(pk=row.work.planned_by_id or 0, is_active=True).first()
    if user is None:
        return
    with override(user.language or settings.LANGUAGE_CODE):
        words = {
            "customer": str(row.customer), "number": row.work.number, "window": window_words(row.from_at, row.to_at),
            "wanted": window_words(row.wanted_at, row.wanted_at).split("–")[0] if row.wanted_at else "—",
            "text": row.answer_text or "—",
        }  # fmt: skip
        subject = _("%(customer)s asks for another time: %(number)s, %(window)s") % words
        body = _("Wanted: %(wanted)s. %(text)s") % words
    letter = NewMessage(
        kind=Message.Kind.WARNING, to_name=user.display_name, subject=subject, body=body, user_id=user.pk,
        dedupe_key=f"announcement:{row.pk}:other:{at.isoformat()}", object_kind="work", object_id=row.work_id,
        customer_id=row.customer_id, region_code=row.region_code,
    )  # fmt: skip
    send([letter], at=at)
