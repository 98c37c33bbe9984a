"""What is typed in about sources, exports and decisions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.reconciliation.choices import Covers, Encoding, NewRule, Rule, VanishedRule


class ExportForm(forms.Form):
    """An export given by hand."""

    file = forms.FileField(label=_("File"), help_text=_("CSV (UTF-8 or GBK) or XLSX, at most 64 MB."))


class WhyForm(forms.Form):
    """Why a held export is let through or thrown away."""

    why = forms.CharField(label=_("Why"), max_length=400)


def _number(label: Any, hint: Any = "", *, most: int = 100) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=0, max_value=most)


class SourceForm(forms.Form):
    """What a source delivers, where, how often, and who is right."""

    name = forms.CharField(label=_("Name"), max_length=80)
    region_code = forms.CharField(
        label=_("Region code"), max_length=12, required=False, help_text=_("It is believed within this area only.")
    )
    resource_kinds = forms.MultipleChoiceField(
        label=_("Kinds of resources"), choices=ResourceKind.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all. Of no meaning for circuits."),
    )  # fmt: skip
    drop_folder = forms.CharField(
        label=_("Folder"), max_length=300, required=False,
        help_text=_("Below the folder of all exports; empty: named as the source."),
    )  # fmt: skip
    file_pattern = forms.CharField(label=_("File names"), max_length=120, initial="*", help_text=_("Such as nms-*.csv"))
    encoding = forms.ChoiceField(label=_("Encoding"), choices=Encoding.choices)
    mapping = forms.CharField(
        label=_("Columns"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: column of the file = field. Empty: found out by the names of the columns."),
    )  # fmt: skip
    native_column = forms.CharField(
        label=_("Column of its own ids"), max_length=80, required=False,
        help_text=_("When the system does not know our codes: its ids are kept with ours."),
    )  # fmt: skip
    names_from = forms.ChoiceField(
        label=_("Ids in references are those of"), required=False,
        help_text=_("For circuits whose routes name resources by the ids of another source."),
    )  # fmt: skip
    full = forms.BooleanField(
        label=_("Every export is complete"), required=False, help_text=_("Only then can anything vanish.")
    )
    every_minutes = _number(_("Look every, minutes"), _("0: not by interval."), most=10_080)
    daily_at = forms.TimeField(label=_("or daily at"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    late_after_minutes = _number(
        _("Late after, minutes"), _("Without an export for so long somebody is told; 0: never."), most=100_000
    )
    default_rule = forms.ChoiceField(label=_("Where they differ"), choices=Rule.choices)
    on_new = forms.ChoiceField(label=_("New objects"), choices=NewRule.choices)
    on_vanished = forms.ChoiceField(label=_("Vanished objects"), choices=VanishedRule.choices)
    vanish_after = forms.IntegerField(label=_("Vanished after so many exports"), min_value=1, max_value=100)
    most_vanished_percent = _number(_("Hold when more vanishes than, %"), _("Protects from half an export; 0: never."))
    most_changed_percent = _number(_("Hold when more changes than, %"), _("0: never."))
    careful_grades = forms.MultipleChoiceField(
        label=_("Ask before touching circuits of"), choices=CircuitGrade.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Routes, what they depend on, and taking out of service."),
    )  # fmt: skip
    rank = forms.IntegerField(
        label=_("Rank among sources"),
        min_value=1,
        max_value=99,
        help_text=_("Where two differ, the lower number counts."),
    )
    active = forms.BooleanField(label=_("Switched on"), required=False)

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["names_from"].choices = [("", "—"), *others]  # type: ignore[attr-defined]

    def clean_mapping(self) -> dict[str, str]:
        """Read the lines "column = field"."""
        found: dict[str, str] = {}
        for line in self.cleaned_data["mapping"].splitlines():
            column, sign, name = line.rpartition("=")
            if line.strip() and not (sign and column.strip() and name.strip()):
                raise forms.ValidationError(_("“%(line)s” is not of the form: column = field."), params={"line": line})
            if line.strip():
                found[column.strip()] = name.strip()
        return found


class NewSourceForm(SourceForm):
    """A further source."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    covers = forms.ChoiceField(label=_("It delivers"), choices=Covers.choices)
    field_order = ("code", "name", "covers")
