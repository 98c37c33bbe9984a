"""What portfolios themselves look at when a customer changes hands: open next steps, people to introduce (C4)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.customers.choices import ContactRole
from mainstay.accounts.customers.models import Contact
from mainstay.accounts.portfolios.models import ContactNote
from mainstay.accounts.portfolios.queries.notes import last_contact
from mainstay.accounts.portfolios.registry import Check, Finding

TO_MEET = (ContactRole.DECISION_MAKER, ContactRole.KEY_CONTACT)


def open_steps(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Finding]]:
    """Return next steps that are not done, the first due first, and when was talked last (2 queries)."""
    found: dict[int, list[Finding]] = {}
    rows = ContactNote.objects.filter(customer__in=customer_ids, next_on__isnull=False, done_at__isnull=True)
    for row in rows.order_by("next_on", "pk"):
        said = f"{row.next_on}: {row.next_step} ({row.by_name})"
        found.setdefault(row.customer_id, []).append(Finding(said, "customer", row.customer_id))
    for pk, last in last_contact(customer_ids).items():
        said = _("Last contact noted on %(day)s") % {"day": timezone.localtime(last).date().isoformat()}
        found.setdefault(pk, []).append(Finding(said, "customer", pk))
    return found


def people(customer_ids: Sequence[int], at: datetime) -> dict[int, list[Finding]]:
    """Return decision makers and key contacts to be introduced (1 query)."""
    found: dict[int, list[Finding]] = {}
    rows = Contact.objects.filter(customer__in=customer_ids, left_on__isnull=True, role__in=TO_MEET)
    for row in rows.order_by("role", "name"):
        words = f"{row.name} · {row.get_role_display()}" + (f" · {row.title}" if row.title else "")
        found.setdefault(row.customer_id, []).append(Finding(words, "contact", row.pk))
    return found


CHECKS = (
    Check("people", gettext_lazy("People to introduce"), "users", people),
    Check("notes", gettext_lazy("Notes and next steps"), "notes", open_steps),
)
