"""Two tabs of a customer's page: who looked after it, and what was talked about (C1, K1)."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.duplicates import queries as duplicates
from mainstay.accounts.portfolios.queries import notes as note_queries
from mainstay.accounts.portfolios.queries import owners
from mainstay.accounts.portfolios.queries.recalls import recall_of
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest
from mainstay.faces.web.portfolios.frame import said
from mainstay.faces.web.portfolios.notes import wanted_of
from mainstay.platform.identity.choices import Permission

TABS = {
    "notes": (gettext_lazy("Contact notes"), "notes"),
    "owner": (gettext_lazy("Ownership history"), "user-check"),
}


def notes(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return what was talked about with the customer, the newest first."""
    rows = note_queries.notes(request.actor, wanted_of(request, customer.pk))
    return {"page": listing.page_of(rows, request, size=30), "today": timezone.localdate()}


def owner(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return who looked after the customer, what threatens it, and whom it resembles."""
    told = [
        {
            "at": spell.from_at,
            "kind": "state",
            "title": spell.name or _("Nobody: in the pool"),
            "by": spell.by_name,
            "body": said(spell.why),
            "detail": [(_("Until"), f"{timezone.localtime(spell.until_at):%Y-%m-%d %H:%M}")] if spell.until_at else [],
        }
        for spell in owners.owner_history(request.actor, customer.pk)
    ]
    may_merge = request.actor.may(Permission.MERGE_CUSTOMERS)
    return {
        "story": told,
        "recall": recall_of(customer.pk),
        "pairs": duplicates.pairs_of(request.actor, customer.pk) if may_merge else [],
        "merged": duplicates.merged_into(customer.pk),
        "may_release": request.actor.may(Permission.ASSIGN_CUSTOMERS) and customer.account_manager_id is not None,
    }


READERS = {"notes": notes, "owner": owner}
