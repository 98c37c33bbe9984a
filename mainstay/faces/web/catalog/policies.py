"""Marketing policies: the list, one whole, writing them (D4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies as queries
from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.actions import policies as actions
from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.faces.web.catalog.tabs import tabs
from mainstay.faces.web.catalog.tariffs import DAY
from mainstay.faces.web.customer_tabs import entry_told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.offered import POLICIES, for_whom
from mainstay.faces.web.lists.showing import show
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import queries as journal

TICKS = forms.CheckboxSelectMultiple


class PolicyForm(forms.Form):
    """A marketing policy; what is not ticked anywhere is for all."""

    code = forms.CharField(label=_("Number"), max_length=32)
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}))
    valid_from = forms.DateField(label=_("Valid from"), widget=DAY)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=DAY,
                               help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip
    source = forms.CharField(label=_("Document"), required=False, max_length=120)
    region_code = forms.ChoiceField(label=_("Region"), required=False)
    customer_kinds = forms.MultipleChoiceField(
        label=_("Kinds of customers"), required=False, widget=TICKS, choices=CustomerKind.choices,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    grades = forms.MultipleChoiceField(label=_("Service grades"), required=False, widget=TICKS,
                                       choices=ServiceGrade.choices, help_text=_("None ticked: all."))  # fmt: skip
    industries = forms.MultipleChoiceField(label=_("Trades"), required=False,
                                           help_text=_("None chosen: all; Ctrl chooses several."))  # fmt: skip
    products = forms.MultipleChoiceField(label=_("Products"), required=False,
                                         help_text=_("None chosen: all; Ctrl chooses several."))  # fmt: skip
    figures = forms.CharField(label=_("Figures"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
                              help_text=_("One a line, as label: value."))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = {
            "region_code": [("", gettext("everywhere")), *queries.regions_to_choose()],
            "industries": queries.top_industries(), "products": [(p.code, p.name) for p in catalog.products()],
        }  # fmt: skip
        for name, choices in options.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> actions.NewPolicy:
        """Return the policy."""
        given = self.cleaned_data
        lists: dict[str, Any] = {
            name: tuple(given[name]) for name in ("customer_kinds", "grades", "industries", "products")
        }
        plain = {name: given[name] for name in actions.PLAIN}
        return actions.NewPolicy(**plain, **lists, figures=labelled(given["figures"]))


def labelled(text: str) -> tuple[tuple[str, str], ...]:
    """Read lines of "label: value"; a line without a colon is a value of its own."""
    found = []
    for line in text.replace("：", ":").splitlines():
        label, _colon, value = line.partition(":")
        if line.strip():
            found.append((label.strip(), value.strip()))
    return tuple(found)


def lines_of(pairs: list[dict[str, str]]) -> str:
    """Return labels and values as they are written."""
    return "\n".join(f"{pair['label']}: {pair['value']}" if pair["value"] else pair["label"] for pair in pairs)


@door()
def policies(request: ConsoleRequest) -> HttpResponse:
    """List the marketing policies, the latest first."""
    more = tabs("policies") | {"may_write": request.actor.may(Permission.SETTINGS)}
    return show(request, POLICIES, "web/catalog/policies.html", **more)


@door()
def policy(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a marketing policy."""
    row, today = queries.policy(pk), timezone.localdate()
    context = {
        "policy": row, "state": queries.state_of(row, today).label, "kinds": for_whom(row),
        "grades": [ServiceGrade(grade).label for grade in row.grades],
        "industries": list(queries.industry_names(row.industries).values()),
        "region": dict(queries.regions_to_choose()).get(row.region_code, ""),
        "may_write": request.actor.may(Permission.SETTINGS),
        "history": [entry_told(each) for each in journal.history_of("policy", pk, actor=request.actor)[:20]],
    }  # fmt: skip
    return render(request, "web/catalog/policy.html", context)


@door(Permission.SETTINGS)
def new_policy(request: ConsoleRequest) -> HttpResponse:
    """Write a marketing policy down."""
    return _edit(
        request, None, {"valid_from": timezone.localdate()}, (_("Marketing policies"), reverse("web:policies"))
    )


@door(Permission.SETTINGS)
def edit_policy(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a marketing policy: its version counts up."""
    row = queries.policy(pk)
    initial = {name: getattr(row, name) for name in (*actions.PLAIN, *actions.LISTS)}
    initial |= {"products": [p.code for p in row.products.all()], "figures": lines_of(row.figures)}
    return _edit(request, pk, initial, (row.title, reverse("web:policy", args=[pk])))


def _edit(request: ConsoleRequest, pk: int | None, initial: dict[str, Any], up: tuple[Any, str]) -> HttpResponse:
    form, made = PolicyForm(request.POST or None, initial=initial), list[Any]()

    def act(_given: dict[str, Any]) -> None:
        made.append(actions.save_policy(form.wanted(), policy_id=pk, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("web:policy", made[0].pk)
    title = _("New marketing policy") if pk is None else initial["title"]
    return render(request, "web/catalog/form.html", {"form": form, "title": title, "up": up})


urlpatterns = [
    path("catalogue/policies", policies, name="policies"),
    path("catalogue/policies/new", new_policy, name="policy-new"),
    path("catalogue/policies/<int:pk>", policy, name="policy"),
    path("catalogue/policies/<int:pk>/edit", edit_policy, name="policy-edit"),
]
