"""Report a fault: which circuit, what is wrong; answered "already known since …" where it is (L2, H1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers import queries as customers
from mainstay.domain.actor import Actor
from mainstay.faces.portal.door import PortalRequest, accepted, door
from mainstay.faces.ui.words import instant_words
from mainstay.network.inventory.queries import circuits
from mainstay.service.tickets.actions.opening import Answer, Report, report_fault
from mainstay.service.tickets.choices import Origin
from mainstay.service.tickets.queries.known import KnownFault, known_faults

OTHER = "customer:"
ASK_WHAT_IS_KNOWN = {
    "hx-get": "?",
    "hx-trigger": "change",
    "hx-target": "#known",
    "hx-select": "#known",
    "hx-swap": "outerHTML",
}


class ReportForm(forms.Form):
    """What is wrong with which circuit; "another matter" names the customer of the family it concerns."""

    subject = forms.ChoiceField(label=_("Circuit"), widget=forms.Select(attrs=ASK_WHAT_IS_KNOWN))
    text = forms.CharField(label=_("What is wrong"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject = self.fields["subject"]
        assert isinstance(subject, forms.ChoiceField)
        subject.choices = choices


@door
def report(request: PortalRequest) -> HttpResponse:
    """Show the form with what is known of the circuit; take the report."""
    actor, at = request.actor, timezone.now()
    wanted = request.GET.get("subject") or request.GET.get("circuit", "")
    form = ReportForm(_choices(actor), request.POST or None, initial={"subject": wanted})
    answers: list[Answer] = []
    if request.method == "POST" and accepted(
        form, lambda given: answers.append(report_fault(_asked(given), at=at, by=actor))
    ):
        messages.success(request, _told(answers[0]))
        return redirect("portal:ticket", answers[0].ticket.pk)
    context = {"form": form, "known": _known(actor, wanted), "data_at": at}
    return render(request, "portal/report.html", context, status=422 if form.errors else 200)


def _choices(actor: Actor) -> list[tuple[str, str]]:
    own = circuits.filtered(actor, circuits.CircuitFilters()).order_by("number").values_list("pk", "number", "name")
    lines = [(str(pk), f"{number} {name}".strip()) for pk, number, name in own]
    family = customers.visible_to(actor).order_by("pk").values_list("pk", "name")
    other = gettext("Another matter")
    return [("", ""), *lines, *((f"{OTHER}{pk}", f"{other} · {name}") for pk, name in family)]


def _asked(given: dict[str, Any]) -> Report:
    subject = str(given["subject"])
    if subject.startswith(OTHER):
        return Report(given["text"], Origin.PORTAL, customer_id=int(subject.removeprefix(OTHER)))
    return Report(given["text"], Origin.PORTAL, circuit_id=int(subject))


def _known(actor: Actor, wanted: str) -> list[KnownFault]:
    return known_faults(None, int(wanted), actor=actor) if wanted.isascii() and wanted.isdecimal() else []


def _told(answer: Answer) -> str:
    if answer.was_known and answer.known_since:
        return gettext("Already known since {since}: your report is on ticket {number}.").format(
            since=instant_words(answer.known_since, at=timezone.now()), number=answer.ticket.number
        )
    return gettext("Thank you. Your report is ticket {number}; you see here how it goes on.").format(
        number=answer.ticket.number
    )
