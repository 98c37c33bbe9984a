"""What stands behind the addresses of revenue and credit: bills of the bank and of others, a difference, rules."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.accounts.credit import actions as credit
from mainstay.accounts.credit.models import CreditEdition
from mainstay.accounts.credit.rolling import score_everyone
from mainstay.accounts.revenue.actions import intake, reconciling
from mainstay.accounts.revenue.models import Bill, Difference
from mainstay.accounts.revenue.rolling import roll_all
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import system
from mainstay.platform.imports.registry import Given

if TYPE_CHECKING:
    from tests.access.stage import Stage


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, by, world = timezone.now(), system("billing"), stage.world
    today = timezone.localdate(at)
    month = add_months(first_of(today), -3)
    rows = [
        Given(n, {"number": number, "customer": customer.code, "month": month, "issued_on": add_months(month, 1),
                  "due_on": add_months(month, 1) + timedelta(days=9), "amount": Decimal(amount)})
        for n, (number, customer, amount) in enumerate(
            [("ZD-BANK-1", world.bank, 7_654), ("ZD-LOGI-1", world.logistics, 4_321)])
    ]  # fmt: skip
    intake.take(intake.BILL, rows, source="billing", at=at, by=by)
    line = {"bill": "ZD-BANK-1", "position": 1, "circuit": "WH-HS-E1-0001", "words": "月租", "amount": Decimal(7_654)}
    intake.take(intake.LINE, [Given(1, line)], source="billing", at=at, by=by)
    paid = {"number": "SK-BANK-1", "customer": world.bank.code, "paid_on": today, "amount": Decimal(54),
            "bill": "ZD-BANK-1"}  # fmt: skip
    intake.take(intake.PAYMENT, [Given(1, paid)], source="billing", at=at, by=by)
    credit.ship(at=at, by=by)
    roll_all(on=today)
    score_everyone(on=today)
    total = {"month": month, "what": "bills", "customer": world.bank.code, "number": "ZD-BANK-1",
             "amount": Decimal(7_000)}  # fmt: skip
    reconciling.take_totals([Given(1, total)], source="billing", at=at, by=by)
    reconciling.compare(month, at=at, by=by)
    stage.ids |= {
        "bill": Bill.objects.get(number="ZD-BANK-1").pk,
        "revenue_difference": Difference.objects.get(customer=world.bank).pk,
        "credit_edition": CreditEdition.objects.get().pk,
        "billed_month": f"{month:%Y-%m}",
    }
