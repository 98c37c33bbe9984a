"""What do the verbs ask that move a ticket between departments, or judge its clocks afterwards (H4, PC 7, 11)?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.instants import InstantField
from mainstay.faces.web.ticket_forms import VerbForm, words
from mainstay.service.tickets.choices import PauseReason, RejudgingKind
from mainstay.service.tickets.queries.departments import departments
from mainstay.service.tickets.queries.readings import TicketRow, circuits_named

EARLIER = (RejudgingKind.PAUSE, RejudgingKind.RESTORED, RejudgingKind.BEGAN)


class HandForm(VerbForm):
    """To which department."""

    department = forms.TypedChoiceField(label=_("Department"), coerce=int, choices=[])
    why = words(_("What they should do"), required=False)

    def choose(self) -> None:
        """Offer all that take tickets but the one it is with."""
        held = self.subject.ticket.department_id
        rows = [row for row in departments(active=True) if row.pk != held and not (held is None and row.takes_first)]
        self.offer("department", [(str(row.pk), str(row)) for row in rows])


class EarlierForm(VerbForm):
    """Something that happened earlier and was not written down then."""

    kind = forms.ChoiceField(
        label=_("What happened"), choices=[(kind.value, kind.label) for kind in EARLIER], widget=forms.RadioSelect
    )
    from_at = InstantField(label=_("When; of a pause, from when"))
    to_at = InstantField(label=_("Pause until"), required=False)
    reason = forms.ChoiceField(
        label=_("Reason of the pause"), choices=[("", "—"), *PauseReason.choices], required=False
    )
    circuit_id = forms.TypedChoiceField(
        label=_("Circuit"), required=False, coerce=int, empty_value=None, choices=[],
        help_text=_("Not for a pause: it holds all clocks of the ticket that ran then."),
    )  # fmt: skip
    why = words(_("Evidence"), hint=_("What would change is shown before a second person approves it."))

    def choose(self) -> None:
        """Offer the ticket's circuits."""
        ticket = self.subject.ticket
        named = ticket.circuits if isinstance(ticket, TicketRow) else circuits_named(ticket.pk)
        self.offer("circuit_id", [("", "—"), *((str(pk), number) for pk, number in named)])

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs."""
        given = super().clean() or self.cleaned_data
        needed = ("to_at", "reason") if given.get("kind") == RejudgingKind.PAUSE else ("circuit_id",)
        for name in needed:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
        return given


class AskPromiseForm(VerbForm):
    """Why clocks should go on under what holds now."""

    why = words(_("Why"), hint=_("Promise, hours and internal targets that hold now; time used and pauses stay."))


class DecisionForm(VerbForm):
    """Which re-judging is decided."""

    rejudging = forms.IntegerField(widget=forms.HiddenInput)


class RefusalForm(DecisionForm):
    """Which, and why not."""

    why = words(_("Why"))
