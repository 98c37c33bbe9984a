"""The reviews of who may see what: the open one, those before, and when the next is due (S1 2.2.5)."""

from dataclasses import dataclass
from datetime import date

from mainstay.accounts.consulting.choices import ReviewVerdict
from mainstay.accounts.consulting.errors import NoSuchConsultation
from mainstay.accounts.consulting.models import PermissionReview, ReviewLine
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission


@dataclass(frozen=True)
class ReviewDue:
    """What waits: the review that is open with how many lines are left, or since when one is due."""

    review: PermissionReview | None
    left: int
    due_on: date | None


def reviews(actor: Actor) -> list[PermissionReview]:
    """Return all reviews, newest first (1 query)."""
    require(actor, Permission.SETTINGS)
    return list(PermissionReview.objects.order_by("-begun_at"))


def review(actor: Actor, review_id: int) -> tuple[PermissionReview, list[ReviewLine]]:
    """Return a review and its lines with users, what waits first (2 queries). Raises NoSuchConsultation."""
    require(actor, Permission.SETTINGS)
    found = PermissionReview.objects.filter(pk=review_id).first()
    if found is None:
        raise NoSuchConsultation(msgid("There is no review {id}; choose one of the list."), id=review_id)
    order = {ReviewVerdict.WAITING: 0, ReviewVerdict.CHANGE: 1, ReviewVerdict.KEPT: 2}
    lines = found.lines.select_related("user").order_by("user__display_name")
    return found, sorted(lines, key=lambda line: order[ReviewVerdict(line.verdict)])


def due(actor: Actor, *, on: date) -> ReviewDue | None:
    """Return what an administrator should do now, None when nothing or for others (2 queries at most)."""
    if not actor.may(Permission.SETTINGS):
        return None
    newest = PermissionReview.objects.order_by("-begun_at").first()
    if newest is None:
        return ReviewDue(None, 0, None)
    if newest.closed_at is None:
        return ReviewDue(newest, newest.lines.filter(verdict=ReviewVerdict.WAITING).count(), None)
    return ReviewDue(None, 0, newest.next_on) if newest.next_on and newest.next_on <= on else None
