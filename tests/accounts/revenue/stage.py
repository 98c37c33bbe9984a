"""Bills and payments for tests, laid without the actions."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count

from mainstay.accounts.revenue.models import Bill, Payment
from mainstay.accounts.revenue.rolling import note, roll_all
from mainstay.accounts.revenue.windows import add_months

AT = datetime(2026, 9, 10, 2, 0, tzinfo=UTC)
ON = date(2026, 9, 10)
_numbers = count(1)


def bill(customer_id: int, month: date, amount_fen: int, *, due_after: int = 30) -> Bill:
    """Lay a bill for a month, issued on the second of the next."""
    issued = add_months(month, 1) + timedelta(days=1)
    return Bill.objects.create(
        number=f"B{next(_numbers):06}", customer_id=customer_id, month=month, issued_on=issued,
        due_on=issued + timedelta(days=due_after), amount_fen=amount_fen, source="test", received_at=AT,
    )  # fmt: skip


def pay(customer_id: int, paid_on: date, amount_fen: int, of: Bill | None = None) -> Payment:
    """Lay a payment."""
    return Payment.objects.create(
        number=f"P{next(_numbers):06}", customer_id=customer_id, paid_on=paid_on, amount_fen=amount_fen, bill=of,
        source="test", received_at=AT,
    )  # fmt: skip


def rolled(customer_ids: Sequence[int], on: date = ON) -> None:
    """Note the customers and roll."""
    note(customer_ids, at=AT)
    roll_all(on=on)
