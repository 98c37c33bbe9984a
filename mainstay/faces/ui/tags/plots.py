"""Which charts does a page draw itself, as SVG without scripts: a figure over time, figures side by side?

Figures are whole numbers; `scale` divides them for the axis (100 turns fen into yuan). Ink only: colour means state.
"""

from collections.abc import Sequence
from typing import Any

from django import template

from mainstay.faces.ui.tags.marks import read
from mainstay.faces.ui.words import short_number

register = template.Library()

WIDTH, HEIGHT, LEFT, TOP, BELOW = 720, 200, 78, 12, 26
TICKS = 4
MOST_LABELS = 8
_STEPS = (1, 2, 2.5, 5, 10)


@register.inclusion_tag("ui/_line_plot.html")
def line_plot(points: Sequence[Any], *, label: str, scale: int = 1) -> dict[str, Any]:
    """Draw points with `label` and `value` (None: a gap), oldest first, as a line; `label` says what it shows."""
    values = [read(point, "value") for point in points]
    frame = _frame(values, scale, from_zero=False)
    step = (WIDTH - LEFT - 8) / max(1, len(values) - 1)
    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{LEFT + place * step:.1f},{_y(value, frame):.1f}")
    dots = [run[0].split(",") for run in runs if len(run) == 1]
    lines = [" ".join(run) for run in runs if len(run) > 1]
    return frame | {"lines": lines, "dots": dots, "labels": _labels(points, step, 0), "label": label}


@register.inclusion_tag("ui/_bar_plot.html")
def bar_plot(bars: Sequence[Any], *, label: str, scale: int = 1) -> dict[str, Any]:
    """Draw bars with `label`, `value` (None: none known) and maybe `href`; `label` says what they show."""
    values = [read(bar, "value") for bar in bars]
    frame = _frame(values, scale, from_zero=True)
    step = (WIDTH - LEFT - 8) / max(1, len(values))
    zero = _y(0, frame)
    drawn = []
    for place, (bar, value) in enumerate(zip(bars, values, strict=True)):
        if value is not None:
            y = _y(value, frame)
            drawn.append({
                "x": f"{LEFT + (place + 0.18) * step:.1f}", "width": f"{step * 0.64:.1f}", "y": f"{min(y, zero):.1f}",
                "height": f"{max(1.0, abs(y - zero)) if value else 0:.1f}", "href": read(bar, "href") or "",
                "title": f"{read(bar, 'label')}: {short_number(value / scale)}",
            })  # fmt: skip
    return frame | {"bars": drawn, "labels": _labels(bars, step, step / 2), "label": label}


def _frame(values: Sequence[int | None], scale: int, *, from_zero: bool) -> dict[str, Any]:
    known = [value / scale for value in values if value is not None] or [0]
    low, high = min(known), max(known)
    low = min(0.0, low) if from_zero or low < high * 0.5 else low
    step = _nice((high - low) / TICKS or abs(high) / TICKS or 1)
    first = int(low // step)
    last = max(first + 1, -int(-high // step))
    grid: list[dict[str, Any]] = [{"value": n * step, "said": short_number(n * step)} for n in range(first, last + 1)]
    for line in grid:
        line["y"] = f"{_at(line['value'], first * step, last * step):.1f}"
    return {
        "grid": grid, "low": first * step, "high": last * step, "scale": scale, "width": WIDTH, "height": HEIGHT,
        "left": LEFT, "right": WIDTH - 8, "text_right": LEFT - 8, "base": HEIGHT - 6, "empty": not any(
            value is not None for value in values),
    }  # fmt: skip


def _nice(step: float) -> float:
    power = 1.0
    while power * 10 <= step:
        power *= 10
    while power > step:
        power /= 10
    return next(power * each for each in _STEPS if power * each >= step * 0.999)


def _at(value: float, low: float, high: float) -> float:
    share = (value - low) / ((high - low) or 1)
    return HEIGHT - BELOW - share * (HEIGHT - BELOW - TOP)


def _y(value: int, frame: dict[str, Any]) -> float:
    return _at(value / frame["scale"], frame["low"], frame["high"])


def _labels(points: Sequence[Any], step: float, shift: float) -> list[dict[str, Any]]:
    """Return the labels below, no more than fit."""
    every = max(1, -(-len(points) // MOST_LABELS)) if len(points) > 12 else 1
    ends = {} if shift else {len(points) - 1: "end", 0: "start"}
    return [
        {
            "x": f"{LEFT + place * step + shift:.1f}",
            "said": read(point, "label"),
            "anchor": ends.get(place, "middle"),
            "odd": place // every % 2,
        }
        for place, point in enumerate(points)
        if place % every == 0
    ]
