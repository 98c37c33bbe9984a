"""The forms in which clauses of compensation are written: a set, and each of its clauses; sums are in yuan."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.domain.compensation import (
    Amount,
    AmountUnit,
    Cap,
    Clause,
    ClauseKind,
    ClauseSet,
    Combining,
    Per,
    Rounding,
    Step,
)
from mainstay.domain.compensation.lines import decimal
from mainstay.service.compensation.choices import ClauseWord, CombiningWord, RoundingWord, UnitWord
from mainstay.service.tickets.choices import CauseCode

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST = 8
SPARE = 2


def money(label: Any, hint: Any = "", *, required: bool = False) -> forms.DecimalField:
    """Return a field for an amount."""
    return forms.DecimalField(
        label=label, required=required, min_value=0, max_digits=11, decimal_places=4, help_text=hint
    )


def unit_field() -> forms.ChoiceField:
    """Return a field for what an amount is in."""
    return forms.ChoiceField(label=_("In"), choices=UnitWord.choices, required=False)


def amount_of(value: Decimal | None, unit_of: str) -> Amount | None:
    """Return an amount as people wrote it; yuan become fen."""
    if value is None:
        return None
    exact = Fraction(value)
    in_fen = (unit_of or UnitWord.PERCENT) == UnitWord.FEN
    return Amount(exact * 100, AmountUnit.FEN) if in_fen else Amount(exact, AmountUnit.PERCENT)


def written(amount: Amount) -> str:
    """Return an amount as people write it."""
    return decimal(amount.value / 100 if amount.unit == AmountUnit.FEN else amount.value)


class ClauseForm(forms.Form):
    """One clause; without a kind there is none."""

    kind = forms.ChoiceField(
        label=_("What is paid for"), required=False, choices=[("", _("no clause")), *ClauseWord.choices]
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=60, help_text=_("As the letter says it."))
    steps = forms.CharField(
        label=_("Steps"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only for steps: one a line, availability in per cent and what is paid below it, e.g. 99.9 5"),
    )  # fmt: skip
    amount = money(_("Amount"), _("For all others than steps."))
    unit = unit_field()
    repeat_days = forms.IntegerField(
        label=_("Repeated within, in days"), required=False, min_value=1, max_value=92,
        help_text=_("Only for repeated outages."),
    )  # fmt: skip
    free_events = forms.IntegerField(label=_("Free outages a month"), required=False, min_value=0, max_value=100)
    cap_event = money(_("At most per event"))
    cap_event_unit = unit_field()
    cap_month = money(_("At most per month"))
    cap_month_unit = unit_field()
    at_least = money(_("At least, yuan"))
    excluded_causes = forms.MultipleChoiceField(
        label=_("Causes that do not count"), required=False, choices=CauseCode.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def clean_steps(self) -> list[tuple[Decimal, Decimal]]:
        """Return the steps as numbers."""
        found = []
        for line in str(self.cleaned_data["steps"]).splitlines():
            words = line.replace("%", " ").replace("％", " ").replace(",", " ").split()
            if not words:
                continue
            try:
                below, pays = (Decimal(word) for word in words)
            except (ValueError, ArithmeticError):
                raise forms.ValidationError(
                    gettext("“%(line)s” is no step; write two numbers, e.g. 99.9 5"), params={"line": line}
                ) from None
            found.append((below, pays))
        return found

    def clause(self, number: int) -> Clause | None:
        """Return the clause the form says, None for none."""
        said = self.cleaned_data
        if not said.get("kind"):
            return None
        caps = (
            Cap(per, amount)
            for per, name in ((Per.EVENT, "cap_event"), (Per.MONTH, "cap_month"))
            if (amount := amount_of(said[name], said[f"{name}_unit"])) is not None
        )
        steps = (Step(Fraction(below), amount_of(pays, said["unit"]) or _NOTHING) for below, pays in said["steps"])
        return Clause(
            f"c{number}", ClauseKind(said["kind"]), said["name"] or str(ClauseWord(said["kind"]).label),
            amount=amount_of(said["amount"], said["unit"]) or _NOTHING, steps=tuple(steps),
            free_events=said["free_events"] or 0, repeat_days=said["repeat_days"] or 0,
            excluded_causes=frozenset(said["excluded_causes"]), caps=tuple(caps),
            at_least_fen=int((said["at_least"] or 0) * 100),
        )  # fmt: skip


_NOTHING = Amount(Fraction(0), AmountUnit.FEN)


def initial_of(clause: Clause) -> dict[str, Any]:
    """Return a clause as its form shows it."""
    shown = clause.steps[0].amount if clause.steps else clause.amount
    told: dict[str, Any] = {
        "kind": clause.kind.value, "name": clause.name, "unit": shown.unit.value,
        "steps": "\n".join(f"{decimal(step.below)} {written(step.amount)}" for step in clause.steps),
        "amount": None if clause.steps else written(clause.amount), "repeat_days": clause.repeat_days or None,
        "free_events": clause.free_events or None, "excluded_causes": sorted(clause.excluded_causes),
        "at_least": clause.at_least_fen / 100 or None,
    }  # fmt: skip
    for cap in clause.caps:
        told |= {f"cap_{cap.per.value}": written(cap.amount), f"cap_{cap.per.value}_unit": cap.amount.unit.value}
    return told


class SetForm(forms.Form):
    """What holds for a set as a whole, and from when."""

    name = forms.CharField(label=_("Name"), max_length=120)
    source = forms.CharField(label=_("Source"), max_length=200, required=False, help_text=_("Which document says so."))
    valid_from = forms.DateField(
        label=_("Valid from"), widget=DAY, help_text=_("For a month, what holds on its last day counts.")
    )
    combining = forms.ChoiceField(label=_("Of several clauses"), choices=CombiningWord.choices)
    cap_month = money(_("Together at most per month"))
    cap_month_unit = unit_field()
    cap_year = money(_("Together at most per calendar year"))
    cap_year_unit = unit_field()
    ignored_below = money(_("Not paid below, yuan"))
    rounding = forms.ChoiceField(label=_("Rounding to whole fen"), choices=RoundingWord.choices)
    undecided_counts = forms.BooleanField(
        label=_("While nobody decided whose responsibility it was, it counts as the operator's"), required=False
    )
    unknown_counts = forms.BooleanField(label=_("Time of unknown state counts as down"), required=False)

    def clauses(self, clauses: Iterable[Clause]) -> ClauseSet:
        """Return the set the form says, of these clauses."""
        said = self.cleaned_data
        caps = (
            Cap(per, amount)
            for per, name in ((Per.MONTH, "cap_month"), (Per.YEAR, "cap_year"))
            if (amount := amount_of(said[name], said[f"{name}_unit"])) is not None
        )
        return ClauseSet(
            tuple(clauses), Combining(said["combining"]), Rounding(said["rounding"]), tuple(caps),
            int((said["ignored_below"] or 0) * 100), said["undecided_counts"], said["unknown_counts"],
        )  # fmt: skip


class NewSetForm(SetForm):
    """A new set for all: of which profile, grade, product."""

    profile = forms.ChoiceField(
        label=_("Promise profile"), required=False, help_text=_("It holds while that profile is in force.")
    )
    grade = forms.ChoiceField(label=_("Grade"), choices=[("", _("any")), *CircuitGrade.choices], required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    field_order = ("name", "source", "valid_from", "profile", "grade", "product")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("profile", catalog.profiles()), ("product", catalog.products())):
            self.fields[name].choices = [("", _("any")), *((row.code, row.name) for row in rows)]  # type: ignore[attr-defined]


def initial_of_set(clauses: ClauseSet) -> dict[str, Any]:
    """Return a set as its form shows it."""
    told: dict[str, Any] = {
        "combining": clauses.combining.value, "rounding": clauses.rounding.value,
        "ignored_below": clauses.ignored_below_fen / 100 or None, "undecided_counts": clauses.undecided_counts,
        "unknown_counts": clauses.unknown_counts,
    }  # fmt: skip
    for cap in clauses.caps:
        told |= {f"cap_{cap.per.value}": written(cap.amount), f"cap_{cap.per.value}_unit": cap.amount.unit.value}
    return told


def clause_forms(sent: Mapping[str, Any] | None, clauses: ClauseSet) -> list[ClauseForm]:
    """Return a form for each clause there is, and spare ones."""
    count = min(MOST, len(clauses.clauses) + SPARE)
    shown = [*(initial_of(clause) for clause in clauses.clauses), *({} for _ in range(MOST))]
    return [ClauseForm(sent, prefix=f"clause{n}", initial=shown[n]) for n in range(count)]


def read_set(form: SetForm, clauses: Iterable[ClauseForm]) -> ClauseSet | None:
    """Return what all forms say together, None when one is wrong."""
    given = list(clauses)
    right = [form.is_valid(), *(each.is_valid() for each in given)]
    if not all(right):
        return None
    found = (each.clause(number) for number, each in enumerate(given, start=1))
    return form.clauses(clause for clause in found if clause is not None)
