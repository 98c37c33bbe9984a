"""Which promise holds for circuits now, and on another day, and why? Where do terms overlap? (D2, PC 14)"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.accounts.customers import queries as customers
from mainstay.domain.errors import MainstayError
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.links import page
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises import explaining, overlapping
from mainstay.service.promises.choices import LEVEL_LABELS
from mainstay.service.promises.holding import HoldingPromise, Rival

MOST_SHOWN = 50
ENDINGS = {
    "circuit": "web:circuit-term-end", "contract_line": "web:special-term-end", "contract": "web:special-term-end",
    "customer": "web:special-term-end",
}  # fmt: skip
OWNERS = {"circuit": "circuit", "contract_line": "contract", "contract": "contract", "customer": "customer"}


@dataclass(frozen=True)
class Link:
    """One rung of the chain: a term, whether it wins, its words, where it stands and where it is ended."""

    kind: str
    level: str
    label: str
    amount: str
    begins: str
    ends: str
    url: str
    mend_url: str


@door()
def promises(request: ConsoleRequest) -> HttpResponse:
    """Show what holds for chosen circuits on a day, with all that was overridden; on two days side by side."""
    today = timezone.localdate()
    asked = request.GET
    on, other = (listing.day_of(asked.get(name)) for name in ("on", "with"))
    on = on or today
    numbers = [word for word in asked.get("circuit", "").replace(",", " ").replace("，", " ").split() if word]
    context: dict[str, Any] = {"on": on, "with": other, "today": today, "numbers": " ".join(numbers), "circuits": []}
    customer = _customer(request)
    if customer is not None:
        context["customer"] = customer
        numbers = numbers or explaining.numbers_of(request.actor, customer.pk, most=MOST_SHOWN)
    if numbers:
        context |= _answer(request, numbers[:MOST_SHOWN], on, other)
    return render(request, "web/promises/promises.html", context)


def _customer(request: ConsoleRequest) -> Any:
    wanted = request.GET.get("customer", "")
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 18:
        return customers.visible_customer(request.actor, int(wanted))
    return None


def _answer(request: ConsoleRequest, numbers: list[str], on: date, other: date | None) -> dict[str, Any]:
    may_mend = request.actor.may(Permission.WRITE_CONTRACTS)
    try:
        found, unknown = explaining.explain(request.actor, numbers, on)
        then = {row.circuit_id: row for row in explaining.explain(request.actor, numbers, other)[0]} if other else {}
    except MainstayError as error:
        return {"problem": error.explain(gettext)}
    told = [circuit_told(row, then.get(row.circuit_id), may_mend=may_mend) for row in found]
    return {"circuits": told, "unknown": unknown, "open": len(told) == 1}


def circuit_told(row: explaining.Explained, other: explaining.Explained | None, *, may_mend: bool) -> dict[str, Any]:
    """Return a circuit's promises metric by metric, on one day or on two."""
    metrics = []
    for metric in Metric:
        told = [one for one in (row, other) if one is not None]
        days = [one.promises[metric] for one in told]
        if any(promise is not None for promise in days):
            metrics.append({
                "label": metric.label,
                "days": [(one.on, promise_told(one.promises[metric], may_mend=may_mend)) for one in told],
                "differs": len(days) == 2 and _core(days[0]) != _core(days[1]),
            })  # fmt: skip
    return {"row": row, "other": other, "standings": [one for one in (row, other) if one is not None],
            "metrics": metrics, "overlaps": sum(len(p.overlaps) for p in row.promises.values() if p)}  # fmt: skip


def _core(promise: HoldingPromise | None) -> object:
    return promise and (promise.amount, promise.unit, promise.calendar, promise.level, promise.term_id)


def promise_told(promise: HoldingPromise | None, *, may_mend: bool) -> dict[str, Any] | None:
    """Return a promise with its chain: the winner, its overlaps, what it overrides."""
    if promise is None:
        return None
    winner = Rival(promise.level, promise.term_id, promise.label, promise.amount, promise.unit, promise.begins,
                   promise.ends, promise.owner_id)  # fmt: skip
    chain = [link_told("holds", winner, may_mend=may_mend)]
    chain += [link_told("overlaps", rival, may_mend=may_mend) for rival in promise.overlaps]
    chain += [link_told("overridden", rival, may_mend=may_mend) for rival in promise.overridden]
    return {"amount": amount_words(winner), "reason": promise.reason(), "chain": chain,
            "calendar": promise.calendar, "overlaps": len(promise.overlaps)}  # fmt: skip


def link_told(kind: str, rival: Rival, *, may_mend: bool) -> Link:
    """Return one rung of the chain with its links."""
    package = rival.level.endswith("_package")
    if package:
        url = reverse("web:package-use", args=[rival.term_id])
    elif rival.level in OWNERS:
        url = page(OWNERS[rival.level], rival.owner_id) if rival.owner_id else ""
    else:
        url = reverse("web:settings-profile", args=[rival.owner_id]) if rival.owner_id else ""
    ending = "web:package-use-end" if package else ENDINGS.get(rival.level, "")
    mend = reverse(ending, args=[rival.term_id]) if ending and may_mend and kind != "overridden" else ""
    level = str(LEVEL_LABELS[rival.level])
    return Link(kind, level, rival.label, amount_words(rival), rival.begins, rival.ends, url, mend)


def amount_words(rival: Rival) -> str:
    """Say how much of which unit."""
    return f"{rival.amount.normalize():f}\u2009{Unit(rival.unit).label}"


@door()
def overlaps(request: ConsoleRequest) -> HttpResponse:
    """List the terms of one level and exactness that hold at once, the next first, each with a way to mend it."""
    today = timezone.localdate()
    found = overlapping.overlaps(request.actor, today)
    may_mend = request.actor.may(Permission.WRITE_CONTRACTS)
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    rows = [
        {
            "row": row, "level": LEVEL_LABELS[row.level],
            "url": reverse("web:package", args=[row.object_id]) if row.kind == "package"
            else page(row.kind, row.object_id),
            "sides": [(side, _ending(row.level, side.term_id) if may_mend else "") for side in (row.winner, row.loser)],
        }
        for row in shown.object_list
    ]  # fmt: skip
    return render(request, "web/promises/overlaps.html", {"page": shown, "rows": rows, "today": today})


def _ending(level: str, term_id: int) -> str:
    name = "web:package-use-end" if level.endswith("_package") else ENDINGS[level]
    return reverse(name, args=[term_id])


def promises_url(*, circuit: str = "", customer: int = 0, on: date | None = None) -> str:
    """Return the address of the page for a circuit (number) or a customer, on a day."""
    asked: dict[str, object] = {"circuit": circuit} if circuit else {"customer": customer}
    if on is not None:
        asked["on"] = on.isoformat()
    return f"{reverse('web:promises')}?{urlencode(asked)}"


urlpatterns = [
    path("promises", promises, name="promises"),
    path("promises/overlaps", overlaps, name="promise-overlaps"),
]
