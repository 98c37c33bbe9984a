"""What does each thing that is done to many ask for? One form a kind; its values are the job's arguments."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.customers.choices import MOVED_BY_HAND, Archive, ArchiveReason
from mainstay.domain.actor import Actor
from mainstay.platform.documents.choices import Format, Language
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.service.reports import queries as reports
from mainstay.service.reports.choices import ReportKind
from mainstay.service.reports.making import Asked
from mainstay.service.tickets.choices import CauseCode, Responsibility


def words(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return a field for a few lines of text."""
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, help_text=hint, widget=widget, max_length=400)


class ManyForm(forms.Form):
    """What a kind asks for; knows who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choose(actor)

    def choose(self, actor: Actor) -> None:
        """Fill in the choices that depend on the actor."""

    def offer(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Set the choices of a field."""
        self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """Return what the form says, as JSON keeps it."""
        return {name: value if isinstance(value, bool | int) else str(value)
                for name, value in self.cleaned_data.items()}  # fmt: skip


class AssignForm(ManyForm):
    user = forms.TypedChoiceField(label=_("To whom"), coerce=int, choices=[])

    def choose(self, actor: Actor) -> None:
        self.offer("user", identity.names_permitted(Permission.WORK_TICKETS))


class NoteForm(ManyForm):
    text = words(_("Note"))
    for_customer = forms.BooleanField(label=_("The customer may read it"), required=False)


class CauseForm(ManyForm):
    responsibility = forms.ChoiceField(label=_("Responsibility"), choices=[])
    cause_code = forms.ChoiceField(label=_("Cause"), required=False, choices=[])
    why = words(_("Why"))

    def choose(self, actor: Actor) -> None:
        self.offer("responsibility", [each for each in Responsibility.choices if each[0]])
        self.offer("cause_code", list(CauseCode.choices))


class TicketCloseForm(ManyForm):
    text = words(_("Closing note"), required=False)


class WhyForm(ManyForm):
    why = words(_("Why"))


class HandOverForm(ManyForm):
    to = forms.ChoiceField(label=_("New account manager"), choices=[])
    why = words(_("Why"))

    def choose(self, actor: Actor) -> None:
        self.offer("to", identity.usernames_holding(Duty.ACCOUNT_MANAGER))


class ArchiveForm(ManyForm):
    archive = forms.ChoiceField(
        label=_("Archive"),
        choices=Archive.choices,
        initial=Archive.RETAINED,
        help_text=_("Nothing is lost: all history stays, and customers can be moved back."),
    )
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(each.value, each.label) for each in MOVED_BY_HAND],
        initial=ArchiveReason.LEFT,
        required=False,
    )
    why = words(_("Why"))


class GradeForm(ManyForm):
    grade = forms.ChoiceField(
        label=_("Grade"),
        choices=[("", "—"), *CircuitGrade.choices],
        help_text=_("Clocks that run keep their promise; new ones follow the new grade."),
    )
    why = words(_("Why"))


class ContractForm(ManyForm):
    contract = forms.CharField(label=_("Number of the contract"), max_length=40)
    position = forms.IntegerField(label=_("Line"), min_value=1, max_value=999, initial=1)


class EndForm(ManyForm):
    on = forms.DateField(label=_("Ends on"), widget=forms.DateInput(attrs={"type": "date"}))
    why = words(_("Why"))


class ReportForm(ManyForm):
    """Drafts only: they are sent from the list of documents, once somebody has looked."""

    month = forms.ChoiceField(label=_("Month"), choices=[])
    report = forms.ChoiceField(label=_("Kinds of reports"), choices=ReportKind.choices)
    language = forms.ChoiceField(label=_("Languages"), choices=Language.choices, initial=Language.CHINESE)
    format = forms.ChoiceField(label=_("Files"), choices=Format.choices, initial=Format.PDF)

    def choose(self, actor: Actor) -> None:
        months = [f"{each.month:%Y-%m}" for each in reports.report_months()[:24]]
        self.offer("month", [(f"{month}-01", month) for month in months])

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        asked = Asked(date.fromisoformat(given["month"]), (given["report"],), (given["language"],), (given["format"],))
        return asked.arguments()


FORMS: dict[str, type[ManyForm]] = {
    "ticket.claim": ManyForm,
    "ticket.assign": AssignForm,
    "ticket.note": NoteForm,
    "ticket.cause": CauseForm,
    "ticket.promise": WhyForm,
    "ticket.rejudge": ManyForm,
    "ticket.close": TicketCloseForm,
    "customer.hand_over": HandOverForm,
    "customer.archive": ArchiveForm,
    "circuit.regrade": GradeForm,
    "circuit.contract": ContractForm,
    "contract.end": EndForm,
    "incident.claim": ManyForm,
    "incident.close": WhyForm,
    "alarm.acknowledge": ManyForm,
    "quarantine.ignore": WhyForm,
    "compensation.approve": ManyForm,
    "compensation.reject": WhyForm,
    "tiers.approve": ManyForm,
    "tiers.reject": WhyForm,
    "reports.customers": ReportForm,
    "reports.contracts": ReportForm,
}
