"""What customers paid in a month, by product: a payment that names a bill is shared out over the bill's lines."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Sum

from mainstay.accounts.revenue.models import BillLine, Payment
from mainstay.accounts.revenue.windows import add_months

NO_PRODUCT = ""


def paid_in(customer_ids: Collection[int], month: date) -> dict[int, dict[str, int]]:
    """Return fen paid in a month, by customer and product code ("" where none is known); 2 queries."""
    rows = list(
        Payment.objects.filter(customer__in=customer_ids, paid_on__gte=month, paid_on__lt=add_months(month, 1))
        .values_list("customer_id", "bill_id").annotate(fen=Sum("amount_fen"))
    )  # fmt: skip
    lines = _lines({bill_id for _, bill_id, _ in rows if bill_id})
    found: dict[int, dict[str, int]] = {}
    for customer_id, bill_id, fen in rows:
        own = found.setdefault(customer_id, {})
        for product, part in _shared(fen, lines.get(bill_id or 0, {})):
            own[product] = own.get(product, 0) + part
    return found


def _lines(bill_ids: set[int]) -> dict[int, dict[str, int]]:
    lines: dict[int, dict[str, int]] = {}
    if not bill_ids:
        return lines
    sums = BillLine.objects.filter(bill__in=bill_ids, amount_fen__gt=0).values_list("bill_id", "product_code")
    for bill_id, product, fen in sums.annotate(fen=Sum("amount_fen")).order_by("bill_id", "product_code"):
        lines.setdefault(bill_id, {})[product] = fen
    return lines


def _shared(fen: int, lines: dict[str, int]) -> Iterable[tuple[str, int]]:
    """Share an amount out in proportion to the lines; the last product gets what rounding leaves."""
    total, left = sum(lines.values()), fen
    if not total:
        return [(NO_PRODUCT, fen)]
    parts = []
    for product, amount in list(lines.items())[:-1]:
        part = fen * amount // total
        parts.append((product, part))
        left -= part
    return [*parts, (list(lines)[-1], left)]
