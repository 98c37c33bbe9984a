"""The customer's own contracts: lines, prices, packages, the document, and the files meant for them (D1, L1)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from mainstay.accounts.contracts import actions, queries
from mainstay.accounts.contracts.choices import LIVE
from mainstay.faces.portal.door import PortalRequest, door
from mainstay.faces.ui.downloads import download, download_file
from mainstay.platform.documents.choices import Language
from mainstay.service.promises import contract_paper, package_uses


def yuan(fen: int) -> str:
    """Say an amount of fen (0.01 yuan) in yuan."""
    return f"¥\u2009{fen / 100:,.2f}"


@door
def contracts(request: PortalRequest) -> HttpResponse:
    """List the customer's signed contracts, running ones first."""
    rows = sorted(queries.shown_to_customer(request.actor), key=lambda row: (row.status not in LIVE, row.number))
    told = [
        {"row": row, "count": len(row.lines.all()), "running": row.status in LIVE,
         "price": yuan(sum(line.monthly_price_fen for line in row.lines.all()))}
        for row in rows
    ]  # fmt: skip
    return render(request, "portal/contracts.html", {"contracts": told})


@door
def contract(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one contract with its lines, packages and files."""
    found = queries.contract_of_customer(request.actor, pk)
    today = timezone.localdate()
    lines: list[Any] = list(found.lines.all())
    in_chinese = (get_language() or "").startswith("zh")
    context = {
        "contract": found,
        "running": found.status in LIVE,
        "lines": [{"row": line, "price": yuan(line.monthly_price_fen),
                   "product": line.product.name if in_chinese else line.product.name_en} for line in lines],
        "price": yuan(sum(line.monthly_price_fen for line in lines)),
        "uses": [{"row": use, "price": yuan(use.price_fen),
                  "name": use.version.package.name if in_chinese else use.version.package.name_en}
                 for use in package_uses.of_contract(request.actor, pk) if package_uses.is_valid(use, today)],
        "files": queries.attachments(request.actor, pk),
        "languages": Language.choices,
    }  # fmt: skip
    return render(request, "portal/contract.html", context)


@door
def paper(request: PortalRequest, pk: int) -> HttpResponse:
    """Give the contract in force as a PDF."""
    language = request.GET.get("language", "")
    language = language if language in Language.values else Language.CHINESE
    made = contract_paper.paper(request.actor, pk, language=language, at=timezone.now())
    return download(made.file_name, "pdf", made.content, inline="view" in request.GET)


@require_POST
@door
def file(request: PortalRequest, pk: int) -> HttpResponse:
    """Hand out a file that is meant for the customer; who got it is written down."""
    row, content = actions.hand_out(pk, at=timezone.now(), by=request.actor)
    return download_file(row.file_name, row.media_type, content)


urlpatterns = [
    path("contracts", contracts, name="contracts"),
    path("contracts/<int:pk>", contract, name="contract"),
    path("contracts/<int:pk>/paper", paper, name="contract-paper"),
    path("contract-files/<int:pk>", file, name="contract-file"),
]
