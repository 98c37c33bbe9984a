"""Change a customer and its people: forms that keep what was typed and say what is wrong."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers import archive as beside
from mainstay.accounts.customers import queries
from mainstay.accounts.customers.actions import contacts as people
from mainstay.accounts.customers.actions import customers as actions
from mainstay.accounts.customers.choices import ContactRole, CustomerKind, IdentityKind, Ownership, TaxpayerKind
from mainstay.faces.web.covered_fields import cover_fields, grouped
from mainstay.faces.web.customer_archive import asked_of
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.sight import sight_of
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Duty, Permission
from mainstay.platform.messages.choices import OUTSIDE, Channel
from mainstay.platform.places import queries as places

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CHANNELS = [(Channel.PORTAL.value, Channel.PORTAL.label), *((channel.value, channel.label) for channel in OUTSIDE)]
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]


class CustomerForm(forms.Form):
    """The profile of a customer; the manager changes by hand-over.

    A sensitive field that the reader has not asked for is shown masked beside an empty field: left empty it stays.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CustomerKind.choices)
    region_id = forms.ChoiceField(label=_("Region"))
    industry_id = forms.ChoiceField(label=_("Industry"), required=False)
    ownership = forms.ChoiceField(label=_("Ownership"), choices=[("", "—"), *Ownership.choices], required=False)
    service_grade = forms.ChoiceField(label=_("Service grade"), choices=ServiceGrade.choices)
    grade_reason = forms.CharField(
        label=_("Reason of the grade"),
        max_length=200,
        required=False,
        help_text=_("Shown wherever the grade is shown."),
    )
    is_special = forms.BooleanField(label=_("Special care"), required=False)
    customer_engineer_id = forms.ChoiceField(label=_("Customer engineer"), required=False)
    sales_person_id = forms.ChoiceField(label=_("Sales person"), required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    identity_kind = forms.ChoiceField(
        label=_("Identity document"), choices=[("", "—"), *IdentityKind.choices], required=False
    )
    identity_number = forms.CharField(label=_("Identity number"), max_length=40, required=False)
    birthday_on = forms.DateField(label=_("Birthday"), required=False, widget=DATE)
    employer = forms.CharField(label=_("Employer"), max_length=120, required=False)
    taxpayer_kind = forms.ChoiceField(
        label=_("Kind of taxpayer"), choices=[("", "—"), *TaxpayerKind.choices], required=False
    )
    tax_number = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    invoice_title = forms.CharField(label=_("Name on invoices"), max_length=120, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=120, required=False)
    bank_account = forms.CharField(label=_("Bank account"), max_length=40, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    since_on = forms.DateField(label=_("Customer since"), required=False, widget=DATE)
    why = forms.CharField(
        label=_("Why"), max_length=400, required=False, help_text=_("Kept with the change in the history.")
    )

    def __init__(self, engineer: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["region_id"].choices = [(r.code, "　" * max(0, len(r.code) // 2 - 1) + r.name) for r in places.regions()]
        fields["industry_id"].choices = [("", "—"), *((i.code, f"{i.code} {i.name}") for i in places.industries())]
        engineers = identity.find_users(duty=Duty.CUSTOMER_ENGINEER).filter(is_active=True)
        staff = {str(user.pk): user.display_name for user in engineers}
        if engineer is not None:
            staff.setdefault(str(engineer.pk), engineer.display_name)
        fields["customer_engineer_id"].choices = [("", "—"), *staff.items()]
        sellers = identity.names_permitted(Permission.WRITE_CUSTOMERS)
        fields["sales_person_id"].choices = [("", "—"), *((str(pk), name) for pk, name in sellers)]

    def clean_customer_engineer_id(self) -> int | None:
        """Return the id, None for nobody."""
        given = self.cleaned_data["customer_engineer_id"]
        return int(given) if given else None

    def clean_sales_person_id(self) -> int | None:
        """Return the id, None for nobody."""
        given = self.cleaned_data["sales_person_id"]
        return int(given) if given else None

    def clean_industry_id(self) -> str | None:
        """Return the code, None for none."""
        return self.cleaned_data["industry_id"] or None


class ReachForm(forms.Form):
    """On which channels somebody is told, and their robots."""

    notify_by = forms.MultipleChoiceField(
        label=_("Told by"),
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: on every channel that an address is known for."),
    )
    wecom = forms.CharField(
        label=_("WeCom robot"), max_length=400, required=False, help_text=_("The group robot's webhook address or key.")
    )
    dingtalk = forms.CharField(
        label=_("DingTalk robot"),
        max_length=400,
        required=False,
        help_text=_("The group robot's webhook address, token, or SECRET@TOKEN."),
    )
    webhook = forms.CharField(
        label=_("Webhook"), max_length=400, required=False, help_text=_("A URL that takes notices as JSON.")
    )


class ContactForm(ReachForm):
    """A person at a customer."""

    name = forms.CharField(label=_("Name"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=ContactRole.choices)
    title = forms.CharField(label=_("Job title"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=32, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    birthday_on = forms.DateField(label=_("Birthday"), required=False, widget=DATE)
    notify = forms.BooleanField(label=_("Told of outages"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Further roles"), choices=ContactRole.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    since_on = forms.DateField(label=_("In this role since"), required=False, widget=DATE)
    identity_number = forms.CharField(label=_("Identity number"), max_length=40, required=False)
    deputy_id = forms.TypedChoiceField(
        label=_("Deputy"), required=False, coerce=int, empty_value=None, choices=[],
        help_text=_("Who is asked when this person is away."),
    )  # fmt: skip

    field_order = (
        "name", "role", "roles", "since_on", "title", "phone", "email", "identity_number", "birthday_on", "deputy_id",
        "language", "notify", "notify_by", "wecom", "dingtalk", "webhook",
    )  # fmt: skip

    def __init__(self, customer_id: int, *args: Any, myself: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(str(p.pk), p.name) for p in queries.contacts(customer_id) if p.pk != myself]
        self.fields["deputy_id"].choices = [("", "—"), *others]  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Who looks after the customer from now on."""

    to = forms.ChoiceField(label=_("New account manager"))
    why = forms.CharField(label=_("Why"), max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managers = identity.find_users(duty=Duty.ACCOUNT_MANAGER).filter(is_active=True)
        self.fields["to"].choices = [(user.username, user.display_name) for user in managers]  # type: ignore[attr-defined]


@door(Permission.WRITE_CUSTOMERS)
def edit_customer(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change the profile of a customer."""
    customer = queries.customer(request.actor, pk)
    names = [name for name in CustomerForm.base_fields if name == "revision" or asked_of(customer.kind, name)]
    names.remove("why")
    known = {name: getattr(customer, name) for name in names}
    form = CustomerForm(customer.customer_engineer, request.POST or None, initial=known)
    for name in set(form.fields) - {*names, "why"}:
        del form.fields[name]
    left = cover_fields(form, customer, sight_of(request))

    def act(given: dict[str, Any]) -> None:
        changed = {name: given[name] for name in names if name != "revision" and not left(name, given[name])}
        by = request.actor.because(given["why"])
        actions.update_customer(pk, changed, revision=given["revision"], at=timezone.now(), by=by)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:customer", pk)
    return _form(request, form, customer, _("Change customer"), groups=grouped(form))


@door(Permission.WRITE_CUSTOMERS)
def hand_over(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Give a customer to another account manager."""
    customer = queries.customer(request.actor, pk)
    form = HandOverForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.hand_over([pk], given["to"], at=timezone.now(), by=request.actor.because(given["why"]))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("%(name)s is handed over.") % {"name": customer})
        return redirect("web:customers")
    return _form(request, form, customer, _("Hand over"))


@door(Permission.WRITE_CUSTOMERS)
def new_contact(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Add a person to a customer."""
    customer = queries.customer(request.actor, pk)
    form = ContactForm(pk, request.POST or None)

    def act(given: dict[str, Any]) -> None:
        deputy = given.pop("deputy_id")
        new = people.NewContact(customer=customer.code, **given)
        people.take_on(new, deputy_id=deputy, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(_contacts_of(pk))
    return _form(request, form, customer, _("New contact"))


@door(Permission.WRITE_CUSTOMERS)
def edit_contact(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Change a person of a customer."""
    contact = queries.visible_contact(request.actor, pk)
    known = {name: getattr(contact, name) for name in ContactForm.base_fields if name != "roles"}
    roles = [held.role for held in beside.held_roles([pk]).get(pk, []) if held.until_on is None]
    form = ContactForm(contact.customer_id, request.POST or None, myself=pk, initial=known | {"roles": roles})
    left = cover_fields(form, contact, sight_of(request))

    def act(given: dict[str, Any]) -> None:
        wanted = {name: value for name, value in given.items() if not left(name, value)}
        people.revise(pk, wanted, at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect(_contacts_of(contact.customer_id))
    return _form(request, form, contact.customer, _("Change contact"))


@door(Permission.WRITE_CUSTOMERS)
def contact_left(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Note that a person left today."""
    contact = queries.visible_contact(request.actor, pk)
    if request.method == "POST":
        people.let_contact_leave(pk, on=timezone.localdate(), at=timezone.now(), by=request.actor)
        messages.success(request, _("%(name)s stays in the archive as gone.") % {"name": contact.name})
    return redirect(_contacts_of(contact.customer_id))


def _contacts_of(customer_id: int) -> str:
    return reverse("web:customer", args=[customer_id]) + "?tab=contacts"


def _form(request: ConsoleRequest, form: forms.Form, customer: Any, title: object, groups: Any = None) -> HttpResponse:
    context = {"form": form, "customer": customer, "title": title, "groups": groups}
    return render(request, "web/customers/form.html", context)


urlpatterns = [
    path("customers/<int:pk>/edit", edit_customer, name="customer-edit"),
    path("customers/<int:pk>/hand-over", hand_over, name="customer-hand-over"),
    path("customers/<int:pk>/contacts/new", new_contact, name="contact-new"),
    path("contacts/<int:pk>", edit_contact, name="contact"),
    path("contacts/<int:pk>/left", contact_left, name="contact-left"),
]
