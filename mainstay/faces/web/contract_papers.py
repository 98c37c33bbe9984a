"""What a contract said when, its document, and the files that belong to it (D1, R1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.contracts import actions, queries
from mainstay.accounts.contracts.choices import FIELDS, AttachmentKind
from mainstay.accounts.contracts.snapshots import Difference, differences
from mainstay.faces.ui.downloads import download, download_file
from mainstay.faces.web.customer_tabs import yuan
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.documents.choices import Language
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises import contract_paper


@door()
def version(request: ConsoleRequest, pk: int, number: int) -> HttpResponse:
    """Show what one version said, and what the next differs in from the one before."""
    found = queries.visible_contract(request.actor, pk)
    kept = queries.versions(found)
    chosen = queries.version(found, number)
    other = _other(kept, chosen, request.GET.get("with", ""))
    context = {
        "contract": found,
        "version": chosen,
        "versions": kept,
        "other": other,
        "differences": [told(one) for one in differences(other.facts, chosen.facts)] if other else [],
        "lines": [{**line, "price": yuan(line["monthly_price_fen"])} for line in chosen.facts["lines"]],
        "price": yuan(sum(line["monthly_price_fen"] for line in chosen.facts["lines"])),
        "languages": Language.choices,
    }
    return render(request, "web/contracts/version.html", context)


def _other(kept: list[Any], chosen: Any, wanted: str) -> Any:
    others = [one for one in kept if one.number != chosen.number]
    named = [one for one in others if str(one.number) == wanted]
    before = [one for one in others if one.number < chosen.number]
    return (named or before or [None])[0]


def told(one: Difference) -> dict[str, Any]:
    """Return a difference as a page shows it."""
    place = gettext("Line %(position)s") % {"position": one.position} if one.position else gettext("The whole contract")
    if one.field == "line":
        return {"place": place, "field": FIELDS["line"], "before": _line(one.before), "after": _line(one.after)}
    before, after = (_value(one.field, value) for value in (one.before, one.after))
    return {"place": place, "field": FIELDS[one.field], "before": before, "after": after}


def _value(field: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    return yuan(value) if field.endswith("_fen") else str(value)


def _line(line: Any) -> str:
    if line is None:
        return "—"
    name = line["product_name"] if (get_language() or "").startswith("zh") else line["product_name_en"]
    return f"{name} {line['grade']} {yuan(line['monthly_price_fen'])}"


@door()
def paper(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a contract as a PDF, in a version (`?version=`, else the one in force) and a language."""
    wanted, language = request.GET.get("version", ""), request.GET.get("language", "")
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 6 else None
    made = contract_paper.paper(
        request.actor, pk, number=number, language=language if language in Language.values else Language.CHINESE,
        at=timezone.now(),
    )  # fmt: skip
    return download(made.file_name, "pdf", made.content, inline="view" in request.GET)


class FileForm(forms.Form):
    """A file for a contract."""

    file = forms.FileField(label=_("File"), help_text=_("PDF, DOCX, XLSX, OFD, PNG, JPG or TIF, at most 20 MB."))
    kind = forms.ChoiceField(label=_("Kind"), choices=AttachmentKind.choices)
    title = forms.CharField(label=_("Title"), max_length=120, required=False, help_text=_("Empty: the file's name."))
    for_customer = forms.BooleanField(label=_("The customer may read it in the portal"), required=False)


@door(Permission.WRITE_CONTRACTS)
def attach(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Keep a file with a contract."""
    found = queries.visible_contract(request.actor, pk)
    form = FileForm(request.POST or None, request.FILES or None)

    def act(given: dict[str, Any]) -> None:
        file = given.pop("file")
        if file.size > actions.LARGEST_BYTES:
            file.seek(0)
        content = file.read(actions.LARGEST_BYTES + 1)
        new = actions.NewFile(file.name, content, **given)
        actions.attach(pk, new, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:contract", pk)
    up = (found.number, reverse("web:contract", args=[pk]))
    return render(request, "web/contracts/file.html", {"form": form, "title": _("Attach a file"), "up": up})


@require_POST
@door()
def file(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Hand out a file; who got it is written down."""
    row, content = actions.hand_out(pk, at=timezone.now(), by=request.actor)
    return download_file(row.file_name, row.media_type, content)


class WithdrawForm(forms.Form):
    """Why a file is taken out of use."""

    why = forms.CharField(label=_("Why"), max_length=400)


@door(Permission.WRITE_CONTRACTS)
def withdraw(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a file out of use; it stays kept."""
    row = queries.visible_attachment(request.actor, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.withdraw_attachment(pk, why=given["why"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:contract", row.contract_id)
    up = (row.contract.number, reverse("web:contract", args=[row.contract_id]))
    title = gettext("Withdraw “%(title)s”") % {"title": row.title}
    return render(request, "web/contracts/form.html", {"form": form, "title": title, "up": up})


urlpatterns = [
    path("contracts/<int:pk>/versions/<int:number>", version, name="contract-version"),
    path("contracts/<int:pk>/paper", paper, name="contract-paper"),
    path("contracts/<int:pk>/attach", attach, name="contract-attach"),
    path("contract-files/<int:pk>", file, name="contract-file"),
    path("contract-files/<int:pk>/withdraw", withdraw, name="contract-file-withdraw"),
]
