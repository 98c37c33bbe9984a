"""Give customers to an account manager, or to nobody: the one place that writes who owns a customer (C1, C4)."""

from collections.abc import Sequence
from datetime import datetime

from mainstay.accounts.customers.events import OwnersChanged
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import update_many
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


def set_owner(customers: Sequence[Customer], user_id: int | None, action: str, *, at: datetime, by: Actor) -> int:
    """Give locked customers to a user, None for nobody, in the caller's transaction; return how many changed hands.

    The caller has checked who may do it and to whom; `by.why` is kept as the reason.
    """
    moved = [row for row in customers if row.account_manager_id != user_id]
    before = [row.account_manager_id for row in moved]
    for row in moved:
        row.account_manager_id, row.revision, row.changed_at = user_id, row.revision + 1, at
    update_many(
        Customer, ("account_manager_id", "revision", "changed_at"), [(user_id, r.revision, at, r.pk) for r in moved]
    )
    changes = [
        Change("customer", row.pk, row.name, {"account_manager_id": was}, {"account_manager_id": user_id},
               customer_id=row.pk, region_code=row.region_id)
        for row, was in zip(moved, before, strict=True)
    ]  # fmt: skip
    journal.record(action, changes, at=at, by=by)
    tell_owners(moved, before, at=at, by=by)
    return len(moved)


def tell_owners(customers: Sequence[Customer], before: Sequence[int | None], *, at: datetime, by: Actor) -> None:
    """Announce that customers, written already, have other account managers than before."""
    changed = [(row, was) for row, was in zip(customers, before, strict=True) if row.account_manager_id != was]
    if not changed:
        return
    ids = tuple(row.pk for row, _was in changed)
    after = tuple(row.account_manager_id for row, _was in changed)
    journal.announce(OwnersChanged(ids, tuple(was for _row, was in changed), after, at), by=by)
