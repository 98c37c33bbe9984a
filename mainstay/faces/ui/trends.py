"""How are performance samples shown: panels of charts with their figures, and the same as a table (G5).

Figures are kept in the units of the metrics (ppm, µs) and said in those people use (%, ms).
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.network.performance.choices import LARGEST, Level, Metric, Span, Unit
from mainstay.network.performance.queries.trends import Point, Trend, Trends

FACTORS = {Unit.PPM: 10_000, Unit.MICROSECONDS: 1_000, Unit.SECONDS: 1, Unit.BLOCKS: 1}
"""By what a figure is divided to be said."""
SAID: dict[str, str | Promise] = {Unit.PPM: "%", Unit.MICROSECONDS: "ms", Unit.SECONDS: "s", Unit.BLOCKS: _("blocks")}
FAMILIES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("utilisation", _("Utilisation"), (Metric.UTIL_IN, Metric.UTIL_OUT)),
    ("delay", _("Delay"), (Metric.DELAY, Metric.DELAY_ONE_WAY)),
    ("variation", _("Delay variation"), (Metric.VARIATION,)),
    ("loss", _("Loss"), (Metric.LOSS, Metric.LOSS_ONE_WAY)),
    ("errors", _("Errors (ITU-T G.826)"), (Metric.ES, Metric.SES, Metric.UAS)),
    ("blocks", _("Background block errors (BBE)"), (Metric.BBE,)),
)
HEAD = (
    _("Begins at"), _("Metric"), _("Circuit end"), _("Source"), _("Unit"), _("Mean"), _("Least"), _("Largest"),
    _("95th percentile"), _("Samples"), _("Expected"),
)  # fmt: skip
INKS = ("state:ink-2", "state:link")
"""The first of a panel's metrics, and the others; ends are told by the kind of line."""
_FEW, _FAR = 2, 4


def amount(value: int | None, unit: Unit) -> Decimal | None:
    """Return a figure in the unit people say it in."""
    return None if value is None else Decimal(value) / FACTORS[unit]


def words(value: int | None, unit: Unit) -> str:
    """Say a figure with its unit; a dash where it is not known."""
    found = amount(value, unit)
    if found is None:
        return "—"
    places = 0 if unit in (Unit.SECONDS, Unit.BLOCKS) else 2 if found >= 1 or not found else 4
    text = f"{found:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}\u2009{SAID[unit]}"


def end_words(metric: str, side: str) -> str:
    """Say at which end a metric is taken, or which way it goes."""
    if metric in (Metric.DELAY_ONE_WAY, Metric.LOSS_ONE_WAY):
        return {"A": "A → Z", "Z": "Z → A"}.get(side, "")
    return gettext("{side} end").format(side=side) if side else ""


def name_of(line: Trend, *, sources: bool) -> str:
    """Name a series: its metric, its end, and where several deliver the same, its source."""
    parts = [str(Metric(line.metric).label), end_words(line.metric, line.side), line.source if sources else ""]
    return " · ".join(part for part in parts if part)


def span_tabs(active: str) -> list[dict[str, Any]]:
    """Return the spans as tabs of the page."""
    return [{"label": span.label, "url": f"?span={span.value}", "active": span.value == active} for span in Span]


def panels(found: Trends) -> list[dict[str, Any]]:
    """Return a panel for each family of metrics that is sampled: the chart's option, and the series' figures."""
    told = []
    for code, title, metrics in FAMILIES:
        lines = [line for line in found.lines if line.metric in metrics]
        if lines:
            sources = len({line.source for line in lines}) > 1
            told.append(
                {
                    "id": f"chart-{code}",
                    "title": title,
                    "option": option(lines, found.level, sources=sources),
                    "rows": [figures(line, sources=sources) for line in lines],
                    "empty": not any(line.known for line in lines),
                    "stretches": stretches(lines),
                    "names": [name_of(line, sources=sources) for line in lines],
                }
            )
    return told


def figures(line: Trend, *, sources: bool) -> dict[str, Any]:
    """Return what is said of one series below its chart."""
    known = line.known
    count = sum(point.count for point in known)
    mean = round(sum(point.mean * point.count for point in known) / count) if count else None
    coverage = line.coverage_ppm
    return {
        "name": name_of(line, sources=sources),
        "mean": words(mean, line.unit),
        "most": words(max((point.most for point in known), default=None), line.unit),
        "last": words(known[-1].mean if known else None, line.unit),
        "coverage": "—" if coverage is None else f"{coverage / 10_000:.1f}\u2009%",
        "limit": words(line.limit, line.unit),
        "standing_since": line.standing_since,
        "alarmed": line.alarmed,
    }


