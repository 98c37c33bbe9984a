"""What can be done to a ticket: one table of all verbs, each with its form and its action (H1, H2, H6)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web import ticket_forms as forms
from mainstay.faces.web import ticket_forms_later as later
from mainstay.service.tickets.actions import departments, linking, pausing, regrading, rejudging, settling, working


@dataclass(frozen=True)
class Order:
    """A verb on its way: which ticket, at which revision it was shown, when, by whom."""

    ticket_id: int
    revision: int | None
    at: datetime
    by: Actor

    @property
    def who(self) -> dict[str, Any]:
        """Return when and by whom."""
        return {"at": self.at, "by": self.by}

    @property
    def checked(self) -> dict[str, Any]:
        """Return when, by whom, and the revision it must still have."""
        return self.who | {"revision": self.revision}


@dataclass(frozen=True)
class Verb:
    """What a verb is called, what it asks, what it does with the answers, and what is said when it is done."""

    label: str | Promise
    icon: str
    form: type[forms.VerbForm]
    act: Callable[[Order, dict[str, Any]], Any]
    done: str | Promise
    key: str = ""


def _pause(order: Order, given: dict[str, Any]) -> Any:
    return pausing.pause(order.ticket_id, pausing.PauseRequest(**given), **order.checked)


def _resolve(order: Order, given: dict[str, Any]) -> Any:
    return settling.resolve(order.ticket_id, settling.Resolution(**given), **order.checked)


def _decide(order: Order, given: dict[str, Any]) -> Any:
    cause, side, why = given["cause_code"], given["responsibility"], given["why"]
    return settling.decide_responsibility(order.ticket_id, side, why, cause_code=cause, **order.who)


VERBS: dict[str, Verb] = {
    "claim": Verb(
        _("Claim"),
        "user-check",
        forms.NothingForm,
        lambda o, _given: working.claim(o.ticket_id, **o.checked),
        _("It is yours."),
        "c",
    ),
    "approve_pause": Verb(
        _("Approve the pause"),
        "check",
        forms.PauseDecisionForm,
        lambda o, given: pausing.approve_pause(given["pause"], **o.who),
        _("The pause counts from when it was asked for."),
    ),
    "refuse_pause": Verb(
        _("Refuse the pause"),
        "x",
        forms.RefusePauseForm,
        lambda o, given: pausing.refuse_pause(given["pause"], given["why"], **o.who),
        _("Refused; the clock went on all the while."),
    ),
    "resume": Verb(
        _("Resume"),
        "player-play",
        forms.ResumeForm,
        lambda o, given: pausing.resume(o.ticket_id, **given, **o.checked),
        _("The clock goes on."),
        "u",
    ),
    "confirm": Verb(
        _("Confirm"),
        "checks",
        forms.ConfirmForm,
        lambda o, given: settling.confirm(o.ticket_id, **given, **o.who),
        _("Confirmed."),
        "f",
    ),
    "resolve": Verb(
        _("Resolve"),
        "circle-check",
        forms.ResolveForm,
        _resolve,
        _("Resolved; those who were told get the all-clear."),
        "v",
    ),
    "close": Verb(
        _("Close"),
        "archive",
        forms.CloseForm,
        lambda o, given: settling.close(o.ticket_id, **given, **o.checked),
        _("Closed."),
        "x",
    ),
    "note": Verb(
        _("Note"),
        "note",
        forms.NoteForm,
        lambda o, given: working.note(o.ticket_id, given.pop("text"), **given, **o.who),
        _("Noted."),
        "m",
    ),
    "call": Verb(
        _("Call"),
        "phone",
        forms.CallForm,
        lambda o, given: working.record_call(o.ticket_id, given.pop("text"), **given, **o.who),
        _("Noted."),
        "l",
    ),
    "tell_customer": Verb(
        _("Notice to the customer"),
        "send",
        forms.TellForm,
        lambda o, given: working.tell_customer(o.ticket_id, given.pop("text"), **given, **o.checked),
        _("Sent."),
        "n",
    ),
    "promise_update": Verb(
        _("Promise an update"),
        "clock",
        forms.PromiseUpdateForm,
        lambda o, given: working.promise_next_update(o.ticket_id, given.pop("next_update_at"), **given, **o.checked),
        _("Promised; you are warned before it is due."),
        "t",
    ),
    "pause": Verb(
        _("Pause the clock"), "player-pause", forms.PauseForm, _pause, _("Written down; see the clock."), "p"
    ),
    "assign": Verb(
        _("Assign"),
        "user",
        forms.AssignForm,
        lambda o, given: working.assign(o.ticket_id, given["user_id"], **o.checked),
        _("Assigned."),
        "a",
    ),
    "reopen": Verb(
        _("Reopen"),
        "refresh",
        forms.ReopenForm,
        lambda o, given: settling.reopen(o.ticket_id, given["why"], **o.who),
        _("Reopened; the clock goes on with the time it had used."),
    ),
    "link": Verb(
        _("Put below another ticket"),
        "link",
        forms.OtherTicketForm,
        lambda o, given: linking.link_to_parent(o.ticket_id, given["ticket"], **o.who),
        _("Linked."),
    ),
    "mark_duplicate": Verb(
        _("Mark as a duplicate"),
        "copy",
        forms.OtherTicketForm,
        lambda o, given: linking.mark_duplicate(o.ticket_id, given["ticket"], **o.who),
        _("The other ticket has taken it over."),
    ),
    "change_promise": Verb(
        _("Take the promise that holds now"),
        "gavel",
        forms.ChangePromiseForm,
        lambda o, given: regrading.change_promise(o.ticket_id, given["why"], **o.checked),
        _("The promise was changed; time used and pauses stay."),
    ),
    "hand": Verb(
        _("Hand to a department"),
        "arrow-right",
        later.HandForm,
        lambda o, given: departments.hand_to(o.ticket_id, given["department"], given["why"], **o.checked),
        _("Handed over; the department's clock runs."),
        "h",
    ),
    "enter_earlier": Verb(
        _("Enter what happened earlier"),
        "history",
        later.EarlierForm,
        lambda o, given: rejudging.ask_rejudging(o.ticket_id, rejudging.Wish(**given), **o.checked),
        _("Asked for; it shows what would change, and waits for a second person."),
    ),
    "ask_promise": Verb(
        _("Ask for the promise that holds now"),
        "gavel",
        later.AskPromiseForm,
        lambda o, given: rejudging.ask_rejudging(o.ticket_id, rejudging.Wish("promise", given["why"]), **o.checked),
        _("Asked for; it shows what would change, and waits for a second person."),
    ),
    "approve_rejudging": Verb(
        _("Approve the re-judging"),
        "check",
        later.DecisionForm,
        lambda o, given: rejudging.approve_rejudging(given["rejudging"], **o.who),
        _("Judged anew."),
    ),
    "refuse_rejudging": Verb(
        _("Refuse the re-judging"),
        "x",
        later.RefusalForm,
        lambda o, given: rejudging.refuse_rejudging(given["rejudging"], given["why"], **o.who),
        _("Everything stays as it was judged."),
    ),
    "decide_responsibility": Verb(
        _("Decide cause and responsibility"),
        "adjustments",
        forms.ResponsibilityForm,
        _decide,
        _("Decided."),
    ),
}
