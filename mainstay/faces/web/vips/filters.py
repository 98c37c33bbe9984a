"""Filters for VIPs: the list, one with its factors and runs, the editor, asking for a run (B6)."""

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

from mainstay.accounts.nominations.actions import extracting
from mainstay.accounts.nominations.actions import filters as actions
from mainstay.accounts.nominations.choices import MOST_DAYS, MOST_FACTORS, Measure, Mode
from mainstay.accounts.nominations.measuring import FactorRule
from mainstay.accounts.nominations.queries import runs as queries
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.vips import figure_words
from mainstay.faces.web.vips.tabs import tabs
from mainstay.platform.identity.choices import Permission

SPARE = 2


class FilterForm(forms.Form):
    """A filter, beside its factors."""

    name = forms.CharField(label=_("Name"), max_length=80)
    note = forms.CharField(label=_("Note"), required=False, max_length=400)
    mode = forms.ChoiceField(label=_("A customer passes when"), choices=Mode.choices)
    least_score = forms.IntegerField(label=_("Least score, points"), required=False, min_value=0, max_value=12_000,
                                     help_text=_("For weighted points only."))  # fmt: skip
    day = forms.IntegerField(label=_("Runs by itself on day"), required=False, min_value=1, max_value=28,
                             help_text=_("Of each month; empty: by hand only."))  # fmt: skip
    hour = forms.IntegerField(label=_("At hour"), min_value=0, max_value=23, initial=6)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class FactorForm(forms.Form):
    """One factor; without a measure it is none."""

    measure = forms.ChoiceField(label=_("Measure"), required=False, choices=[("", "—"), *Measure.choices])
    days = forms.IntegerField(label=_("Over days"), required=False, min_value=1, max_value=MOST_DAYS)
    least = forms.DecimalField(label=_("Least (yuan, or number)"), required=False, min_value=0, max_digits=15,
                               decimal_places=2)  # fmt: skip
    weight = forms.IntegerField(label=_("Weight, points"), required=False, min_value=0, max_value=1_000)

    def factor(self) -> FactorRule | None:
        """Return the factor, None for an empty row."""
        given = self.cleaned_data
        if not given["measure"]:
            return None
        factor = 1 if given["measure"] == Measure.COUNT else 100
        return FactorRule(given["measure"], given["days"] or 0, round((given["least"] or 0) * factor),
                          given["weight"] or 0)  # fmt: skip


class RunForm(forms.Form):
    """Up to which day a filter runs."""

    on = forms.DateField(label=_("Figures up to"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


@door()
def vip_filters(request: ConsoleRequest) -> HttpResponse:
    """List the filters with their factors and how many are named by each."""
    counts = queries.named_counts(request.actor)
    rows = [{"row": row, "factors": factors_told(row), "count": counts.get(row.pk, 0)} for row in queries.filters()]
    context = tabs("vip-filters") | {"rows": rows, "may_write": request.actor.may(Permission.SETTINGS)}
    return render(request, "web/vips/filters.html", context)


def factors_told(row: Any) -> list[dict[str, Any]]:
    """Return a filter's factors in words."""
    return [
        {"label": each.get_measure_display(), "days": each.days, "least": figure_words(each.measure, each.least),
         "weight": each.weight}
        for each in row.factors.all()
    ]  # fmt: skip


@door()
def vip_filter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a filter: its factors, its latest runs, and the way to run it, dry first."""
    row = queries.vip_filter(pk)
    latest = queries.latest_runs(request.actor, pk)
    totals = queries.totals([run.pk for run in latest])
    context = {
        "filter": row, "factors": factors_told(row), "weighted": row.mode == Mode.WEIGHTS,
        "runs": [{"row": run, "totals": totals[run.pk]} for run in latest],
        "count": queries.named_counts(request.actor).get(pk, 0),
        "run_form": RunForm(initial={"on": timezone.localdate()}),
        "may_write": request.actor.may(Permission.SETTINGS),
        "may_run": request.actor.may(Permission.NAME_VIPS) and row.active,
    }  # fmt: skip
    return render(request, "web/vips/filter.html", context)


@door(Permission.SETTINGS)
def new_filter(request: ConsoleRequest) -> HttpResponse:
    """Write a filter."""
    return _edit(request, None)


@door(Permission.SETTINGS)
def edit_filter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Write the next version of a filter; runs keep the rules they had."""
    return _edit(request, queries.vip_filter(pk))


def _edit(request: ConsoleRequest, row: Any) -> HttpResponse:
    posted, more = request.POST, "more" in request.POST
    names = ("name", "note", "mode", "least_score", "day", "hour", "active")
    initial = {name: getattr(row, name) for name in names} if row else {}
    form = FilterForm(None if more or not posted else posted, initial=posted.dict() if more else initial)
    lines, made = _lines(posted, row, more=more), list[Any]()

    def act(given: dict[str, Any]) -> None:
        factors = tuple(factor for line in lines if (factor := line.factor()) is not None)
        wanted = actions.NewFilter(given["name"], factors, given["mode"], given["least_score"] or 0, given["note"],
                                   given["active"], given["day"], given["hour"])  # fmt: skip
        made.append(actions.save_filter(wanted, filter_id=row.pk if row else None, at=timezone.now(), by=request.actor))

    sound = [line.is_valid() for line in lines]
    if request.method == "POST" and not more and all(sound) and accepted(form, act):
        messages.success(request, gettext("Saved as version %(n)s.") % {"n": made[0].version})
        return redirect("web:vip-filter", made[0].pk)
    up = reverse("web:vip-filter", args=[row.pk]) if row else reverse("web:vip-filters")
    context = {"form": form, "lines": lines, "row": row, "up": up}
    return render(request, "web/vips/edit_filter.html", context)


def _lines(posted: Any, row: Any, *, more: bool) -> list[FactorForm]:
    if posted:
        count = min(MOST_FACTORS, (listing.number_of(posted.get("line_count")) or 0) + more)
        names = FactorForm.base_fields
        typed = [{name: posted.get(f"line{n}-{name}", "") for name in names} for n in range(count)]
        return [FactorForm(None if more else posted, initial=typed[n], prefix=f"line{n}") for n in range(count)]
    there = [
        {"measure": f.measure, "days": f.days, "weight": f.weight,
         "least": f"{f.least if f.measure == Measure.COUNT else f.least / 100:.15g}"}
        for f in (row.factors.all() if row else ())
    ]  # fmt: skip
    wanted = [*there, *({} for _ in range(SPARE))][:MOST_FACTORS]
    return [FactorForm(initial=each, prefix=f"line{n}") for n, each in enumerate(wanted)]


@require_POST
@door(Permission.NAME_VIPS)
def run_filter(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask for a run: dry, or for good."""
    on = listing.day_of(request.POST.get("on")) or timezone.localdate()
    dry = request.POST.get("dry") == "1"
    made = extracting.ask_for_run(pk, on=on, dry=dry, at=timezone.now(), by=request.actor)
    return redirect("web:vip-run", made.pk)


urlpatterns = [
    path("vips/filters", vip_filters, name="vip-filters"),
    path("vips/filters/new", new_filter, name="vip-filter-new"),
    path("vips/filters/<int:pk>", vip_filter, name="vip-filter"),
    path("vips/filters/<int:pk>/edit", edit_filter, name="vip-filter-edit"),
    path("vips/filters/<int:pk>/run", run_filter, name="vip-filter-run"),
]
