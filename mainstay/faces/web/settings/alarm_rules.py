"""Set how sources of alarms are read and what their alarms do to service, and try it out (G1, G2)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.actions import sources as actions
from mainstay.network.alarms.choices import Effect, PerceivedSeverity
from mainstay.network.alarms.queries import alarms, effects
from mainstay.network.inventory.choices import ResourceKind
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

ANY = ("", _("any"))
SEVERITIES = [choice for choice in PerceivedSeverity.choices if choice[0] != PerceivedSeverity.CLEARED]
KINDS = dict(ResourceKind.choices)


def _seconds(label: Any, hint: Any = "", *, least: int = 0, most: int = 604800) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=least, max_value=most)


class SourceForm(forms.Form):
    """How a source's alarms are read; times in seconds."""

    name = forms.CharField(label=_("Name"), max_length=80)
    region_code = forms.ChoiceField(
        label=_("Region it watches"),
        required=False,
        help_text=_("While too many alarms wait, regions that hold less than their share may still send."),
    )
    silence_after_s = _seconds(
        _("Silent after, seconds"), _("Without any report for so long an incident is opened; 0: never.")
    )
    quiet_s = _seconds(
        _("Quiet time, seconds"), _("For sources that send no clearing: cleared when not repeated for so long; 0: off.")
    )
    skew_tolerance_s = _seconds(
        _("Clock tolerance, seconds"), _("An instant further off than this is not believed; receipt counts instead.")
    )
    flap_count = _seconds(_("Flapping from so many raisings"), least=2, most=1000)
    flap_window_s = _seconds(_("within, seconds"), least=1)
    flap_hold_s = _seconds(_("is held until quiet for, seconds"), least=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("all regions")), *((r.code, r.name) for r in places.regions() if len(r.code) <= 4)]
        self.fields["region_code"].choices = choices  # type: ignore[attr-defined]


