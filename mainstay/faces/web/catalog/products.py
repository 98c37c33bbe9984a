"""Products: the list, one with parameters, tariffs and policies; writing them, and their life cycle (D4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog import policies as queries
from mainstay.accounts.catalog import prices
from mainstay.accounts.catalog.actions import products as actions
from mainstay.accounts.catalog.choices import LIFECYCLE_STATUS, NEXT_LIFECYCLE, Lifecycle, ProductFamily, Reach
from mainstay.accounts.schemes import queries as schemes
from mainstay.faces.ui.words import bandwidth_words
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.catalog.tabs import tabs
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.offered import PRODUCTS, speed_words
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

STEPS = {Lifecycle.SOLD: _("Put on sale"), Lifecycle.WITHDRAWN: _("Withdraw from sale")}
HISTORY = 20


def words_of(text: str) -> tuple[str, ...]:
    """Return the parts of a text separated by commas or lines."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())


class SpeedsField(forms.CharField):
    """Speed steps as people write them: 2M, 512k, 10240 (kbit/s)."""

    def clean(self, value: Any) -> tuple[int, ...]:
        """Return kbit/s."""
        found = []
        for word in words_of(super().clean(value)):
            number, unit = word.rstrip("kKmMgG"), word[-1:].lower()
            factor = {"m": 1_024, "g": 1_048_576}.get(unit, 1)
            try:
                found.append(round(float(number) * factor))
            except (ValueError, OverflowError):
                raise forms.ValidationError(
                    gettext("“%(word)s” is no speed; write e.g. 512k, 10M or 1G.") % {"word": word}
                ) from None
        return tuple(found)


def speeds_written(kbps: list[int]) -> str:
    """Return speed steps as people write them."""
    units = ((1_048_576, "G"), (1_024, "M"), (1, "k"))
    return ", ".join(next(f"{each // size}{unit}" for size, unit in units if each % size == 0) for each in kbps)


class ProductForm(forms.Form):
    """What is said of a product."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    family = forms.ChoiceField(label=_("Family"), choices=ProductFamily.choices)
    description = forms.CharField(label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    speeds = SpeedsField(label=_("Speed steps"), required=False, max_length=400,
                         help_text=_("Separated by commas: 512k, 2M, 10M, 1G; empty: none."))  # fmt: skip
    interfaces = forms.CharField(label=_("Interfaces"), required=False, max_length=400,
                                 help_text=_("Separated by commas, e.g. E1 G.703, FE, GE."))  # fmt: skip
    reaches = forms.MultipleChoiceField(
        label=_("Reach"), required=False, choices=[choice for choice in Reach.choices if choice[0]],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def wanted(self, code: str = "") -> actions.NewProduct:
        """Return the product."""
        given = self.cleaned_data
        return actions.NewProduct(
            given.get("code", code), given["name"], given["name_en"], given["family"], Lifecycle.DRAFT.value,
            given["description"], given["speeds"], words_of(given["interfaces"]), tuple(given["reaches"]),
        )  # fmt: skip


@door()
def products(request: ConsoleRequest) -> HttpResponse:
    """List the products."""
    more = tabs("products") | {"may_write": request.actor.may(Permission.SETTINGS)}
    return show(request, PRODUCTS, "web/catalog/products.html", **more)


@door()
def product(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a product with its parameters, tariffs that hold, policies and scheme models."""
    row, today = queries.product(pk), timezone.localdate()
    tariffs = prices.of_product(pk, on=today)
    names = prices.region_names([each.region_code for each in tariffs if each.region_code])
    in_force = queries.policies_matching(queries.PolicyFilter(today, state="in_force", product=row.code))
    context = {
        "product": row,
        "status": LIFECYCLE_STATUS[Lifecycle(row.lifecycle)],
        "speeds": [bandwidth_words(kbps) for kbps in row.speeds_kbps],
        "reaches": [Reach(each).label for each in row.reaches],
        "tariffs": [tariff_told(each, names) for each in tariffs],
        "policies": list(in_force.order_by("valid_to", "code")),
        "models": list(schemes.models_matching(schemes.ModelFilter(product=row.code)).order_by("name")),
        "steps": [(to.value, STEPS[to]) for to in NEXT_LIFECYCLE[Lifecycle(row.lifecycle)]],
        "may_write": request.actor.may(Permission.SETTINGS),
        "history": [entry_told(each) for each in journal.history_of("product", pk, actor=request.actor)[:HISTORY]],
    }
    return render(request, "web/catalog/product.html", context)


def tariff_told(row: Any, names: dict[str, str]) -> dict[str, Any]:
    """Return a tariff in words."""
    return {
        "row": row, "speed": speed_words(row.speed_kbps), "once": yuan(row.one_time_fen),
        "monthly": yuan(row.monthly_fen),
        "region": names.get(row.region_code, row.region_code) or gettext("everywhere"),
    }  # fmt: skip


@door(Permission.SETTINGS)
def new_product(request: ConsoleRequest) -> HttpResponse:
    """Add a product; it begins as a draft."""
    form, made = ProductForm(request.POST or None), list[Any]()

    def act(_given: dict[str, Any]) -> None:
        made.extend(actions.add_products([form.wanted()], at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("%(name)s is prepared; put it on sale when it is ready.")
                         % {"name": made[0].name})  # fmt: skip
        return redirect("web:product", made[0].pk)
    context = {"form": form, "title": _("New product"), "up": (_("Products"), reverse("web:products"))}
    return render(request, "web/catalog/form.html", context)


@door(Permission.SETTINGS)
def edit_product(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change what is said of a product."""
    row = queries.product(pk)
    names = ("name", "name_en", "family", "description", "reaches")
    initial = {name: getattr(row, name) for name in names}
    initial |= {"speeds": speeds_written(row.speeds_kbps), "interfaces": ", ".join(row.interfaces)}
    form = ProductForm(request.POST or None, initial=initial)
    form.fields.pop("code")
    form.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.revision)

    def act(given: dict[str, Any]) -> None:
        actions.change_product(pk, form.wanted(row.code), revision=given["revision"], at=timezone.now(),
                               by=request.actor)  # fmt: skip

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("web:product", pk)
    context = {"form": form, "title": row.name, "up": (row.name, reverse("web:product", args=[pk]))}
    return render(request, "web/catalog/form.html", context)


@require_POST
@door(Permission.SETTINGS)
def step_product(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put a product on sale, or withdraw it."""
    row = actions.move_product(pk, request.POST.get("to", ""), on=timezone.localdate(), at=timezone.now(),
                               by=request.actor)  # fmt: skip
    messages.success(
        request, gettext("%(name)s is %(state)s.") % {"name": row.name, "state": row.get_lifecycle_display()}
    )
    return redirect("web:product", pk)


urlpatterns = [
    path("catalogue/products", products, name="products"),
    path("catalogue/products/new", new_product, name="product-new"),
    path("catalogue/products/<int:pk>", product, name="product"),
    path("catalogue/products/<int:pk>/edit", edit_product, name="product-edit"),
    path("catalogue/products/<int:pk>/step", step_product, name="product-step"),
]
