"""When was a customer talked to, by whom, and what is next? (C2 in part, K1)"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from mainstay.accounts.portfolios.errors import NoSuchNote
from mainstay.accounts.portfolios.models import ContactNote
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope

STEPS_SHOWN = 15


@dataclass(frozen=True)
class NoteFilters:
    """What the list is limited to; empty means any."""

    text: str = ""
    channel: str = ""
    outcome: str = ""
    customer_id: int | None = None
    user_id: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    open_steps: bool = False


def last_contact(customer_ids: Collection[int]) -> dict[int, datetime]:
    """Return when customers were last talked to, for workers (1 query per 900); those never noted are missing."""
    wanted = list(customer_ids)
    found: dict[int, datetime] = {}
    for start in range(0, len(wanted), 900):
        rows = ContactNote.objects.filter(customer__in=wanted[start : start + 900]).order_by().values_list("customer")
        found |= dict(rows.annotate(last=Max("at")))
    return found


def talks_of(customer_id: int) -> dict[int | None, datetime]:
    """Return when each person of a customer the reader has seen was last talked to (1 query).

    None stands for people who are no recorded contact.
    """
    rows = ContactNote.objects.filter(customer=customer_id).order_by().values_list("contact")
    return dict(rows.annotate(last=Max("at")))


def visible_to(actor: Actor) -> QuerySet[ContactNote]:
    """Return the notes of customers the actor may see; a customer's own people see none."""
    if not actor.is_staff:
        return ContactNote.objects.none()
    return ContactNote.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def visible_note(actor: Actor, note_id: int, *, lock: bool = False) -> ContactNote:
    """Return one note. Raises NoSuchNote, also when its customer may not be seen."""
    rows = visible_to(actor).select_for_update(of=("self",)) if lock else visible_to(actor)
    found = rows.filter(pk=note_id).first()
    if found is None:
        raise NoSuchNote(msgid("There is no contact note {id} that you may see; look in the list."), id=note_id)
    return found


def notes(actor: Actor, wanted: NoteFilters) -> QuerySet[ContactNote]:
    """Return notes with customer and contact fetched, the newest first."""
    exact = {
        "channel": wanted.channel, "outcome": wanted.outcome, "customer_id": wanted.customer_id,
        "user_id": wanted.user_id, "at__gte": wanted.from_at, "at__lt": wanted.to_at,
    }  # fmt: skip
    rows = visible_to(actor).filter(**{name: value for name, value in exact.items() if value})
    if wanted.open_steps:
        rows = rows.filter(next_on__isnull=False, done_at__isnull=True)
    for word in wanted.text.split()[:5]:
        rows = rows.filter(_contains(word))
    return rows.select_related("customer", "contact", "next_user").order_by("-at", "-id")


def due_steps(actor: Actor, on: date) -> list[ContactNote]:
    """Return one's own next steps that are due by a day and not done, the oldest first, customer fetched (1 query)."""
    if actor.user_id is None:
        return []
    rows = visible_to(actor).filter(next_user=actor.user_id, next_on__lte=on, done_at__isnull=True)
    return list(rows.select_related("customer").order_by("next_on", "pk")[:STEPS_SHOWN])


def _contains(word: str) -> Q:
    names = ("text", "next_step", "person", "by_name", "customer__name", "customer__short_name", "customer__code")
    found = Q(pk__in=())
    for name in names:
        found |= Q(**{f"{name}__icontains": word})
    return found
