"""What the customer archive has waiting for a person: approvals, differences, suggestions, reviews (A3, A4)."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.consulting.queries import records, reviews
from mainstay.accounts.customers import archive
from mainstay.domain.actor import Actor
from mainstay.faces.web.links import page
from mainstay.faces.web.tasks import Task
from mainstay.platform.identity.choices import Permission

SHOWN = 5


def archive_tasks(actor: Actor, *, at: datetime) -> Iterator[Task]:
    """Give what waits, the most urgent first (at most 5 queries)."""
    today = timezone.localdate(at)
    for row in records.waiting(actor)[:SHOWN]:
        words = {"name": row.asked_by.display_name, "customer": str(row.customer)}
        title = _("Let %(name)s consult the archive of %(customer)s?") % words
        reason = " · ".join(part for part in (str(row.get_reason_display()), row.words) if part)
        yield Task(f"consultation-{row.pk}", title, reason, "eye", reverse("web:consultations"),
                   customer=str(row.customer))  # fmt: skip
    if actor.may(Permission.WORK_TICKETS):
        for late in archive.overdue_suggestions(actor, on=today)[:SHOWN]:
            title = _("Answer the suggestion of %(customer)s") % {"customer": str(late.customer)}
            yield Task(f"suggestion-{late.pk}", title, late.text[:80], "bulb",
                       reverse("web:suggestion", args=[late.pk]), customer=str(late.customer))  # fmt: skip
    if actor.may(Permission.WRITE_CUSTOMERS):
        yield from _differences(actor)
    yield from _review(actor, at)


def _differences(actor: Actor) -> Iterator[Task]:
    found = archive.differences(actor)
    first = found.first()
    if first is None:
        return
    n = found.count()
    said = ngettext("%(n)s field of a customer differs from another system",
                    "%(n)s fields of customers differ from other systems", n) % {"n": n}  # fmt: skip
    url = page("customer", first.customer_id, query="tab=archive")
    reason = _("Take theirs or keep ours; first %(customer)s.") % {"customer": str(first.customer)}
    yield Task("archive-differences", said, reason, "arrows-exchange", url, customer=str(first.customer))


def _review(actor: Actor, at: datetime) -> Iterator[Task]:
    due = reviews.due(actor, on=timezone.localdate(at))
    if due is None:
        return
    if due.review is not None:
        title = _("Finish the review of permissions: %(n)s lines left") % {"n": due.left}
        url = reverse("web:settings-access-review", args=[due.review.pk])
    else:
        title, url = _("Review who may see what"), reverse("web:settings-access-reviews")
    reason = _("Permissions to customers' data are checked at dates.")
    yield Task("access-review", title, reason, "shield-check", url)
