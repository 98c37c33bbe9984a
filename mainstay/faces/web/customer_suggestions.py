"""What customers propose on building, managing and improving service, who answers and what (S1 2.2.3)."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import suggestions as actions
from mainstay.accounts.customers.choices import SuggestionAbout, SuggestionState
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WAITING = ("waiting", gettext_lazy("Unanswered"))


def suggestions(request: ConsoleRequest, customer: Any, _at: datetime) -> dict[str, Any]:
    """Return what this customer proposed, newest first (2 queries)."""
    rows = beside.suggestions(request.actor, customer_id=customer.pk, state=request.GET.get("state", ""))
    return {"page": listing.page_of(rows, request), "filters": _filters()[:1], "of_customer": True,
            "may_note": request.actor.may(Permission.WORK_TICKETS), "today": timezone.localdate()}  # fmt: skip


def _filters() -> list[dict[str, Any]]:
    return [
        {"name": "state", "label": _("State"), "kind": "chips", "options": [WAITING, *SuggestionState.choices]},
        {"name": "q", "label": _("Words or customer"), "kind": "search"},
    ]


@door()
def all_suggestions(request: ConsoleRequest) -> HttpResponse:
    """List what all customers of the reader proposed."""
    given = request.GET
    rows = beside.suggestions(request.actor, state=given.get("state", ""), text=given.get("q", "").strip())
    context = {"page": listing.page_of(rows, request), "filters": _filters(), "today": timezone.localdate(),
               "may_note": request.actor.may(Permission.WORK_TICKETS)}  # fmt: skip
    return render(request, "web/customers/suggestions.html", context)


class SuggestionForm(forms.Form):
    """What was proposed."""

    about = forms.ChoiceField(
        label=pgettext_lazy("suggestion", "About"), choices=SuggestionAbout.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=gettext_lazy("What they propose"), widget=forms.Textarea(attrs={"rows": 4}))
    made_on = forms.DateField(label=gettext_lazy("Made on"), widget=DATE)
    contact_id = forms.TypedChoiceField(
        label=gettext_lazy("Who proposes it"), required=False, coerce=int, empty_value=None
    )
    owner_id = forms.TypedChoiceField(label=gettext_lazy("Who answers"), required=False, coerce=int, empty_value=None)
    due_on = forms.DateField(label=gettext_lazy("To be answered by"), required=False, widget=DATE)

    def __init__(self, customer_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        people = queries.contacts(customer_id)
        fields["contact_id"].choices = [("", "—"), *((str(p.pk), f"{p.name} · {p.get_role_display()}") for p in people)]
        staff = identity.names_permitted(Permission.WORK_TICKETS)
        fields["owner_id"].choices = [("", "—"), *((str(pk), name) for pk, name in staff)]


@door(Permission.WORK_TICKETS)
def new_suggestion(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Write a customer's suggestion down."""
    customer = queries.customer(request.actor, pk)
    initial = {"made_on": timezone.localdate(), "owner_id": request.actor.user_id, "about": SuggestionAbout.SERVICE}
    form = SuggestionForm(pk, request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        actions.note_suggestion(pk, actions.NewSuggestion(**given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Noted."))
        return redirect(suggestions_tab(pk))
    return _form(request, form, customer, _("Note a suggestion"))


class AnswerForm(forms.Form):
    """What becomes of it."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=SuggestionState.choices, widget=forms.RadioSelect)
    answer = forms.CharField(label=gettext_lazy("What the customer is answered"), required=False,
                             widget=forms.Textarea(attrs={"rows": 4}))  # fmt: skip


@door(Permission.WORK_TICKETS)
def answer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say what becomes of a suggestion."""
    found = actions.visible_suggestion(request.actor, pk)
    form = AnswerForm(request.POST or None, initial={"state": found.state, "answer": found.answer})

    def act(given: dict[str, Any]) -> None:
        actions.answer_suggestion(pk, given["state"], given["answer"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(suggestions_tab(found.customer_id))
    return _form(request, form, found.customer, _("Answer the suggestion"), told=found.text)


def _form(request: ConsoleRequest, form: forms.Form, customer: Any, title: Any, told: str = "") -> HttpResponse:
    context = {"form": form, "customer": customer, "title": title, "told": told}
    return render(request, "web/customers/form.html", context, status=422 if form.errors else 200)


def suggestions_tab(pk: int) -> str:
    """Return the tab of a customer's suggestions."""
    return reverse("web:customer", args=[pk]) + "?tab=suggestions"


urlpatterns = [
    path("suggestions", all_suggestions, name="suggestions"),
    path("customers/<int:pk>/suggestions/new", new_suggestion, name="suggestion-new"),
    path("suggestions/<int:pk>", answer, name="suggestion"),
]
