"""Which small pictures does a page draw itself, as SVG without scripts: shares, trends, days, routes?"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.faces.ui import ledger, route, words
from mainstay.faces.ui.tags.marks import now_of, read

register = template.Library()

DAY_WIDTH = 4
DAY_HEIGHT = 28


@register.simple_tag
def progress(value: float, total: float = 100, label: str = "", state: str = "") -> SafeString:
    """Show how much of a whole is done; `label` says it in words, `state` colours it only where it means one."""
    return format_html(
        '<span class="ms-progress{}"><progress value="{}" max="{}" aria-label="{}"></progress>{}</span>',
        f" ms-progress-{state}" if state else "",
        str(value),
        str(total),
        label or _("Progress"),
        format_html('<span class="num">{}</span>', label) if label else "",
    )


@register.inclusion_tag("ui/_split_bar.html")
def split_bar(parts: Sequence[Any]) -> dict[str, Any]:
    """Show how a whole is split: parts with `name`, `seconds`, `percent`, `place` (its shade), `is_here`, in order."""
    bars, left = [], 0.0
    for part in parts:
        width = float(read(part, "percent"))
        bars.append({"part": part, "x": f"{left:.2f}", "width": f"{width:.2f}", "shade": int(read(part, "place")) % 6})
        left += width
    return {"bars": bars}


@register.simple_tag
def spark(values: Sequence[float | None], label: str = "") -> SafeString:
    """Draw a trend as a thin line, oldest value first, broken where a value is not known.

    `label` says it to those who do not see it.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return SafeString("")
    low = min(known)
    span = (max(known) - low) or 1
    lines: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            lines.append([])
        else:
            lines[-1].append(f"{index * 100 / (len(values) - 1):.1f},{22 - (value - low) * 20 / span:.1f}")
    drawn = ((" ".join(points if len(points) > 1 else points * 2),) for points in lines if points)
    return format_html(
        '<svg class="ms-spark" viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>',
        label or _("Trend"),
        format_html_join("", '<polyline points="{}" vector-effect="non-scaling-stroke"></polyline>', drawn),
    )


@register.inclusion_tag("ui/_day_bar.html")
def day_bar(days: Sequence[Any]) -> dict[str, Any]:
    """Show one bar a day, oldest first: `on`, `state`, `availability` (0..1 or None), `down_seconds`, `href`."""
    bars = [_day(index, each) for index, each in enumerate(days or ())]
    known = [each["availability"] for each in bars if each["availability"] is not None]
    return {
        "bars": bars,
        "width": max(1, len(bars) * DAY_WIDTH),
        "height": DAY_HEIGHT,
        "average": f"{sum(known) / len(known) * 100:.3f} %" if known else "",
    }


def _day(index: int, given: Any) -> dict[str, Any]:
    on, availability = read(given, "on"), read(given, "availability")
    state = str(read(given, "state") or ("unknown" if availability is None else "up"))
    down = read(given, "down_seconds") or 0
    said = f"{on:%Y-%m-%d} · {words.state_word(state)}"
    if availability is not None:
        said += f" · {availability * 100:.3f} %"
    if down:
        said += f" · {words.duration_words(down)}"
    return {
        "x": index * DAY_WIDTH,
        "width": DAY_WIDTH - 1,
        "state": state,
        "title": said,
        "availability": availability,
        "on": on,
        "href": read(given, "href") or "",
    }


@register.inclusion_tag("ui/_ledger.html")
def ledger_days(spans: Sequence[Any]) -> dict[str, Any]:
    """Draw a month's spans (`from_at`, `to_at`, `state`, `felt`, `why`), both views: every day, then days that tell."""
    days = ledger.days_of(spans)
    return {
        "days": days,
        "width": max(1, len(days) * ledger.CELL),
        "telling": [day for day in days if day.tells],
        "hours": range(0, 25, 4),
        "ticks": [hour * 60 for hour in range(2, 24, 2)],
    }


@register.inclusion_tag("ui/_route.html", takes_context=True)
def route_diagram(context: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    """Draw a circuit's route as people draw it: A – access – ring – ring – access – Z, working above protection.

    `value` is described in `mainstay.faces.ui.route`. A long route is folded; all of it can be unfolded below.
    """
    start = route.MARGIN + route.END_WIDTH
    drawing = route.draw(value or {})
    return {
        "drawing": drawing,
        "full": route.draw(value or {}, fold=False) if drawing.folded else None,
        "server_now": now_of(context),
        "end_width": route.END_WIDTH,
        "start": start,
        "role": {"x": start + 8, "width": route.ROLE_WIDTH - 20, "middle": start + 8 + (route.ROLE_WIDTH - 20) // 2},
    }
