"""What is told of contracts when a customer changes hands: those that end within 90 days (C4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.portfolios.registry import Check, Finding

RENEW_WITHIN = timedelta(days=90)


def to_renew(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Finding]]:
    """Return running contracts that end within RENEW_WITHIN, or ended already, by customer (1 query)."""
    last = timezone.localtime(at).date() + RENEW_WITHIN
    rows = Contract.objects.filter(customer__in=customer_ids, status=ContractStatus.ACTIVE, ends_on__lte=last)
    found: dict[int, list[Finding]] = {}
    for row in rows.order_by("ends_on", "number"):
        words = _("%(number)s ends on %(day)s") % {"number": row.number, "day": row.ends_on}
        found.setdefault(row.customer_id, []).append(Finding(words, "contract", row.pk))
    return found


CHECKS = (Check("renewals", gettext_lazy("Contracts to renew"), "file-text", to_renew),)
