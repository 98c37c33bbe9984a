"""Read announcements: of a work, of a customer, and what waits for somebody."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.network.planned_work.models import ForecastCircuit, PlannedWork
from mainstay.network.planned_work.queries import visible_to as works_visible_to
from mainstay.platform.identity.queries import scope
from mainstay.service.announcements.choices import Answer
from mainstay.service.announcements.errors import NoSuchAnnouncement
from mainstay.service.announcements.models import Announcement, Telling


def visible_to(actor: Actor) -> QuerySet[Announcement]:
    """Return the announcements the actor may see: staff by the work's region, portfolios and customers their own."""
    return Announcement.objects.filter(scope(actor))


def visible_announcement(actor: Actor, announcement_id: int, *, lock: bool = False) -> Announcement:
    """Return one with work and customer fetched. Raises NoSuchAnnouncement, also when it may not be seen."""
    rows = visible_to(actor).select_for_update(of=("self",)) if lock else visible_to(actor)
    found = rows.filter(pk=announcement_id).select_related("work", "customer").first()
    if found is None:
        raise NoSuchAnnouncement(
            msgid("There is no announcement {id} that you may see; check the address."), id=announcement_id
        )
    return found


def announcement(actor: Actor, announcement_id: int) -> Announcement:
    """Return one, and its work, for its page (1 query). Raises NoSuchAnnouncement."""
    return visible_announcement(actor, announcement_id)


def of_work(actor: Actor, work_id: int) -> QuerySet[Announcement]:
    """Return what customers know of a work and what they answered: silent and unwilling ones first."""
    rows = visible_to(actor).filter(work=work_id).select_related("customer__account_manager")
    return rows.order_by("withdrawn_at", "answer", "customer__name")


def own(actor: Actor, *, at: datetime, past: bool = False) -> QuerySet[Announcement]:
    """Return what a customer was told of: what is to come or under way, or what is over."""
    rows = visible_to(actor).filter(told_at__isnull=False).select_related("work", "customer")
    over = (WorkStatus.CANCELLED, WorkStatus.DONE)
    if past:
        return rows.filter(work__status__in=over).order_by("-from_at", "pk")
    return rows.exclude(work__status__in=over).filter(withdrawn_at__isnull=True).order_by("from_at", "pk")


def tellings_of(announcement_id: int) -> list[Telling]:
    """Return the word that went out, oldest first (1 query); the caller has seen the announcement."""
    return list(Telling.objects.filter(announcement=announcement_id))


def circuits_of(row: Announcement) -> QuerySet[ForecastCircuit]:
    """Return the customer's circuits that the work touches, worst first, circuits fetched."""
    rows = ForecastCircuit.objects.filter(work=row.work_id, customer=row.customer_id)
    return rows.select_related("circuit").order_by("-state", "circuit__number")


def silent(actor: Actor, *, at: datetime, within: timedelta) -> QuerySet[Announcement]:
    """Return the announcements of work that begins soon to which nobody answered, the soonest first."""
    waiting = _open(actor).filter(answer=Answer.NONE, told_at__isnull=False)
    return waiting.filter(from_at__gt=at, from_at__lt=at + within).order_by("from_at", "pk")


def wishes(actor: Actor, *, at: datetime) -> QuerySet[Announcement]:
    """Return the wishes for another time that nobody has met yet, the soonest work first."""
    return _open(actor).filter(answer=Answer.OTHER_TIME, from_at__gt=at).order_by("from_at", "pk")


def unannounced(actor: Actor, *, at: datetime) -> QuerySet[PlannedWork]:
    """Return approved work to come that customers were not told of, the soonest first."""
    rows = works_visible_to(actor).filter(status=WorkStatus.APPROVED, announced_at__isnull=True, to_at__gt=at)
    return rows.order_by("from_at", "pk")


def _open(actor: Actor) -> QuerySet[Announcement]:
    rows = visible_to(actor).filter(withdrawn_at__isnull=True, work__status=WorkStatus.APPROVED)
    return rows.filter(work__announced_at__isnull=False).select_related("work", "customer")
