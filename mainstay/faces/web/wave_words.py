"""How are waves, bands and shares of balances told: as points of charts, and the numbers as rows of tables (B6)?"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from mainstay.accounts.nominations.choices import AccountKind
from mainstay.accounts.nominations.queries.waves import Band, Point, Share, Wave
from mainstay.faces.ui.words import short_number
from mainstay.faces.web import listing
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.door import ConsoleRequest

DAYS = (30, 90, 180)


def days_of(request: ConsoleRequest) -> int:
    """Return over how many days a wave is asked for."""
    days = listing.number_of(request.GET.get("days"))
    return days if days in DAYS else 90


def spans(active: int, region: str = "", extra: str = "") -> list[dict[str, Any]]:
    """Return the spans as tabs."""
    tail = f"&region={region}" if region else ""
    return [
        {"label": gettext("%(n)s days") % {"n": n}, "url": f"?{extra}days={n}{tail}", "active": n == active}
        for n in DAYS
    ]


def wave_told(wave: Wave) -> dict[str, Any]:
    """Return a wave as charts and tables."""
    change = wave.change_fen
    return {
        "days": [{"label": f"{p.on:%m-%d}", "value": p.fen} for p in wave.days],
        "months": [{"label": f"{p.on:%y-%m}", "value": p.fen} for p in wave.months],
        "day_rows": _rows(wave.days), "month_rows": _rows(wave.months),
        "last": "—" if wave.last is None else _short(wave.last),
        "change": "—" if change is None else f"{'+' if change > 0 else ''}{_short(change)}",
        "known": any(point.fen is not None for point in (*wave.days, *wave.months)),
    }  # fmt: skip


def _short(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}¥\u2009{short_number(abs(fen) / 100)}"


def _rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Return points as rows of a table, the newest first, with the change since the point before."""
    rows: list[dict[str, Any]] = []
    before: int | None = None
    for point in points:
        change = point.fen - before if point.fen is not None and before is not None else None
        rows.append({
            "on": point.on, "said": "—" if point.fen is None else yuan(point.fen),
            "change": "—" if change is None else f"{'+' if change > 0 else ''}{yuan(change)}",
            "percent": f"{change * 100 / abs(before):+.1f}\u2009%" if change is not None and before else "",
        })  # fmt: skip
        before = point.fen if point.fen is not None else before
    return rows[::-1]


def bands_told(bands: Sequence[Band]) -> list[dict[str, Any]]:
    """Return bands as bars and rows, with their shares of customers and of money."""
    customers, fen = sum(band.customers for band in bands) or 1, sum(band.fen for band in bands) or 1
    return [
        {
            "label": _band(band), "short": f"{short_number(band.from_fen / 100)}+", "value": band.customers,
            "customers": band.customers, "said": yuan(band.fen),
            "of_customers": f"{band.customers * 100 / customers:.1f}\u2009%",
            "of_money": f"{band.fen * 100 / fen:.1f}\u2009%",
        }
        for band in bands
    ]  # fmt: skip


def _band(band: Band) -> str:
    low = short_number(band.from_fen / 100)
    return f"{low}–{short_number(band.to_fen / 100)}" if band.to_fen is not None else f"≥ {low}"


def shares_told(shares: Sequence[Share]) -> list[dict[str, Any]]:
    """Return what accounts hold by kind, deposits with their share."""
    deposits = sum(share.fen for share in shares if share.kind != AccountKind.LOAN) or 1
    return [
        {
            "label": AccountKind(share.kind).label, "accounts": share.accounts, "said": yuan(share.fen),
            "percent": "" if share.kind == AccountKind.LOAN else f"{share.fen * 100 / deposits:.1f}\u2009%",
            "value": 0 if share.kind == AccountKind.LOAN else max(0, round(share.fen * 1_000 / deposits)),
        }
        for share in shares
    ]  # fmt: skip
