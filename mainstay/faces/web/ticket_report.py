"""Take a fault report by phone, or open a ticket: first say whether it is known already (H1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.customers import queries as customers
from mainstay.faces.ui.words import absolute_words
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.states import state_of
from mainstay.network.inventory.queries import circuits
from mainstay.platform.identity.choices import Permission
from mainstay.platform.search import queries as search
from mainstay.service.tickets.actions.opening import Answer, Report, report_fault
from mainstay.service.tickets.choices import Origin, TicketKind
from mainstay.service.tickets.queries.known import known_faults

MANY = 300


class ReportForm(forms.Form):
    """What the caller says."""

    circuit_id = forms.TypedChoiceField(
        label=gettext_lazy("Circuit"), required=False, coerce=int, empty_value=None, choices=[]
    )
    text = forms.CharField(label=gettext_lazy("What is wrong?"), widget=forms.Textarea(attrs={"rows": 3}))
    origin = forms.ChoiceField(
        label=gettext_lazy("How did it reach us?"),
        choices=[(Origin.PHONE.value, Origin.PHONE.label), (Origin.STAFF.value, Origin.STAFF.label)],
    )
    contact_id = forms.TypedChoiceField(
        label=gettext_lazy("Who reports?"), required=False, coerce=int, empty_value=None, choices=[]
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=TicketKind.choices)

    def __init__(self, *args: Any, lines: list[Any], people: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["circuit_id"].choices = [("", _("Not known, or none")), *((str(c.pk), _line(c)) for c in lines)]
        fields["contact_id"].choices = [("", "—"), *((str(p.pk), f"{p.name} · {p.get_role_display()}") for p in people)]


def _line(circuit: Any) -> str:
    return f"{circuit.number} · {circuit.grade} · {circuit.name}"


@door(Permission.WORK_TICKETS)
def report(request: ConsoleRequest) -> HttpResponse:
    """Look the customer or the circuit up, say what is known, and take the report."""
    customer_id, circuit_id = _chosen(request)
    if customer_id is None:
        return _search(request)
    customer = customers.customer(request.actor, customer_id)
    lines = circuits.circuit_list(
        request.actor, circuits.CircuitFilters(customer_id=customer_id), sort="-state", size=MANY
    ).object_list
    people, answers = customers.contacts(customer_id), []
    initial = {"circuit_id": circuit_id, "contact_id": _id(request.GET.get("contact")), "origin": Origin.PHONE}
    form = ReportForm(request.POST or None, lines=list(lines), people=people, initial=initial)

    def act(given: dict[str, Any]) -> None:
        wanted = Report(**given, customer_id=customer_id)
        answers.append(report_fault(wanted, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _answer(answers[0]))
        return redirect("web:ticket", answers[0].ticket.pk)
    context = {
        "customer": customer,
        "people": people,
        "lines": [(circuit, state_of(circuit)) for circuit in lines if circuit.live_state],
        "form": form,
        "known": known_faults(customer_id, actor=request.actor),
        "chosen": circuit_id,
    }
    return render(request, "web/tickets/report.html", context, status=422 if form.errors else 200)


def _chosen(request: ConsoleRequest) -> tuple[int | None, int | None]:
    """Return the customer and the circuit the URL names; a circuit names its customer."""
    customer, circuit = _id(request.GET.get("customer")), _id(request.GET.get("circuit"))
    if circuit is not None:
        return circuits.visible_circuit(request.actor, circuit).customer_id, circuit
    return customer, None


def _id(given: str | None) -> int | None:
    return int(given) if given and given.isdecimal() and len(given) < 18 else None


def _search(request: ConsoleRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    found = search.find(text, request.actor, kinds=("customer", "circuit"), limit=20) if text else []
    return render(request, "web/tickets/report_search.html", {"text": text, "found": found})


def _answer(answer: Answer) -> str:
    """Say what the caller is told."""
    if not answer.was_known:
        return _("Opened %(number)s.") % {"number": answer.ticket.number}
    said = _("Already known since %(since)s; the report is on %(number)s.") % {
        "since": absolute_words(answer.known_since or answer.ticket.opened_at),
        "number": answer.ticket.number,
    }
    if answer.next_update_at:
        said += " " + _("Next update at %(at)s.") % {"at": absolute_words(answer.next_update_at)}
    return said


urlpatterns = [path("tickets/report", report, name="ticket-report")]
