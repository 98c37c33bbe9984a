"""Decide that two customers are not the same, or take that back (A8)."""

from datetime import datetime

from django.db import transaction

from mainstay.accounts.duplicates.choices import PairState
from mainstay.accounts.duplicates.errors import BadMerge
from mainstay.accounts.duplicates.models import Pair
from mainstay.accounts.duplicates.queries import visible_pair
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@transaction.atomic
def call_different(pair_id: int, *, at: datetime, by: Actor) -> Pair:
    """Remember that two customers are not the same, with the actor's reason. Raises NoSuchPair, BadMerge."""
    return _decide(pair_id, PairState.OPEN, PairState.DIFFERENT, at=at, by=by)


@transaction.atomic
def take_up(pair_id: int, *, at: datetime, by: Actor) -> Pair:
    """Put a pair that was called different back among those to be decided. Raises NoSuchPair, BadMerge."""
    return _decide(pair_id, PairState.DIFFERENT, PairState.OPEN, at=at, by=by)


def _decide(pair_id: int, before: PairState, after: PairState, *, at: datetime, by: Actor) -> Pair:
    require(by, Permission.MERGE_CUSTOMERS)
    row = visible_pair(by, pair_id, lock=True)
    if row.state != before:
        raise BadMerge(msgid("This pair was decided meanwhile: {state}. Look at it again."),
                       state=PairState(row.state).label)  # fmt: skip
    row.state, row.decided_at, row.decided_by, row.why = after, at, by.name[:80], by.why[:400]
    row.save(update_fields=["state", "decided_at", "decided_by", "why"])
    changes = [
        Change("customer", c.pk, c.name, {"duplicate": str(before)}, {"duplicate": str(after), "other": o.code},
               customer_id=c.pk, region_code=c.region_id)
        for c, o in ((row.one, row.other), (row.other, row.one))
    ]  # fmt: skip
    journal.record("customer.compare", changes, at=at, by=by)
    return row
