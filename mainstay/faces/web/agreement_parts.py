"""What the tab of a customer's agreements shows of packages (D2)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.service.promises import package_uses
from mainstay.service.promises.choices import LEVEL_LABELS, PACKAGE_LEVELS


def uses_of(actor: Actor, customer_id: int, *, at: datetime) -> dict[str, Any]:
    """Return the packages applied to a customer as a whole, and where to see what holds (1 query)."""
    today = timezone.localdate(at)
    return {
        "uses": [
            {
                "row": row, "place": str(row.customer), "price": f"¥\u2009{row.price_fen / 100:,.2f}",
                "level": LEVEL_LABELS[PACKAGE_LEVELS[row.place].name.lower()],
                "valid": package_uses.is_valid(row, today),
            }
            for row in package_uses.of_customer(actor, customer_id)
        ],
        "promises_url": f"{reverse('web:promises')}?{urlencode({'customer': customer_id})}",
    }  # fmt: skip
