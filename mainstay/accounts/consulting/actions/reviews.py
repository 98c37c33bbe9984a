"""Go through who may see what, at dates: each user's duties and permissions, confirmed or to be changed (S1 2.2.5)."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from mainstay.accounts.consulting.choices import ReviewVerdict
from mainstay.accounts.consulting.errors import BadConsultation, NoSuchConsultation
from mainstay.accounts.consulting.models import Consultation, PermissionReview, ReviewLine
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import GRANTS, Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

LOOKED_BACK = timedelta(days=90)
WEIGHTY = (
    Permission.WRITE_CUSTOMERS, Permission.READ_CLEAR, Permission.APPROVE_CONSULTING, Permission.DELIVER_CUSTOMERS,
    Permission.READ_AUDIT, Permission.SETTINGS, Permission.APPROVE,
)  # fmt: skip
"""Permissions a review lists: they reach customers' facts, or the rules that guard them."""


@transaction.atomic
def begin_review(*, at: datetime, by: Actor) -> PermissionReview:
    """Write down who may see what today, to be confirmed line by line. Raises BadConsultation: one is open already."""
    require(by, Permission.SETTINGS)
    if PermissionReview.objects.filter(closed_at=None).exists():
        raise BadConsultation(msgid("A review is open already; finish that one first."))
    review = PermissionReview.objects.create(begun_at=at, begun_by=by.name[:80])
    people = list(identity.users().filter(is_active=True, customer_id__isnull=True))
    owned = Counter(dict(
        Customer.objects.exclude(account_manager=None).values_list("account_manager").annotate(n=Count("pk"))
    ))  # fmt: skip
    asked = Counter(dict(
        Consultation.objects.filter(asked_at__gte=at - LOOKED_BACK).values_list("asked_by").annotate(n=Count("pk"))
    ))  # fmt: skip
    for user in people:
        held = [(each.duty, each.region_code) for each in user.duties.all()]
        granted = frozenset().union(*(GRANTS.get(duty, frozenset()) for duty, _region in held)) if held else frozenset()
        ReviewLine.objects.create(
            review=review, user=user, duties=sorted(held), may=[p.value for p in WEIGHTY if p in granted],
            customers=owned[user.pk], consultations=asked[user.pk], last_login=user.last_login,
        )  # fmt: skip
    told = {"users": len(people)}
    label = timezone.localtime(at).date().isoformat()
    journal.record("access_review.begin", [Change("access_review", review.pk, label, None, told)], at=at, by=by)
    return review


@transaction.atomic
def judge_lines(review_id: int, line_ids: list[int], verdict: str, note: str = "", *, at: datetime, by: Actor) -> int:
    """Confirm lines of an open review, or say what is to be changed; return how many.

    Raises NoSuchConsultation, BadConsultation: closed, no verdict, no words where something is to be changed.
    """
    require(by, Permission.SETTINGS)
    review = _open_review(review_id)
    if verdict not in (ReviewVerdict.KEPT, ReviewVerdict.CHANGE):
        raise BadConsultation(msgid("Confirm what somebody may see, or say that it is to be changed."))
    if verdict == ReviewVerdict.CHANGE and not note.strip():
        raise BadConsultation(msgid("Say what is to be changed."))
    rows = list(ReviewLine.objects.filter(review=review, pk__in=line_ids).select_related("user"))
    if any(row.user_id == by.user_id and verdict == ReviewVerdict.KEPT for row in rows) and _others_could(by):
        raise BadConsultation(msgid("Your own line is confirmed by another administrator."))
    changes = []
    for row in rows:
        row.verdict, row.note, row.decided_by, row.decided_at = verdict, note.strip()[:200], by.name[:80], at
        row.save(update_fields=["verdict", "note", "decided_by", "decided_at"])
        told = {"user": row.user.display_name, "verdict": verdict, "note": row.note}
        changes.append(Change("access_review", review.pk, row.user.display_name, None, told))
    journal.record("access_review.judge", changes, at=at, by=by)
    return len(rows)


@transaction.atomic
def close_review(review_id: int, *, next_on: date, at: datetime, by: Actor) -> PermissionReview:
    """Close a review of which every line was judged, and say when the next is due. Raises BadConsultation."""
    require(by, Permission.SETTINGS)
    review = _open_review(review_id)
    left = review.lines.filter(verdict=ReviewVerdict.WAITING).count()
    if left:
        raise BadConsultation(msgid("{count} lines were not looked at yet; judge them first."), count=left)
    if next_on <= timezone.localdate(at):
        raise BadConsultation(msgid("The next review lies ahead; choose a later day."))
    review.closed_at, review.closed_by, review.next_on = at, by.name[:80], next_on
    review.save(update_fields=["closed_at", "closed_by", "next_on"])
    label = timezone.localtime(review.begun_at).date().isoformat()
    change = Change("access_review", review.pk, label, None, {"next_on": next_on})
    journal.record("access_review.close", [change], at=at, by=by)
    return review


def _others_could(by: Actor) -> bool:
    return any(user_id != by.user_id for user_id, _name in identity.names_permitted(Permission.SETTINGS))


def _open_review(review_id: int) -> PermissionReview:
    found = PermissionReview.objects.filter(pk=review_id).first()
    if found is None:
        raise NoSuchConsultation(msgid("There is no review {id}; choose one of the list."), id=review_id)
    if found.closed_at is not None:
        raise BadConsultation(msgid("This review is closed; nothing was changed."))
    return found
