"""SLA packages: what they promise and cost, marketing's word on them, where they are applied (D2)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.contracts import queries as contracts
from mainstay.accounts.customers import queries as customers
from mainstay.accounts.packages import queries
from mainstay.accounts.packages.actions import decide_version
from mainstay.faces.web.customer_tabs import yuan
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.links import page
from mainstay.faces.web.settings.promises import DAY, EndForm
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises import package_uses, selling
from mainstay.service.promises.choices import LEVEL_LABELS, PACKAGE_LEVELS


def version_told(row: Any) -> dict[str, Any]:
    """Return a version of a package as pages show it."""
    names = {product.code: product.name for product in catalog.products()} if row.products else {}
    return {
        "row": row,
        "price": yuan(row.monthly_price_fen),
        "terms": [
            {"label": term.get_metric_display(), "amount": term.amount.normalize(), "grade": term.grade,
             "unit": term.get_unit_display(), "calendar": term.calendar.name}
            for term in row.terms.all()
        ],
        "products": [names.get(code, code) for code in row.products],
        "services": [line for line in row.services.splitlines() if line.strip()],
    }  # fmt: skip


def use_told(row: Any, *, on: Any) -> dict[str, Any]:
    """Return an applied package as pages show it."""
    owner = package_uses.owner_of(row)
    line = f" · {row.line.position}" if row.line is not None else ""
    place = str(row.product) if row.product is not None else f"{owner.label}{line}"
    return {
        "row": row,
        "place": place,
        "level": LEVEL_LABELS[PACKAGE_LEVELS[row.place].name.lower()],
        "url": "" if owner.kind == "package" else page(owner.kind, owner.id),
        "price": yuan(row.price_fen),
        "valid": package_uses.is_valid(row, on),
    }


@door()
def packages(request: ConsoleRequest) -> HttpResponse:
    """List the packages with what they promise now, and what waits for marketing."""
    today, names = timezone.localdate(), {product.code: product.name for product in catalog.products()}
    found = queries.packages()
    on_sale = {row.package_id: row for row in queries.on_sale(today)}
    shown = [
        {"package": one, "now": on_sale.get(one.pk), "newest": next(iter(one.versions.all()), None),
         "price": yuan(on_sale[one.pk].monthly_price_fen) if one.pk in on_sale else "—",
         "products": [names.get(code, code) for code in on_sale[one.pk].products] if one.pk in on_sale else []}
        for one in found
    ]  # fmt: skip
    context = {
        "packages": shown,
        "versions_waiting": queries.waiting(),
        "uses_waiting": [use_told(row, on=today) for row in package_uses.waiting(request.actor)],
        "may_settle": request.actor.may(Permission.SETTINGS),
    }
    return render(request, "web/packages/packages.html", context)


@door()
def package(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one package: its versions, the newest first, and where it is applied."""
    found, today = queries.package(pk), timezone.localdate()
    context = {
        "package": found,
        "versions": [version_told(row) for row in found.versions.all()],
        "uses": [use_told(row, on=today) for row in package_uses.of_package(request.actor, pk)],
        "may_propose": request.actor.may(Permission.PROPOSE_PACKAGES),
        "may_decide": request.actor.may(Permission.APPROVE_PRICES),
        "may_settle": request.actor.may(Permission.SETTINGS),
    }
    return render(request, "web/packages/package.html", context)


class DecisionForm(forms.Form):
    """Marketing's word; a refusal needs a reason."""

    why = forms.CharField(label=_("Why"), max_length=400, required=False)


@door(Permission.APPROVE_PRICES)
def decide(request: ConsoleRequest, pk: int, word: str) -> HttpResponse:
    """Approve or reject a version of a package."""
    row = queries.version(pk)
    if request.method == "POST":
        decide_version(pk, approve=word == "approve", why=request.POST.get("why", "")[:400], at=timezone.now(),
                       by=request.actor)  # fmt: skip
        messages.success(request, _("Saved."))
    return redirect("web:package", row.package_id)


