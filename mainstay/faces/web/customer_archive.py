"""The archive of one customer: each field with its last change, agents, other systems' words, which store (A1–A4)."""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.consulting.queries import records
from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import agents, delivering
from mainstay.accounts.customers.actions import customers as actions
from mainstay.accounts.customers.choices import MOVED_BY_HAND, Archive
from mainstay.faces.web.change_fields import FIELDS
from mainstay.faces.web.changes import value_words
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.sight import shown, sight_of
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places

SENSITIVE = frozenset({"phone", "identity_number", "birthday_on", "tax_number", "bank_account"})
ONLY_INDIVIDUALS = frozenset({"identity_kind", "identity_number", "birthday_on", "employer"})
NOT_INDIVIDUALS = frozenset({"short_name", "ownership", "industry_id"})


class Group(NamedTuple):
    """Fields that belong together."""

    title: str | Promise
    icon: str
    fields: tuple[str, ...]


GROUPS = (
    Group(gettext_lazy("Who they are"), "building",
          ("name", "short_name", "kind", "parent_id", "industry_id", "ownership", "since_on")),
    Group(gettext_lazy("Tax and bank"), "coins",
          ("taxpayer_kind", "tax_number", "invoice_title", "bank_name", "bank_account")),
    Group(gettext_lazy("The person"), "id", ("identity_kind", "identity_number", "birthday_on", "employer")),
    Group(gettext_lazy("Where"), "map-pin", ("region_id", "address", "phone")),
    Group(gettext_lazy("Grade"), "star", ("service_grade", "grade_reason", "is_special")),
    Group(gettext_lazy("Who looks after them"), "users",
          ("account_manager_id", "customer_engineer_id", "sales_person_id")),
)  # fmt: skip
NAMED = {
    "parent_id": "parent", "industry_id": "industry", "region_id": "region", "account_manager_id": "account_manager",
    "customer_engineer_id": "customer_engineer", "sales_person_id": "sales_person",
}  # fmt: skip
KNOWN = frozenset(name for group in GROUPS for name in group.fields) | {"archive"}
SOURCES = {
    "console": gettext_lazy("Console"), "import": gettext_lazy("Import"), "system": gettext_lazy("Mainstay itself"),
}  # fmt: skip


def asked_of(kind: str, name: str) -> bool:
    """Say whether a field makes sense for a kind of customer."""
    return name not in (NOT_INDIVIDUALS if kind == "individual" else ONLY_INDIVIDUALS)


def archive(request: ConsoleRequest, customer: Any, at: datetime) -> dict[str, Any]:
    """Return every field with its last change, agents, what other systems said, and who read what (9 queries)."""
    latest = beside.latest_changes(request.actor, customer.pk)
    groups = [(group, [_field(request, customer, name, latest.get(name)) for name in group.fields
                       if asked_of(customer.kind, name)]) for group in GROUPS]  # fmt: skip
    others = records.may_see_others(request.actor)
    wanted = records.RecordFilter(customer_id=customer.pk)
    agencies = beside.agencies(customer.pk)
    return {
        "groups": [(group, rows) for group, rows in groups if rows],
        "agencies": agencies,
        "running_agents": sum(row.until_on is None for row in agencies),
        "differences": [difference_told(request, row) for row in beside.differences(request.actor,
                                                                                   customer_id=customer.pk)],
        "deliveries": beside.deliveries(request.actor, customer.pk)[:5],
        "consulted": list(records.consultations(request.actor, wanted)[:5]) if others else [],
        "consulted_shown": others,
        "retained_days": beside.retained_for(customer, on=at),
    }  # fmt: skip


def _field(request: ConsoleRequest, customer: Any, name: str, change: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": FIELDS.get(NAMED.get(name, name), name),
        "sensitive": name in SENSITIVE,
        "value": "" if name in SENSITIVE else _value(customer, name),
        "change": change,
        "source": source_words(change.source) if change else "",
        "url": reverse("web:customer-field", args=[customer.pk, name]),
    }


def _value(customer: Any, name: str) -> str:
    if name in NAMED:
        found = getattr(customer, NAMED[name])
        return str(getattr(found, "display_name", found)) if found else "—"
    display = getattr(customer, f"get_{name}_display", None)
    return str(display() or "—") if display else value_words(name, getattr(customer, name))


def source_words(source: str) -> str:
    """Say where a change came from."""
    return str(SOURCES.get(source, source))


@door()
def field_history(request: ConsoleRequest, pk: int, field: str) -> HttpResponse:
    """Show the history of one field: who, when, from what to what, why, from which source (A4)."""
    if field not in KNOWN:
        raise Http404
    customer = queries.customer(request.actor, pk)
    rows = beside.field_history(request.actor, pk, field)
    sight, names = sight_of(request), _names(field, rows)

    def words(value: Any) -> str:
        covered = sight.hide("customer", {field: value}, customer_id=pk)[field]
        return names.get(str(value)) or value_words(NAMED.get(field, field), covered)

    story = [{"change": row, "was": words(row.was), "now": words(row.now), "source": source_words(row.source)}
             for row in rows]  # fmt: skip
    context = {"customer": customer, "label": FIELDS.get(NAMED.get(field, field), field), "story": story,
               "field": field, "current": shown(sight, customer, field) if field in SENSITIVE else None,
               "value": "" if field in SENSITIVE or field == "archive" else _value(customer, field)}  # fmt: skip
    return render(request, "web/customers/field.html", context)


