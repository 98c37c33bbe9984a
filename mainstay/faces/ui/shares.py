"""How are results of a month said: shares in per cent, bounds, the derivation step by step (H7, PC 12, 17)?"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mainstay.faces.ui.words import duration_words
from mainstay.service.service_levels.shapes import CircuitResult, View

ROWS = (
    ("up", "up_s"), ("down", "down_s"), ("degraded", "degraded_s"), ("unknown", "unknown_s"),
    ("planned", "planned_s"), ("excluded", "excluded_s"),
)  # fmt: skip


def month_of(text: str | None) -> date | None:
    """Read YYYY-MM; None for nonsense."""
    try:
        return datetime.strptime(text or "", "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def percent(fraction: Decimal | None) -> str:
    """Say a fraction in per cent, as exactly as it is kept; "" for none."""
    return "" if fraction is None else f"{(fraction * 100).normalize():f}\u2009%"


def between(view: View) -> str:
    """Say a view's availability: one figure, or both bounds where time is unknown."""
    return percent(view.lower) if view.lower == view.upper else f"{percent(view.lower)} – {percent(view.upper)}"


def states_of(result: CircuitResult) -> list[dict[str, Any]]:
    """Return the seconds by state, both views side by side."""
    return [
        {"state": state, "contract": getattr(result.contract, name), "felt": getattr(result.felt, name)}
        for state, name in ROWS
        if state in ("up", "down") or getattr(result.contract, name) or getattr(result.felt, name)
    ]


def derivation(result: CircuitResult) -> list[str]:
    """Say, step by step in the reader's language, how the figure comes about and what follows for the promise."""
    view = result.contract
    lines = [_("In service: %(time)s (%(s)s s).") % _time(view.total_s)]
    if view.planned_s:
        lines.append(_("Less planned work inside its windows: %(time)s (%(s)s s).") % _time(view.planned_s))
    if view.excluded_s:
        said = _("Less what others are responsible for, and agreed exclusions: %(time)s (%(s)s s).")
        lines.append(said % _time(view.excluded_s))
    down = {"down": duration_words(view.down_s), "down_s": _grouped(view.down_s), "n": view.outages}
    said = _("Judged: %(time)s (%(s)s s); of it down: %(down)s (%(down_s)s s) in %(n)s outages.")
    lines.append(said % {**_time(view.base_s), **down})
    if view.unknown_s:
        said = _("Unknown: %(time)s (%(s)s s); it counts as down for the lower bound and as up for the upper one.")
        lines.append(said % _time(view.unknown_s))
    lines.append(_("Availability: (judged − down) ÷ judged = %(percent)s.") % {"percent": between(view)})
    return [*lines, _promised(result)]


def _promised(result: CircuitResult) -> str:
    if result.target is None:
        return _("No availability is promised for this circuit.")
    allowed = int(result.contract.base_s * (1 - result.target))
    told = {"percent": percent(result.target), "source": result.target_source, **_time(allowed)}
    return _("Promised: %(percent)s (%(source)s); that allows %(time)s (%(s)s s) down.") % told


def _time(seconds: int) -> dict[str, str]:
    return {"time": duration_words(seconds), "s": _grouped(seconds)}


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
