"""The catalogue of gifts, and the gifts asked for (B4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.points.choices import OPEN, OrderStatus
from mainstay.accounts.points.errors import NoSuchGift, NoSuchOrder
from mainstay.accounts.points.models import Gift, GiftOrder
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class Offered:
    """A gift as the catalogue shows it to a customer; `missing`: so many points are short of one piece."""

    id: int
    code: str
    name: str
    text: str
    price: int
    stock: int
    valid_to: date | None
    grades: Sequence[str]
    missing: int

    @property
    def can_be_asked(self) -> bool:
        """Whether there is one, and enough points for it."""
        return self.stock > 0 and not self.missing


def catalogue(on: date, *, grade: str = "", available: int = 0) -> list[Offered]:
    """Return the gifts a customer of a grade can ask for on a day, the cheapest first (1 query)."""
    rows = Gift.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return [_offered(row, available) for row in rows if not row.grades or not grade or grade in row.grades]


def _offered(row: Gift, available: int) -> Offered:
    return Offered(
        row.pk, row.code, row.shown_name, row.text, row.price, row.stock, row.valid_to,
        [str(ServiceGrade(grade).label) for grade in row.grades], max(0, row.price - available),
    )  # fmt: skip


def gifts(actor: Actor, on: date) -> list[Any]:
    """Return all gifts for the settings, with for how many open orders the actor sees some are kept (1 query)."""
    seen = scope(actor, customer="orders__customer_id", region="orders__customer__region__code")
    waiting = Count("orders", filter=seen & Q(orders__status__in=OPEN))
    rows: list[Any] = list(Gift.objects.annotate(waiting=waiting))
    for row in rows:
        row.in_catalogue = row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
        row.grade_words = [str(ServiceGrade(grade).label) for grade in row.grades]
    return rows


def gift(gift_id: int) -> Gift:
    """Return one gift. Raises NoSuchGift."""
    row = Gift.objects.filter(pk=gift_id).first()
    if row is None:
        raise NoSuchGift(msgid("There is no gift {id}; look in the catalogue."), id=gift_id)
    return row


def orders(actor: Actor) -> QuerySet[GiftOrder]:
    """Return the gifts asked for by customers the actor may see, the newest first."""
    rows = GiftOrder.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))
    return rows.select_related("customer", "gift").order_by("-id")


def order_list(
    actor: Actor, *, status: str = "", customer_id: int | None = None, page: int = 1, size: int = 30
) -> Page[GiftOrder]:
    """Return a page of gifts asked for (2 queries). `status`: one of `OrderStatus`, or "open"."""
    rows = orders(actor)
    if status == "open":
        rows = rows.filter(status__in=OPEN)
    elif status in OrderStatus.values:
        rows = rows.filter(status=status)
    if customer_id is not None:
        rows = rows.filter(customer=customer_id)
    return LongPaginator(rows, size).get_page(page)


def order(actor: Actor, order_id: int) -> GiftOrder:
    """Return one gift asked for, with customer and gift fetched. Raises NoSuchOrder."""
    row = orders(actor).filter(pk=order_id).first()
    if row is None:
        raise NoSuchOrder(msgid("There is no gift order {id} that you may see; look in the list."), id=order_id)
    return row


def waiting(actor: Actor) -> int:
    """Return how many gifts wait for somebody (1 query)."""
    return orders(actor).filter(status__in=OPEN).count()
