"""Contact notes: write one in two clicks, find them, finish the next step (K1)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.portfolios.actions import notes as actions
from mainstay.accounts.portfolios.choices import NoteChannel, Outcome
from mainstay.accounts.portfolios.queries import notes as queries
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.portfolios.frame import tabs

HEAD = (
    gettext_lazy("When"), gettext_lazy("Customer"), gettext_lazy("Code"), gettext_lazy("Whom you talked to"),
    gettext_lazy("Contact by"), gettext_lazy("Outcome"), gettext_lazy("What was talked about"),
    gettext_lazy("Next step"),
    gettext_lazy("Until"), gettext_lazy("By"),
)  # fmt: skip


class NoteForm(forms.Form):
    """A talk with a customer; what is most likely is chosen already."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Contact by"),
        choices=NoteChannel.choices,
        widget=forms.RadioSelect,
        initial=NoteChannel.PHONE,
    )
    contact = forms.TypedChoiceField(
        label=gettext_lazy("Whom you talked to"),
        coerce=int,
        required=False,
        empty_value=None,
    )
    person = forms.CharField(label=gettext_lazy("Somebody else"), max_length=60, required=False)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect, initial=Outcome.GOOD
    )
    text = forms.CharField(
        label=gettext_lazy("What was talked about"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_step = forms.CharField(label=gettext_lazy("Next step"), max_length=200, required=False)
    next_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("It stands in My day on that day."),
    )  # fmt: skip
    at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
    )  # fmt: skip

    def __init__(self, people: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["contact"].choices = [("", "—"), *((c.pk, f"{c.name} · {c.get_role_display()}") for c in people)]

    def wanted(self, customer_id: int) -> actions.NewNote:
        """Return what was written."""
        given = dict(self.cleaned_data)
        return actions.NewNote(customer_id, contact_id=given.pop("contact"), **given)


def blank_note(people: list[Any]) -> NoteForm:
    """Return the form as it opens on a customer's page: now, by phone, with the first contact, content."""
    first = people[0].pk if people else None
    return NoteForm(people, initial={"at": timezone.localtime(), "contact": first}, auto_id="note-%s")


@door()
def write(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Note a talk with a customer."""
    customer = customers.customer(request.actor, pk)
    people = customers.contacts(pk)
    form = NoteForm(people, request.POST) if request.method == "POST" else blank_note(people)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.note_contact(form.wanted(pk), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Noted."))
        return back(request, f"/customers/{pk}")
    return render(request, "web/portfolios/note.html", {"form": form, "customer": customer})


class WhomForm(forms.Form):
    """Which customer a note is about."""

    customer = forms.CharField(
        label=gettext_lazy("Customer"), max_length=120, help_text=gettext_lazy("Its code or full name."),
        widget=forms.TextInput(attrs={"list": "customers", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer(self) -> int:
        """Return the customer's id."""
        return int(customer_named(self.actor, self.cleaned_data["customer"]).pk)


@door()
def whom(request: ConsoleRequest) -> HttpResponse:
    """Choose the customer of a note, from My day."""
    form = WhomForm(request.actor, request.GET if "customer" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("web:note-new", form.cleaned_data["customer"])
    return render(request, "web/portfolios/whom.html", {"form": form, "customers": offered(request.actor)})


@require_POST
@door()
def finish(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Note that a next step is done."""
    actions.finish_step(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("Done."))
    return back(request, "/pool/notes")


@door()
def notes(request: ConsoleRequest) -> HttpResponse:
    """List contact notes of the customers one sees, the newest first."""
    rows = queries.notes(request.actor, wanted_of(request))
    if listing.wants_file(request):
        return listing.list_file(request, "contact-notes", HEAD, rows.iterator(chunk_size=1000), cells)
    context = {
        "tabs_shown": tabs("contact-notes", request.actor),
        "page": listing.page_of(rows, request), "filters": filters(request.actor),
        "today": timezone.localdate(), "data_at": timezone.now(), **listing.export_urls(request),
    }  # fmt: skip
    return render(request, "web/portfolios/notes.html", context)


def wanted_of(request: ConsoleRequest, customer_id: int | None = None) -> queries.NoteFilters:
    """Read the filters of the address."""
    given = request.GET
    return queries.NoteFilters(
        text=given.get("q", "") if customer_id is None else "", channel=given.get("channel", ""),
        outcome=given.get("outcome", ""), customer_id=customer_id or listing.number_of(given.get("customer")),
        user_id=request.actor.user_id if given.get("mine") else None,
        from_at=listing.day_start(listing.day_of(given.get("from"))),
        to_at=listing.day_end(listing.day_of(given.get("to"))), open_steps=bool(given.get("open")),
    )  # fmt: skip


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": gettext_lazy("Text, customer, person"), "kind": "search"},
        {"name": "channel", "label": gettext_lazy("Contact by"), "options": NoteChannel.choices},
        {"name": "outcome", "label": gettext_lazy("Outcome"), "options": Outcome.choices},
        {"name": "from", "label": gettext_lazy("From day"), "kind": "date"},
        {"name": "to", "label": gettext_lazy("To day"), "kind": "date"},
        {"name": "mine", "label": gettext_lazy("Mine"), "kind": "toggle"},
        {"name": "open", "label": gettext_lazy("Next step open"), "kind": "toggle"},
    ]


def cells(note: Any) -> tuple[object, ...]:
    """Return a note as a row of a file."""
    until: date | str = note.next_on or ""
    return (note.at, note.customer.name, note.customer.code, note.person,
            note.get_channel_display(), note.get_outcome_display(), note.text, note.next_step, until,
            note.by_name)  # fmt: skip


urlpatterns = [
    path("customers/<int:pk>/note", write, name="note-new"),
    path("pool/notes", notes, name="contact-notes"),
    path("pool/notes/new", whom, name="note-whom"),
    path("pool/notes/<int:pk>/done", finish, name="note-done"),
]
