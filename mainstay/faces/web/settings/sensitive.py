"""Which fields are sensitive, how they are masked, who reads them without a leader's approval (A3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.consulting.actions import rules as actions
from mainstay.accounts.consulting.choices import MASK_WORDS, Standing
from mainstay.accounts.consulting.queries.rules import rules
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission


class RuleForm(forms.Form):
    """How a field is guarded."""

    guarded = forms.BooleanField(label=_("Masked until somebody asks for it"), required=False)
    mask = forms.ChoiceField(label=_("How it is masked"), choices=[(m.value, w) for m, w in MASK_WORDS.items()])
    at_once = forms.MultipleChoiceField(
        label=_("Whose asking is granted at once"), required=False, choices=Standing.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Everybody else waits for a leader's approval. Chosen by nobody: always two persons."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=_("Shown for, in minutes"), min_value=0, max_value=actions.LONGEST_MINUTES,
                                 help_text=_("0: to the end of the day."))  # fmt: skip


@door()
def sensitive(request: ConsoleRequest) -> HttpResponse:
    """List the fields and how each is guarded."""
    words = dict(Standing.choices)
    rows = [
        {"rule": rule, "slug": rule.key.replace(".", "-"), "mask": MASK_WORDS[rule.mask],  # type: ignore[index]
         "at_once": [words[each] for each in rule.at_once]}
        for rule in rules().values()
    ]  # fmt: skip
    may_write = request.actor.may(Permission.SETTINGS)
    return show(request, "sensitive", "settings-sensitive", rows=rows, may_write=may_write)


@door(Permission.SETTINGS)
def sensitive_field(request: ConsoleRequest, key: str) -> HttpResponse:
    """Say how a field is guarded from now on."""
    rule = rules().get(key.replace("-", "."))
    if rule is None:
        raise Http404
    initial = {"guarded": rule.guarded, "mask": rule.mask, "at_once": rule.at_once, "minutes": rule.minutes}
    form = RuleForm(request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        new = actions.NewRule(given["guarded"], given["mask"], tuple(given["at_once"]), given["minutes"])
        actions.set_rule(rule.key, new, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved. It holds from now on, for everybody."))
        return redirect("web:settings-sensitive")
    up = {"url": reverse("web:settings-sensitive")}
    return show(request, "form", "settings-sensitive", form=form, title=rule.label, verb=_("Save"), up=up)


urlpatterns = [
    path("settings/sensitive-fields", sensitive, name="settings-sensitive"),
    path("settings/sensitive-fields/<slug:key>", sensitive_field, name="settings-sensitive-field"),
]
