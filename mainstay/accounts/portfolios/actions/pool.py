"""Claim customers nobody looks after, assign them, give them back; one owner each, whoever asks at once (A8, C1)."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.actions.owners import set_owner
from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to
from mainstay.accounts.portfolios.errors import AlreadyOwned, BadPortfolio
from mainstay.accounts.portfolios.models import HoldingLimit
from mainstay.accounts.portfolios.queries.pool import in_reach, regions_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.identity.models import User

MOST = 500
"""Customers in one call."""


@transaction.atomic
def claim(customer_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Take customers without a manager into one's own portfolio, all or none; return how many.

    Of two who claim at once exactly one wins. Raises NotAllowed (no account manager), AlreadyOwned (not in the pool of
    the actor's regions, or not any more), BadPortfolio (more of a grade than one may hold).
    """
    require(by, Permission.WRITE_CUSTOMERS)
    if Duty.ACCOUNT_MANAGER not in by.duties or by.user_id is None:
        raise NotAllowed(msgid("Only an account manager can claim customers; ask a leader to assign them."))
    user = User.objects.select_for_update().get(pk=by.user_id)
    rows = _free(customer_ids, regions_of(user.pk))
    _check_limits(user.pk, user.display_name, rows)
    return set_owner(rows, user.pk, "customer.claim", at=at, by=by if by.why else by.because(CLAIMED))


CLAIMED = msgid("Claimed from the pool")


@transaction.atomic
def assign(customer_ids: Sequence[int], to_user_id: int, *, at: datetime, by: Actor) -> int:
    """Give customers one may see to an account manager, all or none; return how many changed hands.

    A leader may go beyond the number one may claim, and beyond the manager's region. Raises NoSuchCustomer,
    BadPortfolio (nobody to give them to, a customer that was merged).
    """
    require(by, Permission.ASSIGN_CUSTOMERS)
    user = account_manager(to_user_id)
    rows = _locked(_seen(customer_ids, by))
    for row in rows:
        _check_active(row)
    return set_owner(rows, user.pk, "customer.assign", at=at, by=by)


@transaction.atomic
def release(customer_ids: Sequence[int], *, at: datetime, by: Actor) -> int:
    """Give customers back to the pool with the actor's reason; return how many. Raises NoSuchCustomer, BadPortfolio."""
    require(by, Permission.ASSIGN_CUSTOMERS)
    if not by.why.strip():
        raise BadPortfolio(msgid("Say why they return to the pool."))
    return set_owner(_locked(_seen(customer_ids, by)), None, "customer.released", at=at, by=by)


def account_manager(user_id: int) -> User:
    """Return an active account manager. Raises BadPortfolio."""
    users = User.objects.filter(pk=user_id, is_active=True, duties__duty=Duty.ACCOUNT_MANAGER)
    found = users.distinct().first()
    if found is None:
        raise BadPortfolio(msgid("This is no account manager who may sign in; choose another."))
    return found


def _seen(customer_ids: Sequence[int], by: Actor) -> list[int]:
    wanted = list(dict.fromkeys(customer_ids))
    seen = set(visible_to(by).filter(pk__in=wanted[:MOST]).values_list("pk", flat=True))
    for pk in wanted:
        if pk not in seen:
            raise _not_there(pk)
    return wanted


def _locked(customer_ids: Sequence[int]) -> list[Customer]:
    """Return the customers, locked in the order of their ids so that two who lock some do not wait for each other."""
    rows = _there(customer_ids)
    missing = set(customer_ids) - {row.pk for row in rows}
    if missing:
        raise _not_there(min(missing))
    return rows


def _there(customer_ids: Sequence[int]) -> list[Customer]:
    wanted = set(customer_ids)
    if not 0 < len(wanted) <= MOST:
        raise BadPortfolio(msgid("Choose at least one customer and at most {most}."), most=MOST)
    return list(Customer.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _not_there(pk: int) -> NoSuchCustomer:
    return NoSuchCustomer(msgid("There is no customer {id} that you may see; check the address."), id=pk)


def _check_active(row: Customer) -> None:
    if row.merged_into_id is not None:
        raise BadPortfolio(msgid("Customer {name} was merged into another; assign that one."), name=row.name)


def _free(customer_ids: Sequence[int], regions: Sequence[str]) -> list[Customer]:
    """Return what can be claimed, locked; of anything else nothing is said but that it is not there."""
    rows = {row.pk: row for row in _there(customer_ids)}
    for pk in sorted(set(customer_ids)):
        row = rows.get(pk)
        free = row is not None and row.account_manager_id is None and row.archive == Archive.ACTIVE
        if row is None or not free or not in_reach(row.region_id, regions):
            raise AlreadyOwned(
                msgid("Customer number {id} is not in the pool of your regions, or not any more: somebody was faster. "
                      "Choose another."),
                id=pk,
            )  # fmt: skip
    return list(rows.values())


def _check_limits(user_id: int, name: str, rows: Sequence[Customer]) -> None:
    limits = dict(HoldingLimit.objects.values_list("grade", "most"))
    wanted = Counter(row.service_grade for row in rows)
    owned = Customer.objects.filter(account_manager=user_id, archive=Archive.ACTIVE, service_grade__in=wanted)
    held = Counter(owned.values_list("service_grade", flat=True))
    for grade, more in wanted.items():
        if grade in limits and held[grade] + more > limits[grade]:
            raise BadPortfolio(
                msgid("{name} holds {held} customers of grade {grade}, and may hold {most}; claim fewer, or ask a"
                      " leader to assign them."),
                name=name, held=held[grade], grade=ServiceGrade(grade).label, most=limits[grade],
            )  # fmt: skip
