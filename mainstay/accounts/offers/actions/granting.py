"""Grant an offer to a customer: one proposes, another decides; what was known then stays on the grant (B5)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.offers.choices import LIVE, GrantStatus, OfferStatus
from mainstay.accounts.offers.conditions import Condition
from mainstay.accounts.offers.errors import (
    BadOffer,
    NoSuchGrant,
    NoSuchOffer,
    NotEligible,
    SecondPersonNeeded,
    WrongStep,
)
from mainstay.accounts.offers.facts import facts_on
from mainstay.accounts.offers.models import Grant, Offer
from mainstay.accounts.revenue.windows import add_months
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def propose(
    offer_id: int, customer_id: int, why: str, *, at: datetime, by: Actor, from_on: date | None = None
) -> Grant:
    """Propose to grant an open offer to an eligible customer, from a first of a month on (the next one by default).

    Raises NoSuchCustomer, NoSuchOffer, NotAllowed, NotEligible, WrongStep (not open, or granted already).
    """
    customer = visible_customer(by, customer_id)
    require(by, Permission.WORK_POINTS)
    today = timezone.localdate(at)
    offer = _open_offer(offer_id, today)
    known = facts_on([customer.pk], today)[customer.pk]
    if not Condition(offer.condition).holds(known):
        raise NotEligible(msgid("{customer} does not fulfil the condition of “{offer}”; the offer's page says why."),
                          customer=str(customer), offer=offer.name)  # fmt: skip
    if Grant.objects.filter(offer=offer, customer=customer, status__in=[s.value for s in LIVE]).exists():
        raise WrongStep(msgid("“{offer}” is proposed for or granted to {customer} already."), offer=offer.name,
                        customer=str(customer))  # fmt: skip
    begins = from_on or add_months(today.replace(day=1), 1)
    row = Grant.objects.create(
        offer=offer, customer=customer, from_on=begins,
        to_on=add_months(begins.replace(day=1), offer.months) - timedelta(days=1), facts=known, why=why.strip()[:400],
        proposed_at=at, proposed_by=by.name[:80], proposed_user_id=by.user_id,
    )  # fmt: skip
    _note("offer.propose", row, None, at=at, by=by)
    return row


def _open_offer(offer_id: int, today: date) -> Offer:
    offer = Offer.objects.filter(pk=offer_id).first()
    if offer is None:
        raise NoSuchOffer(msgid("There is no offer {id}; look in the list."), id=offer_id)
    begun = offer.starts_on <= today and (offer.ends_on is None or today <= offer.ends_on)
    if offer.status != OfferStatus.OPEN or not begun:
        raise WrongStep(msgid("“{offer}” cannot be granted today: it is not open."), offer=offer.name)
    return offer


@transaction.atomic
def decide(grant_id: int, status: str, why: str, *, at: datetime, by: Actor, revision: int | None = None) -> Grant:
    """Approve or reject what somebody else proposed; who proposed may take it back (reject).

    Raises NoSuchGrant, NotAllowed, SecondPersonNeeded, WrongStep, BadOffer (rejected without a reason).
    """
    row = _taken(grant_id, GrantStatus.PROPOSED, revision, by=by)
    own = row.proposed_user_id is not None and row.proposed_user_id == by.user_id
    if not (own and status == GrantStatus.REJECTED):
        require(by, Permission.APPROVE)
    if own and status == GrantStatus.APPROVED:
        raise SecondPersonNeeded(msgid("You proposed this yourself; somebody else must decide on it."))
    if status == GrantStatus.REJECTED and not why.strip():
        raise BadOffer(msgid("Say why it is rejected; the proposer reads it."))
    row.decided_at, row.decided_by, row.decided_why = at, by.name[:80], why.strip()[:400]
    action = "offer.grant" if status == GrantStatus.APPROVED else "offer.reject"
    return _step(row, status, action, at=at, by=by.because(why.strip()))


@transaction.atomic
def end(grant_id: int, on: date, why: str, *, at: datetime, by: Actor) -> Grant:
    """End what was granted, with a last day. Raises NoSuchGrant, NotAllowed, WrongStep, BadOffer without a reason."""
    row = _taken(grant_id, GrantStatus.APPROVED, None, by=by)
    require(by, Permission.APPROVE)
    if not why.strip():
        raise BadOffer(msgid("Say why it ends."))
    row.to_on, row.decided_why = max(row.from_on, min(on, row.to_on)), why.strip()[:400]
    return _step(row, GrantStatus.ENDED, "offer.end_grant", at=at, by=by.because(why.strip()))


def _taken(grant_id: int, status: str, revision: int | None, *, by: Actor) -> Grant:
    rows = Grant.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    row = rows.select_for_update(of=("self",)).select_related("offer", "customer").filter(pk=grant_id).first()
    if row is None:
        raise NoSuchGrant(msgid("There is no grant {id} that you may see; look in the list."), id=grant_id)
    if row.status != status or (revision is not None and revision != row.revision):
        raise WrongStep(msgid("“{offer}” for {customer} is “{status}”; this cannot be done to it now. Open it again."),
                        offer=row.offer.name, customer=str(row.customer), status=row.get_status_display())  # fmt: skip
    return row


def _step(row: Grant, status: str, action: str, *, at: datetime, by: Actor) -> Grant:
    before, row.status = row.status, status
    row.revision += 1
    row.save()
    _note(action, row, before, at=at, by=by)
    return row


def _note(action: str, row: Grant, before: str | None, *, at: datetime, by: Actor) -> None:
    after = {"status": row.status, "offer": row.offer.name, "from": row.from_on, "to": row.to_on}
    change = Change("offer_grant", row.pk, row.offer.name, {"status": before} if before else None, after,
                    row.customer_id, row.customer.region_id)  # fmt: skip
    journal.record(action, [change], at=at, by=by)
