"""Make a package, and propose what it promises and costs from a day on (D2)."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import CircuitGrade, Metric, Unit
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.packages import actions, queries
from mainstay.accounts.packages.choices import PackageKind
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.promises import DAY
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.identity.choices import Permission

MOST_TERMS = 24


class PackageForm(forms.Form):
    """A package by name and kind."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    kind = forms.ChoiceField(label=_("Kind"), choices=PackageKind.choices)
    protection_level = forms.TypedChoiceField(
        label=_("Level of protection"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), (1, "1"), (2, "2"), (3, "3")],
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    source = forms.CharField(label=_("Source"), max_length=200, required=False)


@door(Permission.SETTINGS)
def new_package(request: ConsoleRequest) -> HttpResponse:
    """Make a package; then its first version is proposed."""
    form, made = PackageForm(request.POST or None), list[Any]()

    def act(given: dict[str, Any]) -> None:
        made.append(actions.create_package(actions.NewPackage(**given), at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        return redirect("web:package-propose", made[0].pk)
    up = (_("SLA packages"), reverse("web:packages"))
    return render(request, "web/contracts/form.html", {"form": form, "title": _("New package"), "up": up})


class VersionForm(forms.Form):
    """What a version says beside its terms."""

    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    price = forms.DecimalField(label=_("Price of a circuit a month, yuan"), min_value=0, max_digits=10,
                               decimal_places=2)  # fmt: skip
    free_discount_percent = forms.DecimalField(
        label=_("Discount that needs no approval (per cent)"), min_value=0, max_value=100, decimal_places=2,
    )  # fmt: skip
    products = forms.MultipleChoiceField(label=_("Products"), required=False, widget=forms.CheckboxSelectMultiple,
                                         help_text=_("None ticked: for all."))  # fmt: skip
    compensates = forms.BooleanField(label=_("What is missed is compensated"), required=False)
    services = forms.CharField(label=_("Services, one a line"), required=False,
                               widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    services_en = forms.CharField(label=_("Services in English, one a line"), required=False,
                                  widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(product.code, product.name) for product in catalog.products()]
        self.fields["products"].choices = products  # type: ignore[attr-defined]


class TermForm(forms.Form):
    """One promise of a version; without an amount it is none."""

    metric = forms.ChoiceField(label=_("Promise"), choices=Metric.choices, required=False)
    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=9, decimal_places=3, required=False)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices, required=False)
    calendar = forms.ChoiceField(label=_("Calendar"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("any")), *CircuitGrade.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = [(c.code, c.name) for c in calendars.calendars()]  # type: ignore[attr-defined]


@door(Permission.PROPOSE_PACKAGES)
def propose(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Propose the next version; marketing decides on it."""
    found = queries.package(pk)
    newest = next(iter(found.versions.all()), None)
    form = VersionForm(request.POST or None, initial=_said(newest))
    rows = _rows(request, newest)

    def act(given: dict[str, Any]) -> None:
        price = given.pop("price")
        wanted = actions.NewVersion(
            **{**given, "products": tuple(given["products"])}, monthly_price_fen=int(price * Decimal(100)),
            terms=tuple(_terms(rows, given["valid_from"])),
        )  # fmt: skip
        actions.propose_version(pk, wanted, at=timezone.now(), by=request.actor)

    if request.method == "POST" and _are_valid(rows) and accepted(form, act):
        messages.success(request, _("Proposed; marketing decides on it."))
        return redirect("web:package", pk)
    return render(request, "web/packages/propose.html", {"package": found, "form": form, "rows": rows})


def _are_valid(rows: list[TermForm]) -> bool:
    """Look at every row, so that all that is wrong is shown at once."""
    found = [row.is_valid() for row in rows]
    return all(found)


def _said(newest: Any) -> dict[str, Any]:
    if newest is None:
        return {"valid_from": timezone.localdate(), "free_discount_percent": 0}
    names = ("free_discount_percent", "products", "compensates", "services", "services_en")
    said = {name: getattr(newest, name) for name in names}
    return {**said, "price": f"{newest.monthly_price_fen / 100:.2f}", "valid_from": timezone.localdate()}


def _rows(request: ConsoleRequest, newest: Any) -> list[TermForm]:
    if request.method == "POST":
        given = request.POST.get("term_count", "")
        count = int(given) if given.isascii() and given.isdecimal() and len(given) < 3 else 0
        return [TermForm(request.POST, prefix=f"term{n}") for n in range(min(count, MOST_TERMS))]
    terms = list(newest.terms.all()) if newest is not None else []
    first = [{"metric": t.metric, "amount": t.amount.normalize(), "unit": t.unit, "calendar": t.calendar.code,
              "grade": t.grade} for t in terms] + [{"calendar": "24x7"}] * 3  # fmt: skip
    return [TermForm(initial=each, prefix=f"term{n}") for n, each in enumerate(first[:MOST_TERMS])]


def _terms(rows: list[TermForm], begin: Any) -> list[actions.PackageTerms]:
    given = [row.cleaned_data for row in rows if row.cleaned_data.get("amount") is not None]
    return [actions.PackageTerms(Terms(one["metric"], one["amount"], one["unit"], one["calendar"], begin), one["grade"])
            for one in given]  # fmt: skip


urlpatterns = [
    path("packages/new", new_package, name="package-new"),
    path("packages/<int:pk>/propose", propose, name="package-propose"),
]
