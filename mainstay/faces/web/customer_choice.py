"""How is a customer named in a form? By code or full name, among those one may see; the browser offers some."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext

from mainstay.accounts.customers import queries
from mainstay.domain.actor import Actor

MOST = 200
"""So many customers at most are offered while typing."""


def customer_named(actor: Actor, text: str) -> Any:
    """Return the one visible customer of this code or full name; raise what the form shows."""
    word = text.strip()
    found = list(queries.visible_to(actor).filter(Q(code=word) | Q(name=word))[:2])
    if len(found) != 1:
        why = (
            gettext("Several customers are called “%(text)s”; give the code.")
            if found
            else gettext("No customer that you may see has the code or name “%(text)s”.")
        )
        raise forms.ValidationError(why % {"text": word})
    return found[0]


def offered(actor: Actor, wanted: queries.CustomerFilters | None = None) -> list[tuple[str, str]]:
    """Return (code, name) of the first customers by name (1 query)."""
    rows = queries.filtered(actor, wanted or queries.CustomerFilters()).order_by("name", "pk")
    return list(rows.values_list("code", "name")[:MOST])
