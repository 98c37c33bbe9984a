"""The places of one customer with the equipment that stands at each; named once and referred to (A1)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import sites as actions
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.network.inventory.actions.sites import place_ends
from mainstay.network.inventory.queries.sites import places
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as regions


def sites(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return the places with their equipment (2 queries, 3 where there are more ends than are shown)."""
    named = beside.sites(customer.pk)
    found, left_out = places(request.actor, customer.pk, named)
    for place in found:
        for end in place.ends:
            end.circuit.customer_id = customer.pk
    return {
        "places": found,
        "left_out": left_out,
        "open_sites": [(site.pk, site.name) for site in named if site.closed_on is None],
    }


class SiteForm(forms.Form):
    """A place of a customer."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    region_id = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    contact_id = forms.TypedChoiceField(
        label=gettext_lazy("Whom to ask there"), required=False, coerce=int, empty_value=None
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False,
                           help_text=gettext_lazy("How to get in, opening hours, parking."))  # fmt: skip

    def __init__(self, customer_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["region_id"].choices = [("", "—"), *((r.code, r.name) for r in regions.regions())]
        people = queries.contacts(customer_id)
        fields["contact_id"].choices = [("", "—"), *((str(p.pk), f"{p.name} · {p.get_role_display()}") for p in people)]

    def clean_region_id(self) -> str | None:
        """Return the code, None for none."""
        return self.cleaned_data["region_id"] or None


@door(Permission.WRITE_CUSTOMERS)
def new_site(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Name a place of a customer; ends given in the address are put there at once."""
    customer = queries.customer(request.actor, pk)
    given = {name: request.GET.get(name, "") for name in ("name", "address")}
    form = SiteForm(pk, request.POST or None, initial=given)

    def act(wanted: dict[str, Any]) -> None:
        at = timezone.now()
        made = actions.add_site(pk, wanted, at=at, by=request.actor)
        if ends := _ends(request.GET.get("ends", "")):
            place_ends(made.pk, ends, at=at, by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(sites_tab(pk))
    return _form(request, form, customer, _("New site"))


@door(Permission.WRITE_CUSTOMERS)
def edit_site(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a place of a customer."""
    site = actions.visible_site(request.actor, pk)
    initial = {name: getattr(site, name) for name in actions.CHANGEABLE}
    form = SiteForm(site.customer_id, request.POST or None, initial=initial)

    def act(wanted: dict[str, Any]) -> None:
        actions.change_site(pk, wanted, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(sites_tab(site.customer_id))
    return _form(request, form, site.customer, site.name)


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def close_site(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Note that the customer left a place today; it stays on record."""
    site = actions.close_site(pk, on=timezone.localdate(), at=timezone.now(), by=request.actor)
    messages.success(request, _("%(name)s is closed; it stays on record.") % {"name": site.name})
    return redirect(sites_tab(site.customer_id))


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def put_ends(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put circuits' ends at one of the customer's named sites."""
    site_id = listing.number_of(request.POST.get("site")) or 0
    ends = _ends(request.POST.get("ends", ""))
    moved = place_ends(site_id, ends, at=timezone.now(), by=request.actor)
    messages.success(request, _("%(n)s ends are put there.") % {"n": moved})
    return redirect(sites_tab(pk))


def _ends(given: str) -> list[int]:
    return [int(part) for part in given.split(",") if part.isdecimal() and len(part) < 18]


def _form(request: ConsoleRequest, form: forms.Form, customer: Any, title: Any) -> HttpResponse:
    context = {"form": form, "customer": customer, "title": title}
    return render(request, "web/customers/form.html", context, status=422 if form.errors else 200)


def sites_tab(pk: int) -> str:
    """Return the tab of a customer's sites."""
    return reverse("web:customer", args=[pk]) + "?tab=sites"


urlpatterns = [
    path("customers/<int:pk>/sites/new", new_site, name="site-new"),
    path("customers/<int:pk>/sites/ends", put_ends, name="site-ends"),
    path("sites/<int:pk>", edit_site, name="site"),
    path("sites/<int:pk>/close", close_site, name="site-close"),
]
