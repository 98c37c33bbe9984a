"""Set who delivers samples, from where it is too bad, and what probes sample (G5)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.faces.ui import trends as shown
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.performance.actions import sources, thresholds
from mainstay.network.performance.actions.sources import NewTarget
from mainstay.network.performance.actions.thresholds import NewThreshold
from mainstay.network.performance.choices import UNITS, Method, Metric, Severity
from mainstay.network.performance.errors import BadThreshold
from mainstay.network.performance.queries import settings as queries
from mainstay.network.performance.series import circuits_by_number
from mainstay.platform.identity.choices import Permission

TAB = "settings-performance"
ANY = ("", _("any"))
LARGEST = Decimal(2_000_000_000)


class SourceForm(forms.Form):
    """A system that delivers samples."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("As the source names itself when it delivers."))
    name = forms.CharField(label=_("Name"), max_length=80)
    period_minutes = forms.TypedChoiceField(
        label=_("A sample every, minutes"), choices=[(n, n) for n in sources.PERIODS], coerce=int, initial=5
    )


class ThresholdForm(forms.Form):
    """From where a metric is too bad; figures in % and ms, as people say them."""

    metric = forms.ChoiceField(label=_("Metric"), choices=Metric.choices)
    raise_at = forms.DecimalField(
        label=_("Too bad from"), min_value=Decimal(0), max_value=LARGEST, decimal_places=4,
        help_text=_("Utilisation and loss in %, delays in ms, errors in seconds or blocks a period."),
    )  # fmt: skip
    raise_periods = forms.IntegerField(label=_("for so many periods in a row"), min_value=1, max_value=1000, initial=3)
    clear_at = forms.DecimalField(
        label=_("Good again down to"), min_value=Decimal(0), max_value=LARGEST, decimal_places=4,
        help_text=_("Below the figure above, so that nothing flaps between the two."),
    )  # fmt: skip
    clear_periods = forms.IntegerField(label=_("for so many periods in a row"), min_value=1, max_value=1000, initial=3)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Severity.choices, initial=Severity.MAJOR,
        help_text=_("By the shipped effect rules a warning impairs nothing; anything above degrades the circuit."),
    )  # fmt: skip
    product = forms.ChoiceField(label=_("Product"), required=False)
    grade = forms.ChoiceField(label=_("Circuit grade"), choices=[ANY, *CircuitGrade.choices], required=False)
    circuit = forms.CharField(
        label=_("Circuit number"), max_length=48, required=False, help_text=_("For this circuit alone; empty: any.")
    )
    watched = forms.BooleanField(
        label=_("Watched"), required=False, initial=True, help_text=_("Off: circuits that fit are not watched at all.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [(row.code, row.name) for row in catalog.products()]
        self.fields["product"].choices = [ANY, *products]  # type: ignore[attr-defined]


class TargetForm(forms.Form):
    """What a probe samples."""

    circuit = forms.CharField(label=_("Circuit number"), max_length=48)
    source = forms.ChoiceField(label=_("Source"), help_text=_("Under which the prober delivers."))
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    address = forms.GenericIPAddressField(label=_("Address"), help_text=_("What answers at the far end."))
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65_535, initial=862, help_text=_("STAMP only."))
    packets = forms.IntegerField(
        label=_("Packets a period"), min_value=1, max_value=sources.MOST_PACKETS, initial=20
    )  # fmt: skip
    active = forms.BooleanField(label=_("Sampled"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(row.code, row.name) for row in queries.sources()]
        self.fields["source"].choices = known  # type: ignore[attr-defined]


@door(Permission.READ_ALARMS)
def performance(request: ConsoleRequest) -> HttpResponse:
    """Show sources, thresholds and targets."""
    context = {
        "sources": queries.sources(),
        "thresholds": [threshold_told(row) for row in queries.thresholds(request.actor)],
        "targets": queries.targets(request.actor),
        "may_write": request.actor.may(Permission.SETTINGS),
    }
    return show(request, "performance", TAB, **context)


def threshold_told(row: Any) -> dict[str, Any]:
    """Return a threshold in words."""
    unit = UNITS[row.metric]
    which = [row.circuit.number if row.circuit else "", row.product.name if row.product else "", row.grade]
    return {
        "row": row,
        "for": " · ".join(word for word in which if word) or gettext("any circuit"),
        "raise_at": shown.words(row.raise_at, unit),
        "clear_at": shown.words(row.clear_at, unit),
    }


@door(Permission.SETTINGS)
def new_source(request: ConsoleRequest) -> HttpResponse:
    """Connect a further source of samples."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda given: _save_source(request, given)):
        messages.success(request, _("Connected. It needs a program's token to deliver."))
        return redirect(f"web:{TAB}")
    return _form(request, form, _("New source of samples"))


@door(Permission.SETTINGS)
def edit_source(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Rename a source, or change its period as long as it has delivered nothing."""
    found = queries.source(pk)
    known = {"code": found.code, "name": found.name, "period_minutes": found.period_minutes}
    form = SourceForm(request.POST or None, initial=known)
    form.fields["code"].disabled = True
    if request.method == "POST" and accepted(form, lambda given: _save_source(request, given)):
        messages.success(request, _("Saved."))
        return redirect(f"web:{TAB}")
    return _form(request, form, found.name)


def _save_source(request: ConsoleRequest, given: dict[str, Any]) -> None:
    code, name, period = given["code"], given["name"], given["period_minutes"]
    sources.save_source(code, name, period, at=timezone.now(), by=request.actor)


@door(Permission.SETTINGS)
def new_threshold(request: ConsoleRequest) -> HttpResponse:
    """Set a further threshold; `?circuit=` names the circuit it is for."""
    form = ThresholdForm(request.POST or None, initial={"circuit": request.GET.get("circuit", "")})

    def act(given: dict[str, Any]) -> None:
        thresholds.add_threshold(_wanted(request, given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("It holds from the next sample on."))
        return redirect(f"web:{TAB}")
    return _form(request, form, _("New threshold"))


@door(Permission.SETTINGS)
def edit_threshold(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a threshold say something else."""
    found = queries.threshold(request.actor, pk)
    form = ThresholdForm(request.POST or None, initial=_known(found))

    def act(given: dict[str, Any]) -> None:
        thresholds.change_threshold(pk, _wanted(request, given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("It holds from the next sample on."))
        return redirect(f"web:{TAB}")
    return _form(request, form, gettext("Threshold %(n)s") % {"n": pk})


@door(Permission.SETTINGS)
def remove_threshold(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a threshold away."""
    if request.method == "POST":
        thresholds.remove_threshold(pk, at=timezone.now(), by=request.actor)
        messages.success(request, _("Removed; less specific thresholds decide instead."))
    return back(request, reverse(f"web:{TAB}"))


def _known(found: Any) -> dict[str, Any]:
    said, unit = thresholds.said(found), UNITS[found.metric]
    figures = {name: (shown.amount(getattr(said, name), unit) or Decimal()).normalize()
               for name in ("raise_at", "clear_at")}  # fmt: skip
    return {
        **vars(replace(said)),
        **{name: f"{value:f}" for name, value in figures.items()},
        "circuit": found.circuit.number if found.circuit else "",
    }


def _wanted(request: ConsoleRequest, given: dict[str, Any]) -> NewThreshold:
    factor = shown.FACTORS[UNITS[given["metric"]]]
    same = {name: given[name] for name in NewThreshold.__dataclass_fields__ if name in given}
    figures = {name: int(given[name] * factor) for name in ("raise_at", "clear_at")}
    return NewThreshold(**{**same, **figures}, circuit_id=_circuit(request, given["circuit"]))


def _circuit(request: ConsoleRequest, number: str) -> int | None:
    number = number.strip()
    if not number:
        return None
    found = circuits_by_number({number}, by=request.actor).get(number)
    if found is None:
        raise BadThreshold("There is no circuit {number}; correct the number.", number=number)
    return found


@door(Permission.SETTINGS)
def new_target(request: ConsoleRequest) -> HttpResponse:
    """Let a probe sample a further circuit."""
    form = TargetForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda given: _save_target(request, given)):
        messages.success(request, _("It is sampled from the next period on."))
        return redirect(f"web:{TAB}")
    return _form(request, form, _("New target"))


@door(Permission.SETTINGS)
def edit_target(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a circuit be sampled otherwise, or no more."""
    found = queries.target(request.actor, pk)
    names = ("method", "address", "port", "packets", "active")
    known = {name: getattr(found, name) for name in names}
    known |= {"circuit": found.circuit.number, "source": found.source.code}
    form = TargetForm(request.POST or None, initial=known)
    for name in ("circuit", "source"):
        form.fields[name].disabled = True
    if request.method == "POST" and accepted(form, lambda given: _save_target(request, given)):
        messages.success(request, _("Saved."))
        return redirect(f"web:{TAB}")
    return _form(request, form, found.circuit.number)


def _save_target(request: ConsoleRequest, given: dict[str, Any]) -> None:
    circuit = _circuit(request, given["circuit"])
    new = NewTarget(circuit or 0, **{name: value for name, value in given.items() if name != "circuit"})
    sources.save_target(new, at=timezone.now(), by=request.actor)


@door(Permission.SETTINGS)
def remove_target(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Sample a circuit no more."""
    if request.method == "POST":
        sources.remove_target(pk, at=timezone.now(), by=request.actor)
        messages.success(request, _("It is sampled no more; its samples stay."))
    return back(request, reverse(f"web:{TAB}"))


def _form(request: ConsoleRequest, form: forms.Form, title: object) -> HttpResponse:
    return show(request, "form", TAB, form=form, title=title, verb=_("Save"), up={"url": reverse(f"web:{TAB}")})


urlpatterns = [
    path("settings/performance", performance, name=TAB),
    path("settings/performance/sources/new", new_source, name="settings-sample-source-new"),
    path("settings/performance/sources/<int:pk>", edit_source, name="settings-sample-source"),
    path("settings/performance/thresholds/new", new_threshold, name="settings-threshold-new"),
    path("settings/performance/thresholds/<int:pk>", edit_threshold, name="settings-threshold"),
    path("settings/performance/thresholds/<int:pk>/remove", remove_threshold, name="settings-threshold-remove"),
    path("settings/performance/targets/new", new_target, name="settings-probe-target-new"),
    path("settings/performance/targets/<int:pk>", edit_target, name="settings-probe-target"),
    path("settings/performance/targets/<int:pk>/remove", remove_target, name="settings-probe-target-remove"),
]
