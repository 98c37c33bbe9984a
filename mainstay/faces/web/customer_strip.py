"""The strip of health on a customer's page: each number with what it counts behind it; unknown says so (A5)."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.domain.actor import Actor
from mainstay.faces.ui.shares import percent
from mainstay.faces.ui.words import STATE_WORDS, short_number
from mainstay.faces.web.customer_facts import Facts, Money
from mainstay.faces.web.links import page
from mainstay.platform.identity.choices import Permission

WORST_FIRST = ("down", "degraded", "unprotected")
UNKNOWN = "—"


@dataclass(frozen=True)
class Tile:
    """A number: `state` colours it, `clock`, `at` (an instant) and `trend` (values, oldest first) are drawn."""

    label: str | Promise
    value: Any
    url: str
    hint: str | Promise = ""
    state: str = ""
    clock: Any = None
    at: Any = None
    trend: tuple[int | None, ...] = ()
    title: str | Promise = ""


def strip(actor: Actor, customer: Any, facts: Facts) -> dict[str, Any]:
    """Return the tiles and in how many columns they stand; nothing is read."""
    own = reverse("web:customer", args=[customer.pk])
    tiles = [
        *_circuits(own, facts),
        _tickets(own, facts),
        _level(customer, facts),
        *(_money(own, facts.money, facts) if facts.money else []),
        *([_points(own, facts)] if facts.balance or actor.may(Permission.WORK_POINTS) else []),
        _contract(own, facts),
        _talk(own, facts),
        Tile(_("People to tell"), facts.notified, f"{own}?tab=contacts", _("told of outages")),
    ]
    return {"tiles": tiles, "columns": len(tiles) if len(tiles) <= 7 else -(-len(tiles) // 2)}


def _circuits(own: str, facts: Facts) -> list[Tile]:
    impaired = {name: facts.health.get(name, 0) for name in WORST_FIRST if facts.health.get(name)}
    worst = next(iter(impaired), "")
    said = " · ".join(f"{count} {STATE_WORDS[name]}" for name, count in impaired.items())
    unknown = facts.health.get("unknown", 0)
    clean = pgettext("circuits", "%(n)s not known") % {"n": unknown} if unknown else _("all up")
    return [
        Tile(_("Circuits in service"), facts.in_service, f"{own}?tab=services"),
        Tile(_("Impaired"), sum(impaired.values()), f"{own}?tab=services&state=impaired",
             said or (clean if facts.in_service else ""), worst),
    ]  # fmt: skip


def _tickets(own: str, facts: Facts) -> Tile:
    return Tile(_("Open tickets"), facts.open_tickets.total, f"{own}?tab=tickets&status=live", clock=facts.nearest)


def _level(customer: Any, facts: Facts) -> Tile:
    month, label = facts.month, _("SLA this month")
    if month is None:
        return Tile(label, UNKNOWN, reverse("web:levels"), _("nothing reckoned yet"))
    url = page("levels", query=f"month={month.month:%Y-%m}&customer={customer.pk}&list=1")
    if month.missed:
        said = _("%(n)s of %(total)s promises missed") % {"n": month.missed, "total": month.promised}
    elif month.undecided:
        said = _("%(n)s not decided") % {"n": month.undecided}
    else:
        said = _("all promises kept so far") if month.promised else _("nothing promised")
    return Tile(label, percent(month.contract.lower), url, said)


def _money(own: str, money: Money, facts: Facts) -> list[Tile]:
    url, figures = f"{own}?tab=revenue", money.figures
    if figures is None:
        nothing = _("nothing from billing yet")
        return [Tile(_("Billed last month"), UNKNOWN, url, nothing), Tile(_("Arrears"), UNKNOWN, url, nothing),
                _credit(url, money)]  # fmt: skip
    days = (facts.on - figures.oldest_due_on).days if figures.arrears_fen and figures.oldest_due_on else None
    year = _("%(sum)s in 12 months") % {"sum": amount(figures.billed_year_fen)}
    return [
        Tile(_("Billed last month"), amount(figures.billed_month_fen), url, trend=tuple(money.billed), title=year),
        Tile(_("Arrears"), amount(figures.arrears_fen), f"{url}#bills",
             _("for %(n)s days") % {"n": days} if days is not None else _("nothing is owed"),
             "down" if figures.arrears_fen else ""),
        _credit(url, money),
    ]  # fmt: skip


def _credit(url: str, money: Money) -> Tile:
    score, band = money.credit or (UNKNOWN, _("not reckoned yet"))
    return Tile(_("Credit"), score, url, band)


def _points(own: str, facts: Facts) -> Tile:
    known, url = facts.balance, f"{own}?tab=points"
    if known is None:
        return Tile(_("Points"), 0, url, _("none earned yet"))
    said = ""
    if known.expiring_soon and known.expires_on:
        said = _("%(n)s expire on %(day)s") % {"n": f"{known.expiring_soon:,}", "day": known.expires_on}
    elif known.frozen:
        said = _("%(n)s frozen") % {"n": f"{known.frozen:,}"}
    return Tile(_("Points"), f"{known.available:,}", url, said or _("can be used"))


def _contract(own: str, facts: Facts) -> Tile:
    url, contract, ends = f"{own}?tab=contracts", facts.contract, facts.promises.next_end
    if contract is None:
        return Tile(_("Contract ends"), UNKNOWN, url, _("no running contract with an end"))
    said = contract.number
    if ends is not None and ends < contract.ends_on:
        said = _("a promise ends %(day)s") % {"day": ends}
    return Tile(_("Contract ends"), f"{contract.ends_on:%Y-%m-%d}", url, said, title=contract.number)


def _talk(own: str, facts: Facts) -> Tile:
    url = f"{own}?tab=notes"
    if facts.last_talk is None:
        return Tile(_("Last contact"), UNKNOWN, url, _("never noted"))
    return Tile(_("Last contact"), "", url, at=facts.last_talk)


def amount(fen: int) -> str:
    """Say an amount of fen shortly, in yuan."""
    return f"{'−' if fen < 0 else ''}¥\u202f{short_number(abs(fen) / 100)}"
