"""The tabs that hold the pages of VIPs together."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.links import page

TABS = (
    ("vips", _("Nominations"), "crown"),
    ("vip-filters", _("VIP filters"), "filter"),
    ("balances", _("Balances"), "wave-sine"),
    ("wave-rules", _("Wave rules"), "bell-ringing"),
)


def tabs(active: str) -> dict[str, Any]:
    """Return the tabs, as the templates name them."""
    shown = [{"label": label, "url": page(name), "icon": icon, "active": name == active} for name, label, icon in TABS]
    return {"vip_tabs": shown}