def _names(field: str, rows: list[Any]) -> dict[str, str]:
    """Return what the keys in a history stand for, by key as text (at most 1 query)."""
    if field == "region_id":
        return {row.code: row.name for row in places.regions()}
    if field == "industry_id":
        return {row.code: row.name for row in places.industries()}
    if field.endswith(("manager_id", "engineer_id", "person_id")):
        return {str(user.pk): user.display_name for user in identity.users()}
    if field == "parent_id":
        keys = {int(value) for row in rows for value in (row.was, row.now) if str(value).isdecimal()}
        return {str(pk): row.name for pk, row in queries.by_ids(keys).items()}
    return {}


def difference_told(request: ConsoleRequest, row: Any) -> dict[str, Any]:
    """Return a difference with both values as the reader may see them."""
    sight, name = sight_of(request), row.field
    both = (sight.hide("customer", {name: value}, customer_id=row.customer_id)[name]
            for value in (getattr(row.customer, name), row.theirs))  # fmt: skip
    ours, theirs = (value_words(NAMED.get(name, name), str(each) if each is not None else "") for each in both)
    return {"row": row, "label": FIELDS.get(NAMED.get(name, name), name), "ours": ours, "theirs": theirs}


class StoreForm(forms.Form):
    """Why a customer is put away."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[(r.value, r.label) for r in MOVED_BY_HAND],
                               widget=forms.RadioSelect)  # fmt: skip
    why = forms.CharField(label=gettext_lazy("What happened?"), max_length=400,
                          widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


class BackForm(forms.Form):
    """Why a customer is taken out again."""

    why = forms.CharField(label=gettext_lazy("Why does the customer come back?"), max_length=400,
                          widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip


@door(Permission.WRITE_CUSTOMERS)
def store(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Move a customer to the retained archive with the reason, or back into the active one (A2)."""
    customer = queries.customer(request.actor, pk)
    active = customer.archive == Archive.ACTIVE
    form: forms.Form = (StoreForm if active else BackForm)(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        to, by = (Archive.RETAINED if active else Archive.ACTIVE), request.actor.because(given["why"])
        actions.move_to_archive(pk, to, at=timezone.now(), by=by, reason=given.get("reason", ""))

    if request.method == "POST" and accepted(form, act):
        said = (
            _("%(name)s is in the retained archive; all history stays.") if active else _("%(name)s is active again.")
        )
        messages.success(request, said % {"name": customer})
        return redirect("web:customer", pk)
    title = _("Move to the retained archive") if active else _("Take back into the active archive")
    return render(request, "web/customers/form.html", {"form": form, "customer": customer, "title": title},
                  status=422 if form.errors else 200)  # fmt: skip


class AssignForm(forms.Form):
    """Which agent looks after the customer from when on."""

    agent = forms.TypedChoiceField(label=gettext_lazy("Agent or reseller"), coerce=int, choices=[])
    on = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


@door(Permission.WRITE_CUSTOMERS)
def assign_agent(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let an agent or reseller look after a customer."""
    customer = queries.customer(request.actor, pk)
    form = AssignForm(request.POST or None, initial={"on": timezone.localdate()})
    form.fields["agent"].choices = [("", "—"), *beside.assignable_agents(customer.region_id)]  # type: ignore[attr-defined]

    def act(given: dict[str, Any]) -> None:
        agents.assign_agent(pk, given["agent"], on=given["on"], note=given["note"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(archive_tab(pk))
    context = {"form": form, "customer": customer, "title": _("Name an agent or reseller")}
    return render(request, "web/customers/form.html", context, status=422 if form.errors else 200)


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def end_agency(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let an agent look after a customer no longer, from today."""
    row = agents.end_agency(pk, on=timezone.localdate(), at=timezone.now(), by=request.actor)
    messages.success(request, _("%(name)s no longer looks after the customer.") % {"name": row.agent.name})
    return redirect(archive_tab(row.customer_id))


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def settle(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Take what another system says of a field, or keep ours."""
    take = request.POST.get("answer") == "take"
    delivering.settle(pk, take=take, at=timezone.now(), by=request.actor)
    messages.success(request, _("Taken.") if take else _("Ours is kept."))
    return back(request, reverse("web:customers"))


def archive_tab(pk: int) -> str:
    """Return the tab of a customer's archive."""
    return reverse("web:customer", args=[pk]) + "?tab=archive"


urlpatterns = [
    path("customers/<int:pk>/fields/<slug:field>", field_history, name="customer-field"),
    path("customers/<int:pk>/archive", store, name="customer-store"),
    path("customers/<int:pk>/agents/new", assign_agent, name="customer-agent"),
    path("agencies/<int:pk>/end", end_agency, name="agency-end"),
    path("archive-differences/<int:pk>", settle, name="archive-difference"),
]
