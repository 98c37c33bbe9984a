"""Take on a customer: an organisation, a member of a group, a group, or an individual (A1)."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import customers as actions
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.accounts.customers.making import faults_in
from mainstay.domain.actor import Actor
from mainstay.faces.web.contacts import CustomerForm
from mainstay.faces.web.customer_archive import asked_of
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.duplicates.warning import resembling
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty, Permission


@dataclass(frozen=True)
class Shape:
    """What a customer is, and what its form does not ask."""

    label: str | Promise
    icon: str
    kind: str
    without: frozenset[str] = field(default_factory=frozenset)


SHAPES = {
    "organisation": Shape(gettext_lazy("Organisation"), "building", CustomerKind.ORGANISATION, frozenset({"parent"})),
    "member": Shape(gettext_lazy("Member of a group"), "building", CustomerKind.ORGANISATION),
    "group": Shape(gettext_lazy("Group"), "users", CustomerKind.GROUP, frozenset({"parent"})),
    "individual": Shape(
        gettext_lazy("Individual"),
        "user",
        CustomerKind.INDIVIDUAL,
        frozenset({"parent", "short_name", "industry_id", "ownership"}),
    ),
}


class NewCustomerForm(CustomerForm):
    """A customer that is not known yet; its shape says what is asked."""

    revision = None  # type: ignore[assignment]  # nothing to overtake yet
    why = None  # type: ignore[assignment]
    kind = None  # type: ignore[assignment]  # by the shape
    code = forms.CharField(
        label=gettext_lazy("Code"), max_length=32, help_text=gettext_lazy("As in billing; it stays for good.")
    )
    parent = forms.CharField(
        label=gettext_lazy("Group it belongs to"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "groups", "autocomplete": "off"}),
        help_text=gettext_lazy("Its code or full name."),
    )
    account_manager = forms.ChoiceField(label=gettext_lazy("Account manager"), required=False)
    field_order = ("parent", "code", "name", "short_name", "region_id", "industry_id", "ownership", "service_grade",
                   "grade_reason", "is_special", "account_manager", "customer_engineer_id")  # fmt: skip

    def __init__(self, actor: Actor, shape: Shape, *args: Any, **kwargs: Any) -> None:
        super().__init__(None, *args, **kwargs)
        self.actor, self.shape = actor, shape
        fields: Any = self.fields
        own = {"account_manager"} if actor.customer_ids is not None else set()
        fields["region_id"].choices = [("", "—"), *fields["region_id"].choices]
        others = {name for name in fields if not asked_of(shape.kind, name)}
        for name in shape.without | own | others:
            del fields[name]
        if not own:
            managers = identity.find_users(duty=Duty.ACCOUNT_MANAGER).filter(is_active=True)
            fields["account_manager"].choices = [("", "—"), *((u.username, u.display_name) for u in managers)]
            seen = [
                c for c in fields["region_id"].choices if identity.may_see(actor, customer_id=None, region_code=c[0])
            ]
            fields["region_id"].choices = seen

    def clean_parent(self) -> str:
        """Return the code of the group."""
        return str(customer_named(self.actor, self.cleaned_data["parent"]).code)

    def wanted(self) -> actions.NewCustomer:
        """Return what was asked for."""
        given = dict(self.cleaned_data)
        engineer = given.pop("customer_engineer_id")
        found = identity.user_by_id(engineer) if engineer else None
        seller = given.pop("sales_person_id")
        sold_by = identity.user_by_id(seller) if seller else None
        return actions.NewCustomer(
            kind=self.shape.kind,
            region=given.pop("region_id"),
            industry=given.pop("industry_id", "") or "",
            customer_engineer=found.username if found else "",
            sales_person=sold_by.username if sold_by else "",
            **given,
        )


FIRST = {"service_grade": ServiceGrade.STANDARD}


@door(Permission.WRITE_CUSTOMERS)
def new_customer(request: ConsoleRequest) -> HttpResponse:
    """Take on a customer; an account manager's new customer joins their portfolio."""
    chosen = request.GET.get("as", "")
    chosen = chosen if chosen in SHAPES else "organisation"
    initial = {"parent": request.GET.get("group", ""), "since_on": timezone.localdate()} | FIRST
    form = NewCustomerForm(request.actor, SHAPES[chosen], request.POST or None, initial=initial)
    made: list[Any] = []
    alike: list[dict[str, Any]] = []

    def act(_given: dict[str, Any]) -> None:
        at, wanted = timezone.now(), form.wanted()
        if "is_another" not in request.POST and not any(faults_in([wanted], at=at, by=request.actor)):
            alike.extend(resembling(request.actor, wanted))  # what cannot be is told first: it is raised below
        if not alike:
            made.extend(actions.create_customers([wanted], at=at, by=request.actor))

    if request.method == "POST" and accepted(form, act) and made:
        messages.success(request, gettext("%(name)s is taken on. Record who is called next.") % {"name": made[0].name})
        return redirect("web:customer", made[0].pk)
    groups = offered(request.actor, queries.CustomerFilters(kind=CustomerKind.GROUP)) if chosen == "member" else []
    context = {"form": form, "tabs_shown": _tabs(chosen), "groups": groups, "alike": alike}
    return render(request, "web/customers/new.html", context)


def _tabs(chosen: str) -> list[dict[str, Any]]:
    return [
        {"label": shape.label, "url": f"?as={name}", "icon": shape.icon, "active": name == chosen}
        for name, shape in SHAPES.items()
    ]


urlpatterns = [path("customers/new", new_customer, name="customer-new")]