def stretches(lines: Sequence[Trend]) -> list[dict[str, Any]]:
    """Return the points of series as rows of one table, the newest first; stretches of which nothing is known too."""
    by_time: dict[datetime, dict[int, str]] = {}
    for place, line in enumerate(lines):
        for at, point in zip(line.grid, line.points, strict=True):
            by_time.setdefault(at, {})[place] = words(point.mean if point else None, line.unit)
    return [
        {"at": at, "cells": [by_time[at].get(place, "—") for place in range(len(lines))]}
        for at in sorted(by_time, reverse=True)
    ]


def option(lines: Sequence[Trend], level: Level, *, sources: bool) -> dict[str, Any]:
    """Return the option of ECharts: means as lines with gaps, largest (of days: 95th percentile) thin, limits dashed.

    The axis is told as if the house's wall clock were UTC, so that a reader elsewhere reads the same times.
    """
    unit = lines[0].unit
    first = lines[0].metric
    drawn = [_drawn(line, line.metric == first, sources=sources) for line in lines]
    if level != Level.SAMPLE and len(lines) <= _FEW:
        drawn += [_thin(line, line.metric == first, level, sources=sources) for line in lines]
    limits = sorted({line.limit for line in lines if line.limit is not None})
    grid = [at for line in lines for at in line.grid]
    if grid:
        drawn += [_limit(limit, unit, min(grid), max(grid)) for limit in limits if limit <= _highest(lines)]
    return {
        "useUTC": True,
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "top": 0, "left": 0, "itemWidth": 22, "itemHeight": 8},
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 4, "containLabel": True},
        "xAxis": {"type": "time", "splitLine": {"show": False}},
        "yAxis": {"type": "value", "min": 0, "axisLabel": {"formatter": f"{{value}} {SAID[unit]}"}},
        "series": drawn,
    }


def _drawn(line: Trend, is_first: bool, *, sources: bool) -> dict[str, Any]:
    return {
        "type": "line",
        "name": name_of(line, sources=sources),
        "symbol": "none",
        "connectNulls": False,
        "lineStyle": {"width": 1.6, "type": "dashed" if line.side == "Z" else "solid"},
        "itemStyle": {"color": INKS[0] if is_first else INKS[1]},
        "data": _points(line, [point.mean if point else None for point in line.points]),
    }


def _thin(line: Trend, is_first: bool, level: Level, *, sources: bool) -> dict[str, Any]:
    label = gettext("95th percentile") if level == Level.DAY else gettext("largest")
    values = [None if point is None else point.p95 if level == Level.DAY else point.most for point in line.points]
    return {
        **_drawn(line, is_first, sources=sources),
        "name": f"{name_of(line, sources=sources)} · {label}",
        "lineStyle": {"width": 0.8, "type": "dotted"},
        "data": _points(line, values),
    }


def _points(line: Trend, values: Sequence[int | None]) -> list[Any]:
    """Return [wall clock in ms, figure] pairs; one with gaps on both sides gets a dot, or nobody would see it."""
    told: list[Any] = []
    for place, (at, value) in enumerate(zip(line.grid, values, strict=True)):
        pair = [_wall_ms(at), None if value is None else float(amount(value, line.unit) or 0)]
        around = (values[place - 1] if place else None, values[place + 1] if place + 1 < len(values) else None)
        alone = value is not None and around == (None, None)
        told.append({"value": pair, "symbol": "circle", "symbolSize": 4} if alone else pair)
    return told


def _highest(lines: Sequence[Trend]) -> int:
    """Return up to which height a threshold is drawn: one far above would press the line to the ground."""
    if any(line.metric in (Metric.UTIL_IN, Metric.UTIL_OUT) for line in lines):
        return LARGEST
    return _FAR * max((point.most for line in lines for point in line.known), default=0)


def _limit(limit: int, unit: Unit, begin: datetime, end: datetime) -> dict[str, Any]:
    height = float(amount(limit, unit) or 0)
    return {
        "type": "line",
        "name": gettext("Threshold"),
        "symbol": "none",
        "lineStyle": {"width": 1, "type": "dashed", "color": "state:degraded"},
        "itemStyle": {"color": "state:degraded"},
        "data": [[_wall_ms(begin), height], [_wall_ms(end), height]],
    }


def _wall_ms(at: datetime) -> int:
    local = timezone.localtime(at)
    shift = local.utcoffset()
    return int((at.timestamp() + (shift.total_seconds() if shift else 0)) * 1000)


def file_rows(found: Trends) -> list[tuple[object, ...]]:
    """Return every stretch that is known as a row of a file, in the units people say."""
    return [_file_row(line, point) for line in found.lines for point in line.known]


def _file_row(line: Trend, point: Point) -> tuple[object, ...]:
    numbers = [amount(each, line.unit) for each in (point.mean, point.least, point.most, point.p95)]
    return (
        point.at, Metric(line.metric).label, line.side, line.source, SAID[line.unit], *numbers, point.count,
        point.expected,
    )  # fmt: skip
