"""Promise terms as data, in profiles (D3): read by all staff, changed by who may change settings."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries
from mainstay.accounts.catalog.actions import profiles as actions
from mainstay.accounts.catalog.choices import CircuitGrade, Metric, Reach, Unit
from mainstay.accounts.catalog.terms import Terms
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.identity.choices import Permission

HEAD = (
    _("Promise profile"), _("Promise"), _("Grade"), _("Reach"), _("Product"), _("Amount"), _("Unit"), _("Calendar"),
    _("Valid from"), _("Valid to"),
)  # fmt: skip
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ProfileForm(forms.Form):
    """A profile's name and where its figures come from."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=200, required=False, help_text=_("Which document says so."))


class AmountForm(forms.Form):
    """What a term says from a day on."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=9, decimal_places=3)
    unit = forms.ChoiceField(label=_("Unit"), choices=Unit.choices)
    calendar = forms.ChoiceField(label=_("Calendar"))
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    repeat_days = forms.IntegerField(
        label=_("Repeated within, in days"), required=False, min_value=1, max_value=365,
        help_text=_("The same circuit again within so many days is a repeated fault; empty: no clause for it."),
    )  # fmt: skip
    repeat_amount = forms.DecimalField(
        label=_("Then promised"), required=False, min_value=0, max_digits=9, decimal_places=3,
        help_text=_("In the same unit; empty: the same amount."),
    )  # fmt: skip
    repeat_escalates = forms.BooleanField(label=_("Then tell supervisor and account manager at once"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = [(c.code, c.name) for c in calendars.calendars()]  # type: ignore[attr-defined]


class TermForm(AmountForm):
    """A new term: what for, and what it says."""

    metric = forms.ChoiceField(label=_("Promise"), choices=Metric.choices)
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("any")), *CircuitGrade.choices], required=False)
    reach = forms.ChoiceField(label=_("Reach"), choices=Reach.choices, required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    field_order = ("metric", "grade", "reach", "product", "amount", "unit", "calendar", "valid_from")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = [("", _("any")), *((product.code, product.name) for product in queries.products())]
        self.fields["product"].choices = products  # type: ignore[attr-defined]


class EndForm(forms.Form):
    """The day a term no longer holds."""

    on = forms.DateField(label=_("Holds no longer from"), widget=DAY)


@door()
def profiles(request: ConsoleRequest) -> HttpResponse:
    """List the profiles, the one in force first; as a file, all that all of them promise."""
    if listing.wants_file(request):
        terms = (term for each in queries.profiles() for term in queries.terms(each.pk))
        return listing.list_file(request, "promises", HEAD, terms, cells)
    return show(
        request,
        "profiles",
        "settings-promises",
        profiles=queries.profiles(),
        may_write=request.actor.may(Permission.SETTINGS),
        **listing.export_urls(request),
    )


def cells(term: Any) -> tuple[object, ...]:
    """Return a term of a profile as a row of the export."""
    return (
        term.profile.code, term.get_metric_display(), term.get_grade_display(), term.get_reach_display(),
        term.product and term.product.code, term.amount, term.get_unit_display(),
        term.calendar and term.calendar.name, term.valid_from, term.valid_to,
    )  # fmt: skip


@door()
def profile(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show what one profile promises, today or in all its versions."""
    found = queries.profile(pk)
    everything = "all" in request.GET
    rows = queries.terms(pk, on=None if everything else timezone.localdate())
    return show(
        request,
        "profile",
        "settings-promises",
        profile=found,
        terms=rows,
        everything=everything,
        filters=[{"name": "all", "label": _("Also past and future versions"), "kind": "toggle"}],
        may_write=request.actor.may(Permission.SETTINGS),
    )


@door(Permission.SETTINGS)
def new_profile(request: ConsoleRequest) -> HttpResponse:
    """Make an empty profile."""
    form = ProfileForm(request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda given: actions.create_profile(**given, at=timezone.now(), by=request.actor)
    ):
        return redirect("web:settings-promises")
    return _form(request, form, _("New profile"), reverse("web:settings-promises"))


@door(Permission.SETTINGS)
def activate(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put a profile in force; running clocks keep what they were promised."""
    if request.method == "POST":
        found = actions.activate_profile(pk, at=timezone.now(), by=request.actor)
        messages.success(request, _("%(name)s is in force.") % {"name": found.name})
    return back(request, reverse("web:settings-promises"))


@door(Permission.SETTINGS)
def new_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Lay down a further term of a profile."""
    found = queries.profile(pk)
    form = TermForm(request.POST or None, initial={"valid_from": timezone.localdate()})

    def act(given: dict[str, Any]) -> None:
        said = {name: given.pop(name) for name in Terms.__dataclass_fields__ if name in given}
        actions.add_terms(pk, [actions.NewTerm(Terms(**said), **given)], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:settings-profile", pk)
    return _form(
        request, form, _("New term of %(name)s") % {"name": found.name}, reverse("web:settings-profile", args=[pk])
    )


@door(Permission.SETTINGS)
def revise_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a term say something else from a day on; what was promised before stays readable."""
    term = _term(pk)
    said = {"amount": term.amount.normalize(), "unit": term.unit, "calendar": term.calendar.code}
    said |= {name: getattr(term, name) for name in ("repeat_days", "repeat_amount", "repeat_escalates")}
    form = AmountForm(request.POST or None, initial={**said, "valid_from": timezone.localdate()})

    def act(given: dict[str, Any]) -> None:
        actions.revise_term(pk, Terms(metric=term.metric, **given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:settings-profile", term.profile_id)
    title = _("Change the term: %(metric)s %(grade)s") % {"metric": term.get_metric_display(), "grade": term.grade}
    return _form(request, form, title, reverse("web:settings-profile", args=[term.profile_id]))


@door(Permission.SETTINGS)
def end_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a term."""
    term = _term(pk)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and accepted(
        form, lambda given: actions.end_term(pk, on=given["on"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:settings-profile", term.profile_id)
    title = _("End the term: %(metric)s %(grade)s") % {"metric": term.get_metric_display(), "grade": term.grade}
    return _form(request, form, title, reverse("web:settings-profile", args=[term.profile_id]))


def _term(pk: int) -> Any:
    found = queries.term(pk)
    if found is None:
        raise Http404
    return found


def _form(request: ConsoleRequest, form: forms.Form, title: object, up: str) -> HttpResponse:
    return show(request, "form", "settings-promises", form=form, title=title, verb=_("Save"), up={"url": up})


urlpatterns = [
    path("settings/promises", profiles, name="settings-promises"),
    path("settings/promises/new", new_profile, name="settings-profile-new"),
    path("settings/promises/<int:pk>", profile, name="settings-profile"),
    path("settings/promises/<int:pk>/activate", activate, name="settings-profile-activate"),
    path("settings/promises/<int:pk>/terms/new", new_term, name="settings-term-new"),
    path("settings/terms/<int:pk>", revise_term, name="settings-term"),
    path("settings/terms/<int:pk>/end", end_term, name="settings-term-end"),
]
