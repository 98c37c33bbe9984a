"""How is money shown: amounts in yuan, and months as bars?"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from mainstay.faces.ui.tags.marks import read

register = template.Library()

SLOT, BAR, HEIGHT = 24, 8, 100
SERIES = ("billed_fen", "paid_fen", "arrears_fen")


@register.filter
def yuan(fen: int | None) -> str:
    """Say an amount of fen (0.01 yuan) in yuan; a dash where it is not known."""
    if fen is None:
        return "—"
    return f"{'−' if fen < 0 else ''}¥\u202f{abs(fen) / 100:,.2f}"


@register.filter
def points(value: int) -> str:
    """Say points with their sign."""
    return f"+{value}" if value > 0 else f"−{-value}" if value < 0 else "0"


@register.inclusion_tag("ui/_money_months.html")
def money_months(months: Sequence[Any]) -> dict[str, Any]:
    """Draw a bar a month: `month`, `billed_fen`, `paid_fen`, `arrears_fen` (None: not known), oldest first."""
    highest = max((abs(read(each, name) or 0) for each in months for name in SERIES), default=0) or 1
    return {
        "months": [_month(place, each, highest) for place, each in enumerate(months)],
        "width": max(1, len(months)) * SLOT,
        "height": HEIGHT,
        "highest": yuan(highest),
    }


def _month(place: int, each: Any, highest: int) -> dict[str, Any]:
    found = {name: read(each, name) for name in SERIES}
    month = read(each, "month")
    said = [f"{month:%Y-%m}", _("billed %(sum)s") % {"sum": yuan(found["billed_fen"])},
            _("paid %(sum)s") % {"sum": yuan(found["paid_fen"])}]  # fmt: skip
    if found["arrears_fen"]:
        said.append(_("arrears at its end %(sum)s") % {"sum": yuan(found["arrears_fen"])})
    bars = []
    for name, offset, width in (("billed_fen", 3, BAR), ("paid_fen", 12, BAR), ("arrears_fen", 20.5, 2)):
        height = round(max(0, found[name] or 0) * HEIGHT / highest, 1)
        bars.append({"kind": name.removesuffix("_fen"), "x": place * SLOT + offset, "y": round(HEIGHT - height, 1),
                     "width": width, "height": height})  # fmt: skip
    return {**found, "month": month, "x": place * SLOT, "bars": bars, "said": " · ".join(said),
            "unknown": found["billed_fen"] is None and not found["paid_fen"]}  # fmt: skip