class NewSourceForm(SourceForm):
    """A further source."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("As the source names itself when it reports."))
    field_order = ("code",)


class RuleForm(forms.Form):
    """Which alarms, and what they do."""

    source = forms.TypedChoiceField(label=_("Source"), required=False, coerce=int, empty_value=None)
    alarm_type = forms.CharField(
        label=_("Alarm type"), max_length=80, required=False, help_text=_("Exactly as the source says it; empty: any.")
    )
    resource_kind = forms.ChoiceField(label=_("Resource"), choices=[ANY, *ResourceKind.choices], required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=[ANY, *SEVERITIES], required=False)
    effect = forms.TypedChoiceField(label=_("Effect"), choices=Effect.choices, coerce=int)
    note = forms.CharField(
        label=_("Note"), max_length=200, required=False, help_text=_("Where this assumption comes from.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources = [(source.pk, source.name) for source in alarms.sources()]
        self.fields["source"].choices = [ANY, *sources]  # type: ignore[attr-defined]

    def rule(self) -> actions.Rule:
        """Return the rule."""
        return actions.Rule(**{name: self.cleaned_data[name] for name in actions.Rule.__dataclass_fields__})


class TrialForm(forms.Form):
    """An alarm to try the rules with."""

    type = forms.CharField(label=_("Alarm type"), max_length=80)
    severity = forms.ChoiceField(label=_("Severity"), choices=SEVERITIES)
    kind = forms.ChoiceField(label=_("Resource"), choices=ResourceKind.choices)
    source = forms.TypedChoiceField(label=_("Source"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "try_%s"
        super().__init__(*args, **kwargs)
        sources = [(source.pk, source.name) for source in alarms.sources()]
        choices = [("", _("one without rules of its own")), *sources]
        self.fields["source"].choices = choices  # type: ignore[attr-defined]


def trial(request: ConsoleRequest) -> dict[str, Any]:
    """Return the form that tries the rules, and what came of it (3 queries)."""
    form = TrialForm(request.GET if "type" in request.GET else None)
    if not (form.is_bound and form.is_valid()):
        return {"trial": form}
    given = form.cleaned_data
    found = effects.verdict(
        source=given["source"], alarm_type=given["type"], kind=given["kind"], severity=given["severity"]
    )
    words = {
        "type": given["type"],
        "severity": PerceivedSeverity(given["severity"]).label,
        "kind": KINDS[given["kind"]],
        "effect": found.effect.label,
    }
    verdict = gettext("An alarm of type %(type)s, severity %(severity)s on: %(kind)s – %(effect)s.") % words
    because = gettext("By rule %(n)s.") % {"n": found.rule.pk} if found.rule else gettext("No rule speaks of it.")
    return {
        "trial": form,
        "verdict": f"{verdict} {because}",
        "verdict_effect": int(found.effect),
        "by_rule": found.rule,
    }


def sentence(rule: Any) -> str:
    """Say in words which alarms a rule speaks of, and what they do."""
    parts = [
        gettext("from %(source)s") % {"source": rule.source.name} if rule.source else "",
        gettext("of type %(type)s") % {"type": rule.alarm_type} if rule.alarm_type else "",
        gettext("of severity %(severity)s") % {"severity": rule.get_severity_display()} if rule.severity else "",
        gettext("on: %(kind)s") % {"kind": KINDS.get(rule.resource_kind, "")} if rule.resource_kind else "",
    ]
    which = pgettext("between conditions", ", ").join(part for part in parts if part)
    words = {"which": which, "effect": rule.get_effect_display()}
    return gettext("An alarm %(which)s – %(effect)s.") % words if which else gettext("Any alarm – %(effect)s.") % words


@door(Permission.SETTINGS)
def new_source(request: ConsoleRequest) -> HttpResponse:
    """Connect a further source of alarms."""
    defaults = vars(actions.SourceSettings())
    form = NewSourceForm(request.POST or None, initial=defaults)
    if request.method == "POST" and accepted(form, lambda given: _connect(request, dict(given))):
        messages.success(request, _("Connected. It needs a program's token to deliver."))
        return redirect("web:settings-sources")
    return _form(request, form, _("New alarm source"), "settings-sources")


def _connect(request: ConsoleRequest, given: dict[str, Any]) -> None:
    code, name = given.pop("code"), given.pop("name")
    actions.create_source(code, name, actions.SourceSettings(**given), at=timezone.now(), by=request.actor)


@door(Permission.SETTINGS)
def edit_source(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change how a source's alarms are read, from the next alarm on."""
    found = effects.source(pk)
    form = SourceForm(request.POST or None, initial={name: getattr(found, name) for name in SourceForm.base_fields})

    def act(given: dict[str, Any]) -> None:
        times = {name: given[name] for name in given if name != "name"}
        settings = actions.SourceSettings(**times)
        actions.save_source(found.code, given["name"], settings, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:settings-sources")
    return _form(request, form, f"{found.name} · {found.code}", "settings-sources")


@door(Permission.SETTINGS)
def new_rule(request: ConsoleRequest) -> HttpResponse:
    """State a further rule."""
    form = RuleForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.add_rule(given["source"], form.rule(), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The rule holds now; alarms that stand are judged anew."))
        return redirect("web:settings-effects")
    return _form(request, form, _("New effect rule"), "settings-effects", intro=EXPLAINED)


@door(Permission.SETTINGS)
def edit_rule(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a rule say something else."""
    found = effects.rule(pk)
    names = [name for name in RuleForm.base_fields if name != "source"]
    known = {name: getattr(found, name) for name in names} | {"source": found.source_id}
    form = RuleForm(request.POST or None, initial=known)

    def act(given: dict[str, Any]) -> None:
        actions.change_rule(pk, given["source"], form.rule(), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The rule holds now; alarms that stand are judged anew."))
        return redirect("web:settings-effects")
    title = gettext("Rule %(n)s") % {"n": pk}
    return _form(request, form, title, "settings-effects", intro=EXPLAINED)


@door(Permission.SETTINGS)
def remove_rule(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    if request.method == "POST":
        actions.remove_rule(pk, at=timezone.now(), by=request.actor)
        messages.success(request, _("Removed; less specific rules speak instead."))
    return back(request, reverse("web:settings-effects"))


EXPLAINED = _(
    "A rule says what an alarm does to what its resource carries: it interrupts, degrades, or does nothing to it. "
    "Of several rules that fit, the most specific decides: the alarm type counts most, then the source, the resource, "
    "the severity."
)


def _form(request: ConsoleRequest, form: forms.Form, title: object, tab: str, *, intro: Any = "") -> HttpResponse:
    up = {"url": reverse(f"web:{tab}")}
    return show(request, "form", tab, form=form, title=title, verb=_("Save"), up=up, intro=intro)


urlpatterns = [
    path("settings/sources/new", new_source, name="settings-source-new"),
    path("settings/sources/<int:pk>", edit_source, name="settings-source"),
    path("settings/effects/new", new_rule, name="settings-effect-new"),
    path("settings/effects/<int:pk>", edit_rule, name="settings-effect"),
    path("settings/effects/<int:pk>/remove", remove_rule, name="settings-effect-remove"),
]
