"""Tariffs: the list, one with its versions, laying down, revising and ending; what a price is looked up to be (D4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies, prices
from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.actions import tariffs as actions
from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.catalog.prices import Fate, PriceAsked
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.catalog.products import SpeedsField, tariff_told
from mainstay.faces.web.catalog.tabs import tabs
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.offered import TARIFFS
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FATES = {
    Fate.CHOSEN: _("It holds: nothing that fits says it more precisely."),
    Fate.NOT_YET: _("It does not hold yet on this day."),
    Fate.OVER: _("It held until this day."),
    Fate.OTHER_REACH: _("It is for another reach."),
    Fate.OTHER_REGION: _("It is for another region."),
    Fate.TOO_SLOW: _("Its speed step is too small."),
    Fate.WIDER_REGION: _("A tariff for a narrower region goes before it."),
    Fate.ANY_REACH: _("A tariff that names the reach goes before it."),
    Fate.LARGER_STEP: _("A smaller speed step that is enough goes before it."),
}


class SpeedField(SpeedsField):
    """One speed as people write it, 0 for none."""

    def clean(self, value: Any) -> Any:
        """Return kbit/s."""
        found = super().clean(value)
        if len(found) > 1:
            raise forms.ValidationError(gettext("Give one speed."))
        return found[0] if found else 0


def money(label: Any) -> forms.DecimalField:
    """Return a field for an amount in yuan."""
    return forms.DecimalField(label=label, min_value=0, max_digits=13, decimal_places=2, initial=0)


def fen(amount: Any) -> int:
    """Return an amount of yuan in fen."""
    found: int = round(amount * 100)
    return found


class PlaceForm(forms.Form):
    """What a tariff speaks of."""

    product = forms.ChoiceField(label=_("Product"))
    speed = SpeedField(label=_("Speed"), required=False, max_length=20, help_text=_("E.g. 10M; empty: any."))
    reach = forms.ChoiceField(label=_("Reach"), choices=Reach.choices, required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [(p.code, p.name) for p in catalog.products()]  # type: ignore[attr-defined]
        everywhere = [("", gettext("everywhere"))]
        self.fields["region"].choices = [*everywhere, *policies.regions_to_choose()]  # type: ignore[attr-defined]


class TariffForm(PlaceForm):
    """A tariff with its prices."""

    one_time = money(_("One-time price, yuan"))
    monthly = money(_("Monthly price, yuan"))
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=DAY,
                               help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip
    source = forms.CharField(label=_("Document"), required=False, max_length=120)

    def wanted(self) -> actions.NewTariff:
        """Return the tariff."""
        given = self.cleaned_data
        return actions.NewTariff(
            given["product"], fen(given["one_time"]), fen(given["monthly"]), given["valid_from"], given["valid_to"],
            given["speed"], given["reach"], given["region"], given["source"],
        )  # fmt: skip


class ReviseForm(forms.Form):
    """New prices of a tariff, from a day on."""

    one_time = money(_("One-time price, yuan"))
    monthly = money(_("Monthly price, yuan"))
    on = forms.DateField(label=_("From"), widget=DAY)
    source = forms.CharField(label=_("Document"), required=False, max_length=120)


class EndForm(forms.Form):
    """The day from which a tariff no longer holds."""

    on = forms.DateField(label=_("No longer from"), widget=DAY)


@door()
def tariffs(request: ConsoleRequest) -> HttpResponse:
    """List the tariffs that hold today, or all."""
    more = tabs("tariffs") | {"may_write": request.actor.may(Permission.SETTINGS)}
    return show(request, TARIFFS, "web/catalog/tariffs.html", **more)


@door()
def tariff(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a tariff with its versions; revise or end it."""
    row, today = prices.tariff(pk), timezone.localdate()
    may_write = request.actor.may(Permission.SETTINGS)
    posted = request.POST if may_write else None
    prices_now = {"one_time": f"{row.one_time_fen / 100:.2f}", "monthly": f"{row.monthly_fen / 100:.2f}"}
    revise = ReviseForm(posted if posted and "revise" in posted else None, initial=prices_now | {"on": today})
    end = EndForm(posted if posted and "end" in posted else None, initial={"on": today})

    def act_revise(given: dict[str, Any]) -> None:
        actions.revise_tariff(pk, one_time_fen=fen(given["one_time"]), monthly_fen=fen(given["monthly"]),
                              on=given["on"], source=given["source"], at=timezone.now(), by=request.actor)  # fmt: skip

    def act_end(given: dict[str, Any]) -> None:
        actions.end_tariff(pk, on=given["on"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and not may_write:
        return redirect("web:tariff", pk)
    if request.method == "POST" and (
        accepted(revise, act_revise) if "revise" in request.POST else accepted(end, act_end)
    ):
        messages.success(request, gettext("Saved; schemes and quotes made before keep their prices."))
        return redirect("web:tariff", pk)
    versions = prices.versions(row)
    names = prices.region_names([row.region_code])
    context = {
        "tariff": tariff_told(row, names), "versions": [tariff_told(each, names) for each in versions],
        "revise": revise, "end": end, "may_write": may_write, "open": row.valid_to is None or row.valid_to > today,
    }  # fmt: skip
    return render(request, "web/catalog/tariff.html", context)


@door(Permission.SETTINGS)
def new_tariff(request: ConsoleRequest) -> HttpResponse:
    """Lay down a tariff."""
    initial = {"valid_from": timezone.localdate(), "product": request.GET.get("product", "")}
    form, made = TariffForm(request.POST or None, initial=initial), list[Any]()

    def act(_given: dict[str, Any]) -> None:
        made.extend(actions.lay_down_tariffs([form.wanted()], at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("The tariff is laid down."))
        return redirect("web:tariff", made[0].pk)
    context = {"form": form, "title": _("New tariff"), "up": (_("Tariffs"), reverse("web:tariffs"))}
    return render(request, "web/catalog/form.html", context)


class AskForm(PlaceForm):
    """What a price is asked for."""

    on = forms.DateField(label=_("Day"), widget=DAY, required=False)


@door()
def price(request: ConsoleRequest) -> HttpResponse:
    """Look a price up, with every tariff of the product and why it holds or not."""
    asked = "product" in request.GET
    usual = {"on": timezone.localdate().isoformat(), "reach": Reach.LOCAL.value}
    given_now = {name: request.GET[name] for name in request.GET}
    form = AskForm({**usual, **given_now} if asked else None, initial=usual)
    found = None
    if asked and form.is_valid():
        given = form.cleaned_data
        on = given["on"] or timezone.localdate()
        found = prices.price(PriceAsked(given["product"], on, given["speed"], given["reach"], given["region"]))
    context = tabs("price") | {"form": form, "found": _told(found) if found else None}
    return render(request, "web/catalog/price.html", context)


def _told(found: prices.Price) -> dict[str, Any]:
    names = prices.region_names([each.tariff.region_code for each in found.considered if each.tariff.region_code])
    rows = [{"why": FATES[Fate(each.fate)], "chosen": each.fate == Fate.CHOSEN, **tariff_told(each.tariff, names)}
            for each in found.considered]  # fmt: skip
    chosen = found.tariff is not None
    return {
        "rows": rows, "chosen": chosen, "on": found.asked.on,
        "once": yuan(found.one_time_fen or 0), "monthly": yuan(found.monthly_fen or 0),
        "year": yuan((found.one_time_fen or 0) + 12 * (found.monthly_fen or 0)),
    }  # fmt: skip


urlpatterns = [
    path("catalogue/tariffs", tariffs, name="tariffs"),
    path("catalogue/tariffs/new", new_tariff, name="tariff-new"),
    path("catalogue/tariffs/<int:pk>", tariff, name="tariff"),
    path("catalogue/price", price, name="price"),
]
