"""Who asked to read what, why, what was answered, and who read what: for leaders and the customer's manager (A3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.consulting.choices import ConsultationState
from mainstay.accounts.consulting.models import Consultation, Reading
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class RecordFilter:
    """What a list is limited to; empty means any. [from_at, to_at) is half-open."""

    state: str = ""
    reason: str = ""
    text: str = ""
    customer_id: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None


def visible_to(actor: Actor) -> QuerySet[Consultation]:
    """Return the consultations the actor may see: their own; of their customers for managers, leaders, auditors."""
    mine = Q(asked_by=actor.user_id) if actor.user_id else Q(pk__in=())
    if not may_see_others(actor):
        return Consultation.objects.filter(mine)
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    return Consultation.objects.filter(mine | seen) if seen else Consultation.objects.all()  # no condition: all


def may_see_others(actor: Actor) -> bool:
    """Say whether the actor reads what others consulted, of the customers they see."""
    return (
        actor.may(Permission.APPROVE_CONSULTING)
        or actor.may(Permission.READ_AUDIT)
        or Duty.ACCOUNT_MANAGER in actor.duties
    )


def consultations(actor: Actor, wanted: RecordFilter | None = None) -> QuerySet[Consultation]:
    """Return what was asked, newest first, with customer, asker and decider fetched and `read_count`."""
    wanted = wanted or RecordFilter()
    given = {
        "state": wanted.state, "reason": wanted.reason, "customer_id": wanted.customer_id,
        "asked_at__gte": wanted.from_at, "asked_at__lt": wanted.to_at,
    }  # fmt: skip
    rows = visible_to(actor).filter(**{name: value for name, value in given.items() if value not in ("", None)})
    if wanted.text:
        named = Q(customer__name__icontains=wanted.text) | Q(asked_by__display_name__icontains=wanted.text)
        rows = rows.filter(named | Q(words__icontains=wanted.text))
    rows = rows.select_related("customer", "asked_by", "decided_by").annotate(read_count=Count("readings"))
    return rows.order_by("-asked_at", "-pk")


def waiting(actor: Actor) -> QuerySet[Consultation]:
    """Return what the actor may decide, oldest first; nobody decides their own."""
    if not actor.may(Permission.APPROVE_CONSULTING):
        return Consultation.objects.none()
    rows = visible_to(actor).filter(state=ConsultationState.ASKED).exclude(asked_by=actor.user_id)
    return rows.select_related("customer", "asked_by").order_by("asked_at")


def readings(consultation_ids: list[int]) -> dict[int, list[Reading]]:
    """Return what was shown in clear, by consultation (1 query); the caller has seen them."""
    found: dict[int, list[Reading]] = {}
    for row in Reading.objects.filter(consultation__in=consultation_ids).order_by("at", "pk"):
        found.setdefault(row.consultation_id, []).append(row)
    return found


def open_now(actor: Actor, customer_id: int, *, at: datetime) -> list[Consultation]:
    """Return what the actor asked of a customer and still waits or is open (1 query)."""
    mine = Consultation.objects.filter(asked_by=actor.user_id, customer=customer_id)
    rows = mine.filter(Q(state=ConsultationState.ASKED) | Q(state=ConsultationState.GRANTED, until_at__gt=at))
    return list(rows.order_by("asked_at"))
