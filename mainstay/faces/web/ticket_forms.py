"""What does each verb of a ticket ask for (H1, H2, H6)?"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.customers import queries as customers
from mainstay.domain.actor import Actor
from mainstay.faces.ui.words import duration_words
from mainstay.faces.web.instants import InstantField
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.choices import PAUSE_RULES, CauseCode, PauseReason, Responsibility
from mainstay.service.tickets.queries.lists import visible_to


@dataclass(frozen=True)
class Subject:
    """Which ticket a form is about, and who fills it in; people are read when a form asks for them."""

    actor: Actor
    ticket: Any


def words(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    """Return a field for a few lines of text."""
    return forms.CharField(label=label, required=required, help_text=hint, widget=forms.Textarea(attrs={"rows": 3}))


def earlier() -> InstantField:
    """Return the field that back-dates what happened before it is written down."""
    return InstantField(label=gettext_lazy("When, if earlier"), required=False)


class VerbForm(forms.Form):
    """A form of a ticket's verb; knows its subject."""

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{type(self).__name__}_%s"  # many forms stand on one page
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.choose()

    def choose(self) -> None:
        """Fill in the choices that depend on the subject."""

    def offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        """Set the choices of a field."""
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class NothingForm(VerbForm):
    """A verb that asks for nothing."""


class NoteForm(VerbForm):
    text = words(gettext_lazy("Note"))
    for_customer = forms.BooleanField(label=gettext_lazy("The customer may read it"), required=False)
    happened_at = earlier()


class CallForm(VerbForm):
    inbound = forms.TypedChoiceField(
        label=gettext_lazy("Direction"),
        choices=[("1", gettext_lazy("They called us")), ("0", gettext_lazy("We called them"))],
        coerce=lambda value: value == "1",
    )
    contact_id = forms.TypedChoiceField(
        label=gettext_lazy("With whom"), required=False, coerce=int, empty_value=None, choices=[]
    )
    text = words(gettext_lazy("What was said"))
    happened_at = earlier()

    def choose(self) -> None:
        people = customers.contacts(self.subject.ticket.customer_id)
        self.offer("contact_id", [("", "—"), *((str(p.pk), f"{p.name} · {p.get_role_display()}") for p in people)])


class AssignForm(VerbForm):
    user_id = forms.TypedChoiceField(label=gettext_lazy("To whom"), coerce=int, choices=[])

    def choose(self) -> None:
        staff = identity.staff_holding(Permission.WORK_TICKETS, self.subject.ticket.region_code)
        self.offer("user_id", [(str(user.pk), user.display_name) for user in staff])


class PauseForm(VerbForm):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[], widget=forms.RadioSelect)
    evidence = words(gettext_lazy("Evidence"), hint=gettext_lazy("What proves it: names, instants, numbers."))
    limit_minutes = forms.IntegerField(
        label=gettext_lazy("At most, in minutes"),
        required=False,
        min_value=1,
        help_text=gettext_lazy("Empty: the limit of the reason. The clock goes on by itself when it is reached."),
    )
    happened_at = earlier()

    def choose(self) -> None:
        self.offer("reason", [(reason, _rule(reason)) for reason in PAUSE_RULES])


def _rule(reason: str) -> str:
    rule = PAUSE_RULES[reason]
    said = {
        "reason": PauseReason(reason).label,
        "limit": duration_words(rule.limit_minutes * 60),
        "hint": rule.evidence_hint,
    }
    if rule.needs_approval:
        return _("%(reason)s · at most %(limit)s, a second person approves · %(hint)s") % said
    return _("%(reason)s · at most %(limit)s · %(hint)s") % said


class PauseDecisionForm(VerbForm):
    pause = forms.IntegerField(widget=forms.HiddenInput)


class RefusePauseForm(PauseDecisionForm):
    why = words(gettext_lazy("Why"))


class ResumeForm(VerbForm):
    text = words(gettext_lazy("What changed"), required=False)
    happened_at = earlier()


class PromiseUpdateForm(VerbForm):
    next_update_at = InstantField(label=gettext_lazy("Next update at"))
    text = words(gettext_lazy("What they will hear"), required=False)


class TellForm(VerbForm):
    text = words(
        gettext_lazy("Notice to the customer"),
        hint=gettext_lazy("Goes to those who were told of the outage; else to all who want notices."),
    )
    next_update_at = InstantField(label=gettext_lazy("Next update at"), required=False)


class ResolveForm(VerbForm):
    cause_code = forms.ChoiceField(label=gettext_lazy("Cause"), choices=[("", "—"), *CauseCode.choices])
    responsibility = forms.ChoiceField(
        label=gettext_lazy("Responsibility"), choices=Responsibility.choices, required=False
    )
    text = words(gettext_lazy("What was done"), required=False)
    happened_at = earlier()


class ConfirmForm(VerbForm):
    text = words(gettext_lazy("Who confirmed, and how"), required=False)


class CloseForm(VerbForm):
    text = words(gettext_lazy("Remark"), required=False)


class ReopenForm(VerbForm):
    why = words(gettext_lazy("Why"))


class OtherTicketForm(VerbForm):
    ticket = forms.CharField(label=gettext_lazy("Number of the other ticket"), max_length=20)

    def clean_ticket(self) -> int:
        """Return the other ticket's id."""
        digits = self.cleaned_data["ticket"].strip().upper().removeprefix("T-")
        pk = int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 16 else 0
        if not visible_to(self.subject.actor).filter(pk=pk).exists():
            raise forms.ValidationError(
                _("There is no such ticket among those you may see; look for its number in the list.")
            )
        return pk


class ChangePromiseForm(VerbForm):
    why = words(
        gettext_lazy("Why"), hint=gettext_lazy("The promise that holds now is taken; time used and pauses stay.")
    )


class ResponsibilityForm(VerbForm):
    cause_code = forms.ChoiceField(
        label=gettext_lazy("Cause"),
        choices=[("", gettext_lazy("as it is")), *CauseCode.choices],
        required=False,
        help_text=gettext_lazy("Also for faults that cleared by themselves: past faults are found by their cause."),
    )
    responsibility = forms.ChoiceField(
        label=gettext_lazy("Responsibility"), choices=Responsibility.choices, required=False
    )
    why = words(gettext_lazy("Why"))

    def choose(self) -> None:
        self.initial.setdefault("responsibility", self.subject.ticket.responsibility)
        self.initial.setdefault("cause_code", self.subject.ticket.cause_code)
