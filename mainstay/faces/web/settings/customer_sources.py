"""Which systems keep customers up to date, and whose word counts for which field (A4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers.actions import delivering
from mainstay.accounts.customers.choices import Verdict
from mainstay.faces.web.change_fields import FIELDS
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission


def field_label(name: str) -> Any:
    """Return what a deliverable field is called."""
    return FIELDS.get(name.removesuffix("_id"), name)


class SourceForm(forms.Form):
    """A system and the rules of its word."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=80)
    user_id = forms.TypedChoiceField(
        label=_("It calls as"), required=False, coerce=int, empty_value=None,
        help_text=_("A user with the duty “system client”, whose token it uses."),
    )  # fmt: skip
    active = forms.BooleanField(label=_("It may deliver"), required=False, initial=True)
    otherwise = forms.ChoiceField(label=_("Fields without a rule"), choices=Verdict.choices, initial=Verdict.FILL)

    def __init__(self, *args: Any, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        callers = identity.names_permitted(Permission.DELIVER_CUSTOMERS)
        self.fields["user_id"].choices = [("", "—"), *((str(pk), name) for pk, name in callers)]  # type: ignore[attr-defined]
        if known:
            del self.fields["code"]
        for name in delivering.DELIVERABLE:
            self.fields[f"rule_{name}"] = forms.ChoiceField(
                label=field_label(name), required=False, choices=[("", "—"), *Verdict.choices]
            )

    def wanted(self) -> delivering.SourceSettings:
        """Return what was laid down."""
        given = self.cleaned_data
        rules = {name: given[f"rule_{name}"] for name in delivering.DELIVERABLE if given[f"rule_{name}"]}
        return delivering.SourceSettings(
            given["name"], given["otherwise"], rules, user_id=given["user_id"], active=given["active"]
        )


@door(Permission.SETTINGS)
def customer_sources(request: ConsoleRequest) -> HttpResponse:
    """List the systems and their rules."""
    words = dict(Verdict.choices)
    rows = [
        {"source": source, "otherwise": words[source.otherwise],
         "rules": [(field_label(rule.field), words[rule.verdict]) for rule in source.rules.all()]}
        for source in beside.sources()
    ]  # fmt: skip
    return show(request, "customer_sources", "settings-customer-sources", rows=rows)


@door(Permission.SETTINGS)
def new_source(request: ConsoleRequest) -> HttpResponse:
    """Let another system deliver."""
    return _edit(request, None)


@door(Permission.SETTINGS)
def source(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a system and its rules."""
    row = next((row for row in beside.sources() if row.pk == pk), None)
    if row is None:
        raise Http404
    return _edit(request, row)


def _edit(request: ConsoleRequest, row: Any) -> HttpResponse:
    form = SourceForm(request.POST or None, known=row is not None, initial=_initial(row))

    def act(given: dict[str, Any]) -> None:
        code = row.code if row else given["code"]
        delivering.save_source(code, form.wanted(), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved. It holds for what is delivered from now on."))
        return redirect("web:settings-customer-sources")
    up = {"url": reverse("web:settings-customer-sources")}
    title = row.name if row else _("New source of customers")
    return show(request, "form", "settings-customer-sources", form=form, title=title, verb=_("Save"), up=up)


def _initial(row: Any) -> dict[str, Any]:
    if row is None:
        return {"active": True}
    said = {name: getattr(row, name) for name in ("name", "user_id", "active", "otherwise")}
    return said | {f"rule_{rule.field}": rule.verdict for rule in row.rules.all()}


urlpatterns = [
    path("settings/customer-sources", customer_sources, name="settings-customer-sources"),
    path("settings/customer-sources/new", new_source, name="settings-customer-source-new"),
    path("settings/customer-sources/<int:pk>", source, name="settings-customer-source"),
]
