"""Balances of all one sees: the wave by day and month, the bands, the structure, as charts and tables (B6)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies
from mainstay.accounts.nominations.queries import waves
from mainstay.accounts.nominations.queries.waves import Wave
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.vips.tabs import tabs
from mainstay.faces.web.wave_words import bands_told, days_of, shares_told, spans, wave_told


@door()
def balances(request: ConsoleRequest) -> HttpResponse:
    """Show how the deposits of all customers one sees moved, and how they are spread."""
    at = timezone.now()
    region = request.GET.get("region", "")
    days = days_of(request)
    on = waves.newest_day(request.actor)
    if on is None:
        return render(request, "web/vips/balances.html", tabs("balances") | {"nothing": True})
    accounts = waves.visible_accounts(request.actor)
    if region:
        accounts = accounts.filter(customer__region__code__startswith=region)
    wave = waves.of_all(request.actor, on=on, days=days, region=region)
    if listing.wants_file(request):
        return wave_file(request, "balances", wave)
    bands = bands_told(waves.distribution(accounts))
    context = tabs("balances") | {
        "wave": wave_told(wave), "bands": bands,
        "bars": [{"label": band["short"], "value": band["value"]} for band in bands],
        "shares": shares_told(waves.structure(accounts)), "on": on, "days": days, "spans": spans(days, region),
        "filters": [{"name": "region", "label": _("Region"), "kind": "choice",
                     "options": policies.regions_to_choose()}],
        "data_at": at, **listing.export_urls(request),
    }  # fmt: skip
    return render(request, "web/vips/balances.html", context)


def wave_file(request: ConsoleRequest, name: str, wave: Wave) -> HttpResponse:
    """Give the days of a wave as a file, in yuan."""
    head = (gettext("Day"), gettext("Deposits in yuan"))
    rows = ((point.on, None if point.fen is None else point.fen / 100) for point in wave.days)
    return listing.table_file(request, name, head, rows)


urlpatterns = [path("vips/balances", balances, name="balances")]
