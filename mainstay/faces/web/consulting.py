"""Ask to read sensitive fields of a customer; decide on it; see who asked for what and who read what (A3)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.consulting.actions import asking
from mainstay.accounts.consulting.choices import ConsultationState, Reason
from mainstay.accounts.consulting.queries import records
from mainstay.accounts.consulting.queries.rules import rules
from mainstay.accounts.customers import queries as customers
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.platform.identity.choices import Permission

USUAL = (Reason.FAULT, Reason.VISIT, Reason.CONTRACT, Reason.BILLING, Reason.CHECK, Reason.CORRECT, Reason.OTHER)


class ConsultForm(forms.Form):
    """What somebody needs to read, and why."""

    fields_wanted = forms.MultipleChoiceField(
        label=gettext_lazy("What you need to read"), widget=forms.CheckboxSelectMultiple, choices=[]
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"), widget=forms.RadioSelect, choices=[(each.value, each.label) for each in USUAL]
    )
    words = forms.CharField(
        label=gettext_lazy("In words"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed for another reason, and helpful where a leader must approve."),
    )  # fmt: skip

    def __init__(self, choices: list[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields_wanted"].choices = choices  # type: ignore[attr-defined]


@door()
def consult(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Ask to read fields of a customer: who may be trusted reads at once, others when a leader approved."""
    customer, known = customers.customer(request.actor, pk), rules()
    standing = asking.standing_of(request.actor, customer)
    offered = [rule for rule in known.values() if rule.guarded and _concerns(rule.key, customer.kind)]
    choices = [(rule.key, _choice(rule, bool(standing & set(rule.at_once)))) for rule in offered]
    next_url = _next(request, reverse("web:customer", args=[pk]))
    wanted = [key for key in request.GET.getlist("field") if key in dict(choices)]
    initial = {"fields_wanted": wanted or [key for key, _label in choices[:1]]}
    form = ConsultForm(choices, request.POST or None, initial=initial)
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        question = asking.Question(pk, tuple(given["fields_wanted"]), given["reason"], given["words"])
        made.extend(asking.ask(question, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        _say(request, made)
        return redirect(next_url)
    context = {"form": form, "customer": customer, "next_url": next_url,
               "open": records.open_now(request.actor, pk, at=timezone.now()), "labels": _labels(known)}  # fmt: skip
    return render(request, "web/consulting/ask.html", context, status=422 if form.errors else 200)


def _concerns(key: str, kind: str) -> bool:
    """Leave out what a customer of this kind does not have."""
    of_individuals = ("individual.phone", "customer.identity_number", "customer.birthday_on")
    return (key != "customer.phone") if kind == "individual" else key not in of_individuals


def _choice(rule: Any, at_once: bool) -> str:
    if not at_once:
        return _("%(field)s — a leader must approve") % {"field": rule.label}
    if rule.minutes:
        return _("%(field)s — at once, for %(n)s minutes") % {"field": rule.label, "n": rule.minutes}
    return _("%(field)s — at once, for today") % {"field": rule.label}


def _labels(known: Any) -> dict[str, str]:
    return {key: str(rule.label) for key, rule in known.items()}


def _next(request: HttpRequest, otherwise: str) -> str:
    given = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if given and safe else otherwise


def _say(request: ConsoleRequest, made: list[Any]) -> None:
    if any(each.state == ConsultationState.GRANTED for each in made):
        messages.success(request, _("Shown to you now; your reading is on record."))
    if any(each.state == ConsultationState.ASKED for each in made):
        messages.info(request, _("A leader must approve; it shows here when it is decided."))


@door()
def consultations(request: ConsoleRequest) -> HttpResponse:
    """List who asked to read what and why, what was answered, and what was read; what waits comes first."""
    given = request.GET
    wanted = records.RecordFilter(
        state=given.get("state", ""), reason=given.get("reason", ""), text=given.get("q", "").strip(),
        customer_id=listing.number_of(given.get("customer")),
        from_at=listing.day_start(listing.day_of(given.get("from"))),
        to_at=listing.day_end(listing.day_of(given.get("to"))),
    )  # fmt: skip
    page = listing.page_of(records.consultations(request.actor, wanted), request)
    read = records.readings([row.pk for row in page.object_list])
    labels = _labels(rules())
    at = timezone.now()
    page.object_list = [told(row, read.get(row.pk, []), labels, request, at) for row in page.object_list]
    waiting = [told(row, [], labels, request, at) for row in records.waiting(request.actor)[:20]]
    filters = [
        {"name": "q", "label": _("Person, customer or words"), "kind": "search"},
        {"name": "state", "label": _("State"), "kind": "chips", "options": ConsultationState.choices},
        {"name": "reason", "label": _("Reason"), "kind": "choice", "options": Reason.choices},
        {"name": "from", "label": _("From day"), "kind": "date"},
        {"name": "to", "label": _("To day"), "kind": "date"},
    ]
    context = {"page": page, "waiting": waiting, "filters": filters,
               "others": records.may_see_others(request.actor)}  # fmt: skip
    return render(request, "web/consulting/consultations.html", context)


def told(row: Any, readings: list[Any], labels: dict[str, str], request: ConsoleRequest, at: Any) -> dict[str, Any]:
    """Return a consultation as a row."""
    granted = row.state == ConsultationState.GRANTED
    return {
        "row": row,
        "fields": [labels.get(key, key) for key in row.fields],
        "readings": [(labels.get(each.key, each.key), each.label, each.at) for each in readings],
        "running": granted and row.until_at is not None and row.until_at > at,
        "may_decide": row.state == ConsultationState.ASKED and row.asked_by_id != request.actor.user_id
        and request.actor.may(Permission.APPROVE_CONSULTING),
        "may_withdraw": row.asked_by_id == request.actor.user_id
        and (row.state == ConsultationState.ASKED or (granted and row.until_at > at)),
    }  # fmt: skip


@require_POST
@door(Permission.APPROVE_CONSULTING)
def decide(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Grant or refuse what somebody else asked for."""
    grant = request.POST.get("answer") == "grant"
    asking.decide(pk, grant=grant, note=request.POST.get("note", ""), at=timezone.now(), by=request.actor)
    messages.success(request, _("Granted.") if grant else _("Refused."))
    return back(request, reverse("web:consultations"))


@require_POST
@door()
def withdraw(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take one's own question back, or close what one was granted."""
    asking.withdraw(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("Closed; the fields are masked again."))
    return back(request, reverse("web:consultations"))


def ask_url(customer_id: int, *keys: str) -> str:
    """Return where to ask for fields of a customer."""
    return f"{reverse('web:consult', args=[customer_id])}?{urlencode([('field', key) for key in keys])}"


urlpatterns = [
    path("customers/<int:pk>/consult", consult, name="consult"),
    path("consultations", consultations, name="consultations"),
    path("consultations/<int:pk>/decide", decide, name="consultation-decide"),
    path("consultations/<int:pk>/withdraw", withdraw, name="consultation-withdraw"),
]
