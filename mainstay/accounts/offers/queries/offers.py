"""Offers, whom they were granted, and which a customer could get, with why or why not (B5)."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.offers.choices import LIVE, GrantStatus, OfferStatus
from mainstay.accounts.offers.conditions import Condition, Verdict
from mainstay.accounts.offers.errors import NoSuchOffer
from mainstay.accounts.offers.facts import facts_on
from mainstay.accounts.offers.models import Grant, Offer, Reckoning
from mainstay.accounts.offers.wording import Told, told
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class Shown:
    """An offer with what the list counts, within the reader's scope."""

    offer: Offer
    name: str
    proposed: int
    granted: int


@dataclass(frozen=True)
class Possible:
    """An open offer as it stands to a customer: the verdict and its reasons; the grant, where there is one."""

    offer: Offer
    name: str
    verdict: Verdict
    clauses: list[Told]
    grant: Grant | None


def offer_list(actor: Actor, status: str = "") -> list[Shown]:
    """Return the offers with the counts of the actor's customers (2 queries)."""
    rows = Offer.objects.filter(status=status) if status in OfferStatus.values else Offer.objects.all()
    counts = {
        offer_id: (proposed, granted)
        for offer_id, proposed, granted in grants(actor).order_by().values_list("offer_id").annotate(
            proposed=Count("pk", filter=Q(status=GrantStatus.PROPOSED)),
            granted=Count("pk", filter=Q(status=GrantStatus.APPROVED)),
        )
    }  # fmt: skip
    return [Shown(row, row.shown_name, *counts.get(row.pk, (0, 0))) for row in rows]


def offer(offer_id: int) -> Offer:
    """Return one offer. Raises NoSuchOffer."""
    row = Offer.objects.filter(pk=offer_id).first()
    if row is None:
        raise NoSuchOffer(msgid("There is no offer {id}; look in the list."), id=offer_id)
    return row


def grants(actor: Actor) -> QuerySet[Grant]:
    """Return what was proposed for or granted to customers the actor may see, the newest first."""
    rows = Grant.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    return rows.select_related("offer", "customer").order_by("-id")


def grant_list(actor: Actor, offer_id: int, *, page: int = 1, size: int = 30) -> Page[Grant]:
    """Return a page of an offer's grants within scope (2 queries)."""
    return LongPaginator(grants(actor).filter(offer=offer_id), size).get_page(page)


def possible(actor: Actor, customer_id: int, on: date) -> list[Possible]:
    """Return the open offers as they stand to a customer, the possible ones first (about 11 queries).

    Raises NoSuchCustomer.
    """
    visible_customer(actor, customer_id)
    rows = Offer.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on), status=OfferStatus.OPEN, starts_on__lte=on
    )
    known = facts_on([customer_id], on).get(customer_id, {})
    own = {row.offer_id: row for row in grants(actor).filter(customer=customer_id, status__in=[s.value for s in LIVE])}
    judged = [(row, Condition(row.condition).judge(known)) for row in rows]
    found = [Possible(row, row.shown_name, verdict, told(verdict, actor), own.get(row.pk)) for row, verdict in judged]
    return sorted(found, key=lambda one: (one.grant is None, not one.verdict.eligible, one.offer.code))


def verdict(actor: Actor, offer_id: int, customer_id: int, on: date) -> Verdict:
    """Return how an offer stands to a customer. Raises NoSuchCustomer, NoSuchOffer."""
    visible_customer(actor, customer_id)
    return Condition(offer(offer_id).condition).judge(facts_on([customer_id], on).get(customer_id, {}))


def own_grants(actor: Actor, customer_id: int | None = None) -> list[Grant]:
    """Return what was granted to the actor's customers and holds or held (1 query); for the portal."""
    rows = grants(actor).filter(status__in=(GrantStatus.APPROVED, GrantStatus.ENDED))
    return list(rows.filter(customer=customer_id) if customer_id else rows[:100])


def reckonings(actor: Actor, offer_id: int) -> list[Reckoning]:
    """Return the latest reckonings of an offer that the actor asked for, the newest first; who sees all sees all."""
    rows = Reckoning.objects.filter(offer=offer_id).order_by("-pk")
    return list((rows if actor.sees_everything else rows.filter(user_id=actor.user_id))[:5])
