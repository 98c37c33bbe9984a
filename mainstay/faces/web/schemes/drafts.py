"""Schemes for customers: the list, drafting one with prices, one whole, its PDF (D4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog import policies
from mainstay.accounts.catalog.choices import Reach
from mainstay.accounts.schemes import papers, queries
from mainstay.accounts.schemes.actions import drafts as actions
from mainstay.accounts.schemes.choices import MOST_MONTHS, MOST_SITES, Counting, PartKind, SchemeType
from mainstay.accounts.schemes.drawing import ways
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.catalog.tabs import tabs
from mainstay.faces.web.catalog.tariffs import DAY, SpeedField
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.offered import speed_words
from mainstay.faces.web.lists.schemes import SCHEMES
from mainstay.faces.web.lists.showing import show
from mainstay.faces.web.schemes.templates import lines_of
from mainstay.platform.documents import queries as documents
from mainstay.platform.identity.choices import Permission


class DraftForm(forms.Form):
    """For whom, how many sites, how fast, where, for how long."""

    customer = forms.CharField(
        label=_("Customer"), max_length=120, help_text=_("Its code or full name."),
        widget=forms.TextInput(attrs={"list": "customers", "autocomplete": "off"}),
    )  # fmt: skip
    model = forms.TypedChoiceField(label=_("Scheme model"), coerce=int)
    title = forms.CharField(label=_("Title"), max_length=160, required=False, help_text=_("Empty: the model's name."))
    sites = forms.IntegerField(label=_("Number of sites"), min_value=1, max_value=MOST_SITES, initial=2)
    speed = SpeedField(label=_("Speed"), required=False, max_length=20, help_text=_("E.g. 10M; empty: none."))
    reach = forms.ChoiceField(label=_("Reach"), choices=[choice for choice in Reach.choices if choice[0]])
    region = forms.ChoiceField(label=_("Region"), required=False)
    term_months = forms.IntegerField(label=_("Term, months"), min_value=1, max_value=MOST_MONTHS, initial=24)
    on = forms.DateField(label=_("Prices of"), widget=DAY)
    remark = forms.CharField(label=_("Remark"), required=False, max_length=2_000,
                             widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip

    def __init__(self, actor: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["model"].choices = queries.released()  # type: ignore[attr-defined]
        own = [("", gettext("the customer's own"))]
        self.fields["region"].choices = [*own, *policies.regions_to_choose()]  # type: ignore[attr-defined]

    def clean_customer(self) -> int:
        """Return the customer's id."""
        return int(customer_named(self.actor, self.cleaned_data["customer"]).pk)


@door()
def schemes(request: ConsoleRequest) -> HttpResponse:
    """List the schemes drafted for customers within the reader's scope."""
    more = tabs("schemes") | {"may_write": request.actor.may(Permission.WRITE_CUSTOMERS)}
    return show(request, SCHEMES, "web/schemes/schemes.html", **more)


@door(Permission.WRITE_CUSTOMERS)
def new_scheme(request: ConsoleRequest) -> HttpResponse:
    """Draft a scheme for a customer from a model, with the prices of a day."""
    given = request.GET
    initial = {"customer": given.get("customer", ""), "model": given.get("model", ""), "on": timezone.localdate()}
    form, made = DraftForm(request.actor, request.POST or None, initial=initial), list[Any]()

    def act(given: dict[str, Any]) -> None:
        wanted = actions.NewDraft(
            given["customer"], given["model"], given["on"], given["sites"], given["speed"], given["reach"],
            given["region"], given["term_months"], given["title"], given["remark"],
        )  # fmt: skip
        made.append(actions.draft_scheme(wanted, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("%(number)s is drafted.") % {"number": made[0].number})
        return redirect("web:scheme", made[0].pk)
    context = {"form": form, "customers": offered(request.actor), "up": reverse("web:schemes")}
    return render(request, "web/schemes/new.html", context)


@door()
def scheme(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a customer's scheme: what it costs, of which parts, how it is built, and its documents."""
    row = queries.draft(request.actor, pk)
    papers_made = documents.visible_to(request.actor).filter(about=f"scheme:{pk}").order_by("-pk")
    context = {
        "scheme": row, "content": row.content, "kind": SchemeType(row.content["scheme_type"]).label,
        "speed": speed_words(row.speed_kbps), "ways": ways(row.content["drawing"]),
        "once": yuan(row.one_time_fen), "monthly": yuan(row.monthly_fen), "total": yuan(row.total_fen),
        "lines": [line_told(line) for line in row.lines], "advantages": lines_of(row.content["advantages"]),
        "limits": lines_of(row.content["limits"]), "papers": list(papers_made),
        "may_write": request.actor.may(Permission.WRITE_CUSTOMERS),
    }  # fmt: skip
    return render(request, "web/schemes/scheme.html", context)


def line_told(line: dict[str, Any]) -> dict[str, Any]:
    """Return a priced part in words."""
    known = line["one_time_fen"] is not None
    return line | {
        "kind_words": PartKind(line["kind"]).label, "counting_words": Counting(line["counting"]).label,
        "speed_words": speed_words(line["speed_kbps"]) if line["speed_kbps"] else "",
        "once": yuan(line["one_time_sum_fen"]) if known else "",
        "monthly": yuan(line["monthly_sum_fen"]) if known else "",
        "each_once": yuan(line["one_time_fen"] or 0), "each_monthly": yuan(line["monthly_fen"] or 0),
    }  # fmt: skip


@require_POST
@door(Permission.WRITE_CUSTOMERS)
def scheme_document(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Set a scheme as a PDF in a language, and keep it as a document."""
    language = request.POST.get("language", "") or get_language() or ""
    language = language if language in ("zh-hans", "en") else "zh-hans"
    made = papers.set_document(pk, language, at=timezone.now(), by=request.actor)
    messages.success(request, gettext("The document is made."))
    return redirect("web:document", made.pk)


urlpatterns = [
    path("schemes", schemes, name="schemes"),
    path("schemes/new", new_scheme, name="scheme-new"),
    path("schemes/<int:pk>", scheme, name="scheme"),
    path("schemes/<int:pk>/document", scheme_document, name="scheme-document"),
]
