"""Read what the archive holds beside the profile: field history, sites, agents, suggestions, other systems' words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from mainstay.accounts.customers.choices import DifferenceState, SuggestionState
from mainstay.accounts.customers.models import (
    Agency,
    Agent,
    ArchiveDifference,
    ArchiveSource,
    Delivered,
    HeldRole,
    Site,
    Suggestion,
)
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal.models import Entry

LATEST_READ = 400
"""So many of a customer's newest entries are read to say who last changed which field."""


@dataclass(frozen=True)
class FieldChange:
    """One change of one field (A4). `source`: where it came from: "console", "import", "system", or a source's name.

    `as_of`: the time the source spoke of, where it said one.
    """

    field: str
    at: datetime
    who: str
    was: Any
    now: Any
    why: str
    source: str
    as_of: datetime | None = None


def latest_changes(actor: Actor, customer_id: int) -> dict[str, FieldChange]:
    """Return the newest change of each field of a customer (2 or 3 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    found: dict[str, FieldChange] = {}
    for change in _changes(_entries(customer_id)[:LATEST_READ]):
        found.setdefault(change.field, change)
    return found


def field_history(actor: Actor, customer_id: int, field: str) -> list[FieldChange]:
    """Return every change of one field, newest first (2 or 3 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    rows = _entries(customer_id).filter(Q(after__has_key=field) | Q(after__has_key=field.removesuffix("_id")))
    return [change for change in _changes(rows) if change.field == field]


def _entries(customer_id: int) -> QuerySet[Entry]:
    return Entry.objects.filter(
        object_kind="customer", object_id=str(customer_id), customer_id=customer_id, after__isnull=False
    ).order_by("-id")


ALIASES = {
    "region": "region_id", "industry": "industry_id", "parent": "parent_id", "account_manager": "account_manager_id",
    "customer_engineer": "customer_engineer_id", "sales_person": "sales_person_id",
}  # fmt: skip
"""What the first entry, of the creating, calls fields."""


def _changes(entries: Iterable[Entry]) -> Iterable[FieldChange]:
    rows = list(entries)
    told = _deliveries(rows)
    for row in rows:
        before, after = row.before or {}, row.after or {}
        source, as_of = _source(row, told)
        for name, now in after.items():
            if now in ("", None) and before.get(name) in ("", None):
                continue
            yield FieldChange(
                ALIASES.get(name, name), row.at, row.actor_name, before.get(name), now, row.why, source, as_of
            )


def _deliveries(rows: Iterable[Entry]) -> dict[str, Delivered]:
    numbers = {n for row in rows if (n := row.request_id.removeprefix("delivery-")) != row.request_id and n.isdecimal()}
    if not numbers:
        return {}
    found = Delivered.objects.filter(pk__in=numbers).select_related("source")
    return {f"delivery-{row.pk}": row for row in found}


def _source(row: Entry, told: dict[str, Delivered]) -> tuple[str, datetime | None]:
    delivered = told.get(row.request_id)
    if delivered is not None:
        return delivered.source.name, delivered.as_of
    if row.request_id.startswith("import-"):
        return "import", None
    return ("system" if row.actor_kind == "system" else "console"), None


def sites(customer_id: int) -> list[Site]:
    """Return a customer's places, open ones first (1 query); the caller has seen the customer."""
    rows = Site.objects.filter(customer=customer_id).select_related("region", "contact", "customer")
    return sorted(rows, key=lambda site: (site.closed_on is not None, site.name))


def held_roles(contact_ids: Iterable[int]) -> dict[int, list[HeldRole]]:
    """Return further and former roles by contact, running ones first (1 query)."""
    found: dict[int, list[HeldRole]] = {}
    rows = HeldRole.objects.filter(contact__in=list(contact_ids))
    for row in sorted(rows, key=lambda row: (row.until_on is not None, row.role)):
        found.setdefault(row.contact_id, []).append(row)
    return found


def agencies(customer_id: int) -> list[Agency]:
    """Return who looks after a customer beside us, running ones first (1 query); the caller has seen the customer."""
    rows = Agency.objects.filter(customer=customer_id).select_related("agent")
    return sorted(rows, key=lambda row: (row.until_on is not None, -row.from_on.toordinal()))


def agents(actor: Actor, *, text: str = "", ended: bool = False) -> QuerySet[Agent]:
    """Return agents and resellers of the actor's regions, or of their portfolio's customers, by name."""
    if actor.customer_ids is not None:
        rows = Agent.objects.filter(agencies__customer__in=actor.customer_ids).distinct()
    else:
        rows = Agent.objects.filter(scope(actor, customer="", region="region__code"))
    rows = rows if ended else rows.filter(ended_on=None)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(code__icontains=text))
    return rows.select_related("region").order_by("name", "pk")


def assignable_agents(region_code: str) -> list[tuple[int, str]]:
    """Return (id, name) of running agents of a customer's province, by name (1 query)."""
    rows = Agent.objects.filter(ended_on=None, region__code__startswith=region_code[:2]).order_by("name")
    return list(rows.values_list("pk", "name"))


def customers_of(actor: Actor, agent_id: int) -> list[Agency]:
    """Return the customers an agent looks after, of those the actor sees, running ones first (1 query)."""
    mine = Agency.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    rows = mine.filter(agent=agent_id).select_related("customer")
    return sorted(rows, key=lambda row: (row.until_on is not None, row.customer.name))


def suggestions(
    actor: Actor, *, customer_id: int | None = None, state: str = "", text: str = ""
) -> QuerySet[Suggestion]:
    """Return suggestions of customers the actor sees, newest first, with customer, person and owner fetched."""
    rows = Suggestion.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    if state == "waiting":
        rows = rows.filter(state__in=(SuggestionState.OPEN, SuggestionState.WORKING))
    elif state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(Q(text__icontains=text) | Q(customer__name__icontains=text))
    return rows.select_related("customer", "contact", "owner").order_by("-made_on", "-pk")


def overdue_suggestions(actor: Actor, *, on: date) -> QuerySet[Suggestion]:
    """Return what should have been answered by now: one's own, or of customers one looks after."""
    rows = suggestions(actor, state="waiting").filter(due_on__lt=on)
    if actor.customer_ids is None:
        rows = rows.filter(owner=actor.user_id)
    return rows.order_by("due_on")


def sources() -> list[ArchiveSource]:
    """Return the systems that keep customers up to date, with their rules, by name (2 queries)."""
    return list(ArchiveSource.objects.select_related("user").prefetch_related("rules").order_by("name"))


def differences(actor: Actor, *, customer_id: int | None = None) -> QuerySet[ArchiveDifference]:
    """Return what waits for a person, oldest first, with customer, source and delivery fetched."""
    rows = ArchiveDifference.objects.filter(
        scope(actor, customer="customer_id", region="customer__region__code"), state=DifferenceState.OPEN
    )
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    return rows.select_related("customer", "source", "delivery").order_by("received_at", "pk")


def deliveries(actor: Actor, customer_id: int) -> list[Delivered]:
    """Return the newest words of other systems on a customer (2 queries). Raises NoSuchCustomer."""
    visible_customer(actor, customer_id)
    return list(Delivered.objects.filter(customer=customer_id).select_related("source").order_by("-pk")[:20])


def retained_for(row: Any, *, on: datetime) -> int | None:
    """Return for how many days a customer has been in the retained archive, None for an active one."""
    return None if row.archived_at is None else (timezone.localdate(on) - timezone.localdate(row.archived_at)).days
