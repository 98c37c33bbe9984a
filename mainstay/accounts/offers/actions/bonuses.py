"""Give the bonus points of granted offers, month by month, each once (B4, B5)."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from mainstay.accounts.offers.choices import BenefitWord, GrantStatus
from mainstay.accounts.offers.models import Grant
from mainstay.accounts.points.actions.posting import Wanted, post_many
from mainstay.accounts.points.choices import Operation, Source
from mainstay.accounts.points.queries.books import book_on
from mainstay.accounts.revenue.windows import add_months
from mainstay.domain.actor import Actor
from mainstay.domain.points.rules import last_day

PART = 200


def give_bonuses(*, at: datetime, by: Actor) -> int:
    """Give for the last full month what was granted for it, each once. Return how many were new."""
    month = add_months(timezone.localdate(at).replace(day=1), -1)
    held, given, after = book_on(timezone.localdate(at)), 0, 0
    until = last_day(held.book, timezone.localdate(at)) if held else None
    while rows := list(_grants(month).filter(pk__gt=after).order_by("pk")[:PART]):
        after = rows[-1].pk
        wanted = [_bonus(row, month, until) for row in rows]
        given += sum(not done.repeated for done in post_many(wanted, at=at, by=by))
    return given


def _grants(month: date) -> QuerySet[Grant]:
    end = add_months(month, 1) - timedelta(days=1)
    rows = Grant.objects.filter(offer__benefit=BenefitWord.POINTS, from_on__lte=end, to_on__gte=month)
    granted = rows.filter(status__in=(GrantStatus.APPROVED, GrantStatus.ENDED), decided_at__isnull=False)
    return granted.select_related("offer")


def _bonus(row: Grant, month: date, until: date | None) -> Wanted:
    return Wanted(
        f"offer:{row.pk}:{month:%Y-%m}", row.customer_id, Operation.EARN, int(row.offer.value), Source.OFFER,
        f"{month:%Y-%m}", row.offer.name, expires_on=until,
    )  # fmt: skip
