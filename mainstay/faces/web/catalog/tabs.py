"""The tabs that hold the pages of what is offered together."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.links import page

TABS = (
    ("products", _("Products"), "stack-2"),
    ("tariffs", _("Tariffs"), "coins"),
    ("price", _("What does it cost?"), "search"),
    ("policies", _("Marketing policies"), "flag"),
    ("scheme-models", _("Scheme models"), "sitemap"),
    ("schemes", _("Schemes for customers"), "file-text"),
)


def tabs(active: str) -> dict[str, Any]:
    """Return the tabs, as the templates name them."""
    shown = [{"label": label, "url": page(name), "icon": icon, "active": name == active} for name, label, icon in TABS]
    return {"offered_tabs": shown}
