"""What is told of tickets when a customer changes hands: open ones, promises running out, approvals (C4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.portfolios.registry import Check, Finding
from mainstay.service.tickets.choices import LIVE_TICKETS
from mainstay.service.tickets.models import Pause, Ticket

SOON = timedelta(days=7)

Found = dict[int, list[Finding]]


def open_tickets(customer_ids: Sequence[int], at: datetime) -> Found:
    """Return tickets that are not closed, the oldest first (1 query)."""
    found: Found = {}
    for row in Ticket.objects.filter(customer__in=customer_ids, status__in=LIVE_TICKETS).order_by("pk"):
        words = f"{row.number} {row.title or row.get_kind_display()} · {row.get_status_display()}"
        found.setdefault(row.customer_id, []).append(Finding(words, "ticket", row.pk))
    return found


def promises(customer_ids: Sequence[int], at: datetime) -> Found:
    """Return open tickets whose promise is missed, or runs out within SOON (1 query)."""
    rows = Ticket.objects.filter(customer__in=customer_ids, status__in=LIVE_TICKETS, deadline_at__lte=at + SOON)
    found: Found = {}
    for row in rows.order_by("deadline_at"):
        assert row.deadline_at is not None
        when = f"{timezone.localtime(row.deadline_at):%Y-%m-%d %H:%M}"
        template = _("%(number)s missed since %(when)s") if row.deadline_at <= at else _("%(number)s until %(when)s")
        found.setdefault(row.customer_id, []).append(
            Finding(template % {"number": row.number, "when": when}, "ticket", row.pk)
        )
    return found


def approvals(customer_ids: Sequence[int], at: datetime) -> Found:
    """Return pauses that wait for an approval (1 query)."""
    rows = Pause.objects.filter(
        ticket__customer__in=customer_ids, needs_approval=True, approved_at__isnull=True, refused_at__isnull=True
    ).select_related("ticket")
    found: Found = {}
    for row in rows.order_by("pk"):
        words = _("%(number)s: a pause waits for approval") % {"number": row.ticket.number}
        found.setdefault(row.ticket.customer_id, []).append(Finding(words, "ticket", row.ticket_id))
    return found


CHECKS = (
    Check("tickets", gettext_lazy("Open tickets"), "ticket", open_tickets),
    Check("promises", gettext_lazy("Promises running out"), "clock", promises),
    Check("approvals", gettext_lazy("Open approvals"), "gavel", approvals),
)
