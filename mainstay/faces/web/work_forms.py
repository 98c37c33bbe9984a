"""Forms of planned work: what is done, where, when; a new window; how it ended; a rule of the freeze."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.faces.web.instants import InstantField
from mainstay.network.planned_work.choices import FreezeEffect, FreezeKind, OverriddenBy, WorkResult
from mainstay.service.announcements.choices import GIVEN, Answer

LINES = {"rows": 3}


class WordsForm(forms.Form):
    """What people read of work."""

    title = forms.CharField(label=_("Title"), max_length=160)
    details = forms.CharField(label=_("What is done"), required=False, widget=forms.Textarea(attrs=LINES))
    preparation = forms.CharField(
        label=_("What customers should prepare"), required=False, widget=forms.Textarea(attrs=LINES)
    )
    details_en = forms.CharField(
        label=_("What is done (English)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    preparation_en = forms.CharField(
        label=_("What customers should prepare (English)"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WorkForm(WordsForm):
    """What is done, where, when, and what customers should prepare; resources are chosen beside it."""

    number = forms.CharField(label=_("Number"), max_length=40)
    from_at = InstantField(label=_("From"))
    to_at = InstantField(label=_("To"))
    resources = forms.CharField(
        label=_("Codes of resources, if you have them"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Their codes, one a line: devices, cards, ports, links, cables, ducts."),
    )
    why = forms.CharField(
        label=_("Reason to set a freeze aside"),
        required=False,
        max_length=400,
        help_text=_("Only where a rule freezes the window and you may set it aside."),
    )
    field_order = ("number", "title", "from_at", "to_at", "resources")

    def codes(self, ticked: list[str]) -> tuple[str, ...]:
        """Return the codes typed and ticked, each once."""
        typed = str(self.cleaned_data.get("resources", "")).replace(",", " ").replace("，", " ").split()
        return tuple(dict.fromkeys([*ticked, *typed]))


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=_("Why"), max_length=400)


class MoveForm(WhyForm):
    """Another window."""

    from_at = InstantField(label=_("From"))
    to_at = InstantField(label=_("To"))
    field_order = ("from_at", "to_at", "why")


class FinishForm(forms.Form):
    """How it ended."""

    result = forms.ChoiceField(label=_("Result"), choices=WorkResult.choices)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs=LINES), max_length=2000)


class RuleForm(forms.Form):
    """When work is refused or needs a mandate."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=FreezeKind.choices)
    effect = forms.ChoiceField(label=_("Effect"), choices=FreezeEffect.choices)
    overridden_by = forms.ChoiceField(label=_("Who may set it aside"), choices=OverriddenBy.choices)
    from_at = InstantField(label=_("From"))
    to_at = InstantField(label=_("To"))
    region_code = forms.CharField(
        label=_("Region"), max_length=12, required=False, help_text=_("Its code, e.g. 42 or 4201; empty: everywhere.")
    )
    grades = forms.MultipleChoiceField(
        label=_("Only for circuits of grade"), choices=CircuitGrade.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: whatever the grade."),
    )  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, required=False, help_text=_("Who is refused reads this."))

    def values(self) -> dict[str, Any]:
        """Return what was typed, as NewRule takes it."""
        given = self.cleaned_data
        return {**given, "grades": tuple(given["grades"])}


class AnswerForm(forms.Form):
    """What a customer says to an announcement."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(each.value, each.label) for each in Answer if each in GIVEN],
        widget=forms.RadioSelect,
    )  # fmt: skip
    person = forms.CharField(label=_("Who said it"), max_length=60)
    wanted_at = InstantField(label=_("Time wanted instead"), required=False)
    text = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs=LINES), max_length=2000)


def window_of(from_at: datetime | None, to_at: datetime | None) -> tuple[datetime, datetime] | None:
    """Return a window that makes sense, None otherwise."""
    return (from_at, to_at) if from_at and to_at and from_at < to_at else None
