"""Contracts: the list, and everything about one on a page (D1, D2)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.choices import LIVE, OVER
from mainstay.faces.web.customer_tabs import compensation_told, entry_told, yuan
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.contracts import CONTRACTS, renewal
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.packages import use_told
from mainstay.faces.web.promise_page import MOST_SHOWN, promises_url
from mainstay.network.inventory.queries import contracts as inventory
from mainstay.platform.documents.choices import Language
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal
from mainstay.service.compensation.queries.claims import ClaimFilter
from mainstay.service.promises import package_uses


@door()
def contracts(request: ConsoleRequest) -> HttpResponse:
    """List contracts within the reader's scope, the next to end first."""
    may_write = request.actor.may(Permission.WRITE_CONTRACTS)
    return show(request, CONTRACTS, "web/contracts/contracts.html", may_write=may_write)


@door()
def contract(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one contract: its lines with their circuits, what was agreed beyond the profile, how long it runs."""
    found = queries.contract(request.actor, pk)
    circuits = inventory.by_line(request.actor, pk)
    lines = [line_told(line, circuits.get(line.pk, [])) for line in found.lines.all() if line.in_force]
    at = timezone.now()
    context = compensation_told(request, ClaimFilter(contract_id=pk), customer_id=found.customer_id, at=at) | {
        "contract": found,
        "lines": lines,
        "price": yuan(sum(line["line"].monthly_price_fen for line in lines)),
        "circuits": sum(len(under) for under in circuits.values()),
        "renewal": renewal(found, on=timezone.localdate()),
        "of_customer": queries.customer_terms([found.customer_id]),
        "today": timezone.localdate(),
        "may_write": request.actor.may(Permission.WRITE_CONTRACTS),
        "running": found.status not in OVER,
        "live": found.status in LIVE,
        "may_register": not found.registration_number
        and found.status in LIVE
        and request.actor.may(Permission.REGISTER_CONTRACTS),
        "versions": queries.versions(found),
        "files": queries.attachments(request.actor, pk),
        "uses": [use_told(row, on=timezone.localdate()) for row in package_uses.of_contract(request.actor, pk)],
        "promises_url": promises_url(circuit=" ".join(_numbers(circuits))) if circuits else "",
        "paper_language": get_language() if get_language() in Language.values else Language.CHINESE,
        "history": [step_told(entry) for entry in journal.history_of("contract", pk, actor=request.actor)[:30]],
    }
    return render(request, "web/contracts/contract.html", context)


def _numbers(circuits: dict[int, list[Any]]) -> list[str]:
    return [circuit.number for under in circuits.values() for circuit in under][:MOST_SHOWN]


FIELD_WORDS = {"version": _("Version"), "valid_from": _("Valid from"), "why": _("Why")}


def step_told(entry: Any) -> dict[str, Any]:
    """Return an entry of the contract's history; the lines it was registered with stand on the page already."""
    told = entry_told(entry)
    if entry.action == "contract.register":
        told["detail"] = []
    elif entry.action == "contract.change":  # what differs stands on the version's page, field by field
        told["detail"] = [
            (FIELD_WORDS[name], (entry.after or {}).get(name)) for name in FIELD_WORDS if (entry.after or {}).get(name)
        ]
    return told


SHOWN = 12
"""So many circuits of a line are named; the others are counted."""


def line_told(line: Any, circuits: list[Any]) -> dict[str, Any]:
    """Return a line with its price in yuan and the circuits that run under it."""
    return {
        "line": line,
        "price": yuan(line.monthly_price_fen),
        "count": len(circuits),
        "circuits": circuits[:SHOWN],
        "more": max(0, len(circuits) - SHOWN),
    }


urlpatterns = [path("contracts", contracts, name="contracts"), path("contracts/<int:pk>", contract, name="contract")]
