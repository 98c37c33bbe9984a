"""Make and revoke calendars behind secret addresses (I3)."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.planned_work.choices import FeedKind
from mainstay.network.planned_work.errors import BadFeed
from mainstay.network.planned_work.models import CalendarFeed
from mainstay.network.planned_work.queries.feeds import feeds_of, own_feed
from mainstay.platform.identity.actions import token_digest
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal

MOST = 20
READ_NOTED = timedelta(minutes=10)


@transaction.atomic
def make_feed(
    kind: str, *, at: datetime, by: Actor, region_code: str = "", customer_id: int | None = None
) -> tuple[CalendarFeed, str]:
    """Make a calendar and return it with its secret, which is not kept and never shown again.

    Raises BadFeed (an unknown kind, no region or customer where one is needed, too many), NotAllowed, NoSuchCustomer.
    """
    if by.user_id is None or kind not in FeedKind.values:
        raise BadFeed(msgid("A calendar of the kind “{kind}” cannot be made; choose one from the list."), kind=kind)
    if feeds_of(by).count() >= MOST:
        raise BadFeed(msgid("You have {most} calendars already; revoke one that you do not need."), most=MOST)
    customer = None
    if kind == FeedKind.CUSTOMER:
        if customer_id is None:
            raise BadFeed(msgid("Name the customer whose calendar it is."))
        customer = visible_customer(by, customer_id)
    if kind == FeedKind.REGION and (not region_code or not may_see(by, customer_id=None, region_code=region_code)):
        raise NotAllowed(msgid("You may not see the region “{region}”; name one of yours."), region=region_code)
    secret = secrets.token_urlsafe(32)
    row = CalendarFeed.objects.create(
        digest=token_digest(secret), kind=kind, user_id=by.user_id, customer=customer, created_at=at,
        region_code=region_code if kind == FeedKind.REGION else "",
    )  # fmt: skip
    _record("feed.make", row, at=at, by=by)
    return row, secret


@transaction.atomic
def revoke_feed(feed_id: int, *, at: datetime, by: Actor) -> CalendarFeed:
    """Let an address lead nowhere from now on. Raises NoSuchFeed."""
    row = own_feed(by, feed_id)
    row.revoked_at = at
    row.save(update_fields=["revoked_at"])
    _record("feed.revoke", row, at=at, by=by)
    return row


def note_read(feed: CalendarFeed, *, at: datetime) -> None:
    """Keep when a calendar was last read, to the ten minutes: it shows whether a leaked address is in use."""
    if feed.read_at is None or at - feed.read_at > READ_NOTED:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)


def _record(action: str, row: CalendarFeed, *, at: datetime, by: Actor) -> None:
    after = {"kind": row.kind, "region": row.region_code}
    change = journal.Change(
        "feed", row.pk, str(FeedKind(row.kind).label), None, after, row.customer_id, row.region_code
    )
    journal.record(action, [change], at=at, by=by)
