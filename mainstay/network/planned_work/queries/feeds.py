"""What stands in a calendar behind a secret address? Only what its owner may see at the moment it is read (I3, P1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from mainstay.accounts.customers.queries import family_ids
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.planned_work.choices import FeedKind
from mainstay.network.planned_work.errors import NoSuchFeed
from mainstay.network.planned_work.models import CalendarFeed, ForecastCircuit, PlannedWork
from mainstay.network.planned_work.queries.notes import Publisher, calendar
from mainstay.network.planned_work.queries.works import visible_to
from mainstay.platform.identity.actions import token_digest
from mainstay.platform.identity.queries import actor_of

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
SHOWN = 20


@dataclass(frozen=True)
class ReadFeed:
    """A calendar's file, and which feed it was."""

    feed: CalendarFeed
    content: bytes


def feeds_of(actor: Actor) -> QuerySet[CalendarFeed]:
    """Return the actor's own calendars that are in force, the newest first."""
    rows = CalendarFeed.objects.filter(user_id=actor.user_id or 0, revoked_at__isnull=True)
    return rows.select_related("customer").order_by("-pk")


def own_feed(actor: Actor, feed_id: int) -> CalendarFeed:
    """Return one of the actor's own calendars. Raises NoSuchFeed."""
    found = feeds_of(actor).filter(pk=feed_id).first()
    if found is None:
        raise NoSuchFeed(msgid("You have no calendar {id}; choose one from your list."), id=feed_id)
    return found


def read_feed(secret: str, publisher: Publisher, *, at: datetime) -> ReadFeed:
    """Return what is behind a secret address. Raises NoSuchFeed: unknown, revoked, or its owner may not sign in."""
    rows = CalendarFeed.objects.filter(digest=token_digest(secret), revoked_at__isnull=True, user__is_active=True)
    found = rows.select_related("user", "customer").first()
    if found is None:
        raise NoSuchFeed(msgid("There is no calendar behind this address any more; make a new one."))
    owner = actor_of(found.user)
    if owner.customer_ids is not None or found.customer_id is not None:
        content = _for_customers(found, owner, publisher, at=at)
    else:
        works = _near(visible_to(owner), at=at).filter(region_code__startswith=found.region_code)
        content = calendar(_name(found), works, publisher, at=at)
    return ReadFeed(found, content)


def _for_customers(feed: CalendarFeed, owner: Actor, publisher: Publisher, *, at: datetime) -> bytes:
    """Give what customers were told of: announced work over their circuits."""
    forecast = ForecastCircuit.objects.filter(work__announced_at__isnull=False)
    if owner.customer_ids is not None:
        forecast = forecast.filter(customer__in=owner.customer_ids)
    elif not owner.sees_everything:
        seen = visible_to(owner).values("pk")
        forecast = forecast.filter(Q(work__in=seen))
    if feed.customer_id is not None:
        forecast = forecast.filter(customer__in=family_ids(feed.customer_id))
    works = list(_near(PlannedWork.objects.filter(pk__in=forecast.values("work")), at=at))
    numbers: dict[int, list[str]] = {}
    rows = forecast.filter(work__in=[work.pk for work in works]).order_by("circuit__number")
    for work_id, number in rows.values_list("work_id", "circuit__number"):
        numbers.setdefault(work_id, []).append(number)
    own: dict[int, Sequence[str]] = {pk: found[:SHOWN] for pk, found in numbers.items()}
    return calendar(_name(feed), works, publisher, at=at, own=own)


def _near(rows: QuerySet[PlannedWork], *, at: datetime) -> QuerySet[PlannedWork]:
    return rows.filter(to_at__gt=at - BACK, from_at__lt=at + AHEAD).order_by("from_at", "number")


def _name(feed: CalendarFeed) -> str:
    about = str(feed.customer) if feed.customer else feed.region_code
    return " · ".join(filter(None, (str(FeedKind(feed.kind).label), about)))
