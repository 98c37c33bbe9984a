"""What is told of money when a customer changes hands: what is due and unpaid (C4, M9)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.portfolios.registry import Check, Finding
from mainstay.accounts.revenue.queries.facts import facts_of


def in_arrears(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Finding]]:
    """Return what customers owe on the day, with the oldest due day (few queries)."""
    facts = facts_of(customer_ids, timezone.localtime(at).date())
    return {
        pk: [
            Finding(
                _("¥%(amount)s in arrears, the oldest due on %(day)s")
                % {"amount": f"{each.arrears_fen / 100:,.2f}", "day": each.oldest_due_on}
            )
        ]
        for pk, each in facts.items()
        if each.arrears_fen
    }


CHECKS = (Check("arrears", gettext_lazy("Arrears"), "hourglass", in_arrears),)
