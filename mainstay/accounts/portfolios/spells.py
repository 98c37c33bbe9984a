"""Keep who looked after a customer from when to when, as owners change (C1)."""

from django.db.models import QuerySet

from mainstay.accounts.customers.events import OwnersChanged
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.models import OwnerSpell
from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many

COLUMNS = ("customer_id", "user_id", "from_at", "until_at", "why", "by_name", "ended_why", "ended_by")


def on_owners_changed(event: OwnersChanged, by: Actor) -> None:
    """End the spell of who owned the customers and begin that of who does, in the caller's transaction.

    A customer whose owner was never noted gets that spell too, since the customer was created.
    """
    why, name = by.why[:400], by.name[:80]
    known = set(_open(event).values_list("customer_id", "user_id"))
    _open(event).update(until_at=event.at, ended_why=why, ended_by=name)
    changes = list(zip(event.customer_ids, event.before, event.after, strict=True))
    unknown = [pk for pk, was, _now in changes if was is not None and (pk, was) not in known]
    created = dict(Customer.objects.filter(pk__in=unknown).values_list("pk", "created_at")) if unknown else {}
    past = [
        (pk, was, min(created[pk], event.at), event.at, "", "", why, name)
        for pk, was, _now in changes
        if pk in created and was is not None
    ]
    begun = [(pk, now, event.at, None, why, name, "", "") for pk, _was, now in changes if now is not None]
    insert_many(OwnerSpell, COLUMNS, [*past, *begun])


def _open(event: OwnersChanged) -> QuerySet[OwnerSpell]:
    return OwnerSpell.objects.filter(customer__in=event.customer_ids, until_at__isnull=True)
