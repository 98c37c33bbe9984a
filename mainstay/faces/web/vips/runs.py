"""A run of a VIP filter: how far it is, how many it found, who would be named and who not (B6)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.nominations.choices import Verdict
from mainstay.accounts.nominations.measuring import Rules
from mainstay.accounts.nominations.queries import runs as queries
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.lists.vips import figure_told, figure_words
from mainstay.platform.identity.choices import Permission

VERDICTS = ((Verdict.NEW.value, _("Newly named")), (Verdict.LOST.value, _("No longer named")))
HEAD = (_("Customer code"), _("Customer"), _("Region"), _("Verdict"), _("Points in all"))


@door()
def vip_run(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a run; `?verdict=` limits whom it lists, `?export=` gives them as a file."""
    row = queries.run(request.actor, pk)
    verdict = request.GET.get("verdict", "")
    verdict = verdict if verdict in (Verdict.NEW, Verdict.LOST) else ""
    found = queries.candidates(request.actor, pk, verdict)
    rules = Rules.read(row.rules)
    if listing.wants_file(request):
        head = (*HEAD, *(f"{factor_label(each.measure)} {each.days}" for each in rules.factors))
        return listing.list_file(request, f"vip-run-{pk}", head, found.iterator(chunk_size=2_000), cells)
    page = listing.page_of(found, request)
    totals = queries.totals([pk])[pk]
    context = {
        "run": row, "totals": totals, "page": page, "verdict": verdict, "running": row.ended_at is None,
        "rows": [{"row": each, "figures": [figure_told(f) for f in each.figures], "score": f"{each.score / 1000:g}"}
                 for each in page.object_list],
        "factors": [{"label": factor_label(f.measure), "days": f.days, "least": figure_words(f.measure, f.least),
                     "weight": f.weight} for f in rules.factors],
        "filters": [{"name": "verdict", "label": _("Verdict"), "kind": "chips", "options": VERDICTS}],
        "may_run": request.actor.may(Permission.NAME_VIPS) and row.dry and row.ended_at is not None,
        **listing.export_urls(request),
    }  # fmt: skip
    part = request.htmx and not request.htmx.history_restore_request
    return render(request, "web/vips/_run.html" if part else "web/vips/run.html", context)


def factor_label(measure: str) -> str:
    """Say a measure."""
    return str(figure_told({"measure": measure, "value": 0, "least": 1, "points": 0})["label"])


def cells(row: Any) -> tuple[object, ...]:
    """Return a row of the file; amounts in yuan."""
    values = (f["value"] if f["measure"] == "count" else f["value"] / 100 for f in row.figures)
    return (row.customer.code, row.customer.name, row.customer.region.name, row.get_verdict_display(),
            row.score / 1000, *values)  # fmt: skip


urlpatterns = [path("vips/runs/<int:pk>", vip_run, name="vip-run")]
