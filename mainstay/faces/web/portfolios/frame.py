"""The tabs that hold the pages of portfolios together, and words they share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Duty, Permission

TABS = (
    ("pool", _("Without a manager"), "users"),
    ("returning", _("Returning soon"), "hourglass"),
    ("holders", _("Account managers"), "briefcase"),
    ("portfolio-handovers", _("Hand-overs of portfolios"), "signature"),
    ("contact-notes", _("Contact notes"), "notes"),
)


def tabs(active: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the row of tabs that somebody may open."""
    return [
        {"label": label, "url": reverse(f"web:{name}"), "icon": icon, "active": name == active}
        for name, label, icon in TABS
        if name != "holders" or actor.may(Permission.ASSIGN_CUSTOMERS)
    ]


def may_claim(actor: Actor) -> bool:
    """Say whether somebody could claim customers at all."""
    return Duty.ACCOUNT_MANAGER in actor.duties and actor.may(Permission.WRITE_CUSTOMERS)


def said(why: str) -> str:
    """Say a kept reason: the house's own are translated, a person's words are as they wrote them."""
    return gettext(why) if why else ""