class UseForm(forms.Form):
    """Which package is applied, at which price, from when."""

    version_id = forms.TypedChoiceField(label=_("Package"), coerce=int)
    price = forms.DecimalField(label=_("Price of a circuit a month, yuan"), min_value=0, max_digits=10,
                               decimal_places=2, required=False,
                               help_text=_("Empty: the list price. A large discount waits for marketing."))  # fmt: skip
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=DAY,
                               help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, required=False,
                          help_text=_("What was agreed; marketing reads it with a large discount."))  # fmt: skip

    def __init__(self, products: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = queries.on_sale(timezone.localdate())
        fitting = [row for row in rows if not products or any(row.is_for(code) for code in products)]
        choices = [(row.pk, f"{row} · {yuan(row.monthly_price_fen)}") for row in fitting]
        self.fields["version_id"].choices = choices  # type: ignore[attr-defined]

    def sale(self, **place: Any) -> selling.Sale:
        """Return what is wanted, at a place."""
        given = dict(self.cleaned_data)
        price = given.pop("price")
        return selling.Sale(price_fen=None if price is None else int(price * Decimal(100)), **given, **place)


class ContractUseForm(UseForm):
    """A package for a contract: the whole of it, or one line."""

    place = forms.ChoiceField(label=_("Holds for"))
    field_order = ("place", "version_id", "price", "valid_from", "valid_to", "why")

    def __init__(self, contract: Any, *args: Any, **kwargs: Any) -> None:
        lines = [line for line in contract.lines.all() if line.dropped_on is None]
        super().__init__([line.product.code for line in lines], *args, **kwargs)
        whole = ("", gettext("The whole contract"))
        named = [(str(line.position), f"{gettext('Line')} {line.position} · {line.product.name} {line.grade}")
                 for line in lines]  # fmt: skip
        self.fields["place"].choices = [whole, *named]  # type: ignore[attr-defined]
        self.fields["place"].required = False

    def sale(self, **place: Any) -> selling.Sale:
        """Return what is wanted, for the contract or a line."""
        position = self.cleaned_data.pop("place")
        return super().sale(**place, position=int(position) if position else None)


def _apply(
    request: ConsoleRequest, form: UseForm, place: dict[str, Any], up: tuple[str, str], title: object
) -> HttpResponse:
    made: list[Any] = []

    def act(_given: dict[str, Any]) -> None:
        made.append(selling.apply_package(form.sale(**place), at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        waits = made[0].status == "waiting"
        messages.success(request, _("The discount waits for marketing; until then the package does not hold.") if waits
                         else _("Applied. New tickets get its promises; running clocks keep theirs."))  # fmt: skip
        return redirect(up[1])
    return render(request, "web/contracts/form.html", {"form": form, "title": title, "up": up})


def _first() -> dict[str, Any]:
    return {"valid_from": timezone.localdate()}


@door(Permission.WRITE_CONTRACTS)
def to_contract(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Sell a package on a contract or one of its lines."""
    found = contracts.contract(request.actor, pk)
    form = ContractUseForm(found, request.POST or None, initial={**_first(), "place": request.GET.get("line", "")})
    up = (found.number, reverse("web:contract", args=[pk]))
    return _apply(request, form, {"contract_id": pk}, up, _("Sell a package"))


@door(Permission.WRITE_CONTRACTS)
def to_circuit(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Apply a package to one circuit."""
    found = circuits.circuit(request.actor, pk)
    form = UseForm([found.product.code], request.POST or None, initial=_first())
    up = (found.number, reverse("web:circuit", args=[pk]))
    return _apply(request, form, {"circuit_id": pk}, up, _("Apply a package"))


@door(Permission.WRITE_CONTRACTS)
def to_customer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Apply a package to all that a customer has, and those below it in its group."""
    found = customers.visible_customer(request.actor, pk)
    form = UseForm([], request.POST or None, initial=_first())
    up = (found.name, reverse("web:customer", args=[pk]) + "?tab=contracts")
    return _apply(request, form, {"customer_id": pk}, up, _("Apply a package"))


@door()
def use(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show where a package is applied: price, days, marketing's word, and what it promises there."""
    row = package_uses.visible_use(request.actor, pk)
    version = queries.version(row.version_id)
    context = {
        "use": use_told(row, on=timezone.localdate()),
        "version": version_told(version),
        "may_decide": request.actor.may(Permission.APPROVE_PRICES),
        "may_end": request.actor.may(Permission.SETTINGS if row.product_id else Permission.WRITE_CONTRACTS),
    }
    return render(request, "web/packages/use.html", context)


@door(Permission.APPROVE_PRICES)
def decide_use(request: ConsoleRequest, pk: int, word: str) -> HttpResponse:
    """Approve or reject a discount."""
    if request.method == "POST":
        selling.decide_package(pk, approve=word == "approve", why=request.POST.get("why", "")[:400],
                               at=timezone.now(), by=request.actor)  # fmt: skip
        messages.success(request, _("Saved."))
    else:
        package_uses.visible_use(request.actor, pk)
    return back(request, reverse("web:package-use", args=[pk]))


@door(Permission.WRITE_CONTRACTS)
def end_use(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a package hold no longer at its place."""
    row = package_uses.visible_use(request.actor, pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    up = (str(row.version), reverse("web:package-use", args=[pk]))
    if request.method == "POST" and accepted(
        form, lambda given: selling.end_package(pk, on=given["on"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect(up[1])
    return render(request, "web/contracts/form.html", {"form": form, "title": _("End the package here"), "up": up})


urlpatterns = [
    path("packages", packages, name="packages"),
    path("packages/<int:pk>", package, name="package"),
    path("package-versions/<int:pk>/<str:word>", decide, name="package-decide"),
    path("package-uses/<int:pk>", use, name="package-use"),
    path("package-uses/<int:pk>/end", end_use, name="package-use-end"),
    path("package-uses/<int:pk>/decide/<str:word>", decide_use, name="package-use-decide"),
    path("contracts/<int:pk>/package", to_contract, name="contract-package"),
    path("circuits/<int:pk>/package", to_circuit, name="circuit-package"),
    path("customers/<int:pk>/package", to_customer, name="customer-package"),
]
