"""Nominate a customer by hand with a reason; a second person decides; end a nomination (B6)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.nominations.choices import Source, Status
from mainstay.accounts.nominations.errors import BadNomination, NoSuchNomination
from mainstay.accounts.nominations.events import CustomersNamed
from mainstay.accounts.nominations.models import Nomination
from mainstay.accounts.nominations.queries.nominated import visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def propose(
    customer_id: int, why: str, *, from_on: date, until_on: date | None = None, at: datetime, by: Actor
) -> Nomination:
    """Propose a customer as a VIP; until_on is the first day it no longer holds. Somebody else decides.

    Raises NoSuchCustomer; BadNomination without a reason, with dates out of order, or where one waits or holds.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    customer = visible_customer(by, customer_id, lock=True)
    if not why.strip():
        raise BadNomination(msgid("A nomination by hand needs a reason; say why {name} is one."), name=customer.name)
    if until_on is not None and until_on <= from_on:
        raise BadNomination(
            msgid("The nomination of {name} ends on {end}, not after its begin on {begin}; correct the dates."),
            name=customer.name, end=until_on, begin=from_on,
        )  # fmt: skip
    standing = Nomination.objects.filter(customer=customer, source=Source.BY_HAND)
    standing = standing.filter(status__in=(Status.PROPOSED, Status.NAMED))
    if standing.filter(Q(until_on__isnull=True) | Q(until_on__gt=from_on)).exists():
        raise BadNomination(
            msgid("{name} is nominated by hand already, or waits for approval; end that nomination first."),
            name=customer.name,
        )
    row = Nomination.objects.create(
        customer=customer, source=Source.BY_HAND, status=Status.PROPOSED, why=why.strip()[:400], from_on=from_on,
        until_on=until_on, made_at=at, made_by=by.name[:80], made_by_id=by.user_id,
    )  # fmt: skip
    _record("nomination.propose", row, None, {"why": row.why, "from_on": from_on, "until_on": until_on}, at=at, by=by)
    return row


@transaction.atomic
def decide(nomination_id: int, *, approve: bool, why: str = "", at: datetime, by: Actor) -> Nomination:
    """Approve a proposal or refuse it, with a reason.

    Raises NoSuchNomination, NotAllowed for one's own, BadNomination.
    """
    require(by, Permission.APPROVE)
    row = _locked(nomination_id, by)
    if row.made_by_id is not None and row.made_by_id == by.user_id:
        raise NotAllowed(msgid("You proposed {name} yourself; somebody else decides."), name=row.customer.name)
    if row.status != Status.PROPOSED:
        raise BadNomination(
            msgid("The nomination of {name} was decided on already; nothing was changed."), name=row.customer.name
        )
    if not approve and not why.strip():
        raise BadNomination(msgid("Say why {name} is refused."), name=row.customer.name)
    row.status = Status.NAMED if approve else Status.REFUSED
    row.decided_at, row.decided_by, row.decision = at, by.name[:80], why.strip()[:400]
    row.save(update_fields=["status", "decided_at", "decided_by", "decision"])
    action = "nomination.approve" if approve else "nomination.reject"
    _record(action, row, {"status": Status.PROPOSED}, {"status": row.status, "why": row.decision}, at=at, by=by)
    if approve:
        journal.announce(CustomersNamed((row.customer_id,)), by=by)
    return row


@transaction.atomic
def end_nomination(nomination_id: int, why: str, *, on: date, at: datetime, by: Actor) -> Nomination:
    """End a nomination from a day on; one by a filter comes back with its next run, where the customer still passes.

    Raises NoSuchNomination, BadNomination.
    """
    require(by, Permission.APPROVE)
    row = _locked(nomination_id, by)
    if row.status != Status.NAMED:
        raise BadNomination(
            msgid("{name} is not named by this nomination; nothing was changed."), name=row.customer.name
        )
    if not why.strip():
        raise BadNomination(msgid("Say why the nomination of {name} ends."), name=row.customer.name)
    before: dict[str, object] = {"status": row.status, "until_on": row.until_on}
    row.status, row.until_on, row.decision = Status.ENDED, max(on, row.from_on), why.strip()[:400]
    row.decided_at, row.decided_by = at, by.name[:80]
    row.save(update_fields=["status", "until_on", "decision", "decided_at", "decided_by"])
    _record("nomination.end", row, before, {"status": row.status, "until_on": row.until_on}, at=at, by=by)
    journal.announce(CustomersNamed((row.customer_id,)), by=by)
    return row


def _locked(nomination_id: int, by: Actor) -> Nomination:
    rows = visible_to(by).select_for_update(of=("self",)).select_related("customer")
    row = rows.filter(pk=nomination_id).first()
    if row is None:
        raise NoSuchNomination(
            msgid("There is no nomination {id} that you may see; check the address."), id=nomination_id
        )
    return row


def _record(
    action: str, row: Nomination, before: dict[str, object] | None, after: dict[str, object], *, at: datetime, by: Actor
) -> None:
    customer = row.customer
    change = Change("nomination", row.pk, customer.name[:160], before, after, customer.pk, customer.region_id)
    journal.record(action, [change], at=at, by=by)
