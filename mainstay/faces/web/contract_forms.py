"""Register a contract, agree special terms, end either: forms that keep what was typed (D1, D2)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import CircuitGrade, Metric
from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts import actions, queries
from mainstay.accounts.customers import queries as customers
from mainstay.domain.actor import Actor
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.promises import DAY, AmountForm, EndForm
from mainstay.network.inventory.actions.agreements import put_under_line
from mainstay.platform.identity.choices import Permission

MOST_LINES = 100


class ContractForm(forms.Form):
    """What was signed, with whom, and how long it runs."""

    customer = forms.CharField(
        label=_("Customer"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "customers", "autocomplete": "off"}),
        help_text=_("Its code or full name."),
    )
    number = forms.CharField(label=_("Number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    signed_on = forms.DateField(label=_("Signed on"), widget=DAY)
    starts_on = forms.DateField(label=_("Begins on"), widget=DAY)
    ends_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=DAY,
        help_text=_("The first day it no longer holds; empty: open."),
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_customer(self) -> str:
        """Return the customer's code."""
        return str(customer_named(self.actor, self.cleaned_data["customer"]).code)


class LineForm(forms.Form):
    """One line: a product at a grade for a price; without a product it is no line."""

    product = forms.ChoiceField(label=_("Product"), required=False)
    grade = forms.ChoiceField(label=_("Grade"), choices=CircuitGrade.choices, required=False)
    price = forms.DecimalField(
        label=_("Monthly price, yuan"), min_value=0, max_digits=12, decimal_places=2, required=False
    )

    def __init__(self, products: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [("", "—"), *products]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a price for nothing."""
        given = self.cleaned_data
        if given.get("price") and not given.get("product"):
            self.add_error("product", gettext("Say which product this price is for."))
        return given


class Lines:
    """The lines of a form, as many as were asked for; rows left empty are no lines."""

    def __init__(self, posted: Any, *, more: bool) -> None:
        products = [(p.code, p.name) for p in catalog.products()]
        count = _count(posted.get("line_count")) + more if posted else 2
        typed = [{name: posted.get(f"line{n}-{name}", "") for name in LineForm.base_fields} for n in range(count)]
        self.forms = [
            LineForm(products, None if more or not posted else posted, initial=typed[n], prefix=f"line{n}")
            for n in range(count)
        ]

    def are_valid(self) -> bool:
        """Look at every row, so that all that is wrong is shown at once."""
        found = [form.is_valid() for form in self.forms]
        return all(found)

    def wanted(self) -> tuple[actions.NewLine, ...]:
        """Return the lines, numbered from 1."""
        chosen = [form.cleaned_data for form in self.forms if form.cleaned_data.get("product")]
        return tuple(
            actions.NewLine(n, line["product"], line["grade"], int((line["price"] or Decimal(0)) * 100))
            for n, line in enumerate(chosen, start=1)
        )


def _count(given: str | None) -> int:
    known = given and given.isascii() and given.isdecimal() and len(given) < 4
    return min(int(given or 0), MOST_LINES - 1) if known else 1


@door(Permission.WRITE_CONTRACTS)
def new_contract(request: ConsoleRequest) -> HttpResponse:
    """Register a signed contract with its lines; "add a line" gives one more row and keeps what was typed."""
    posted, more = request.POST, "more" in request.POST
    initial = (
        posted.dict() if more else {"customer": request.GET.get("customer", ""), "starts_on": timezone.localdate()}
    )
    form = ContractForm(request.actor, None if more or not posted else posted, initial=initial)
    lines, made = Lines(posted, more=more), list[Any]()

    def act(given: dict[str, Any]) -> None:
        wanted = actions.NewContract(**given, lines=lines.wanted())
        made.extend(actions.register_contracts([wanted], at=timezone.now(), by=request.actor))

    if request.method == "POST" and not more and lines.are_valid() and accepted(form, act):
        messages.success(request, gettext("Contract %(number)s is registered.") % {"number": made[0].number})
        return redirect("web:contract", made[0].pk)
    context = {"form": form, "lines": lines.forms, "customers": offered(request.actor)}
    return render(request, "web/contracts/new.html", context)


class SpecialTermForm(AmountForm):
    """A term agreed beyond the profile."""

    metric = forms.ChoiceField(label=_("Promise"), choices=Metric.choices)
    valid_to = forms.DateField(
        label=_("Valid to"), required=False, widget=DAY, help_text=_("The first day it no longer holds; empty: open.")
    )
    field_order: Sequence[str] = ("metric", "amount", "unit", "calendar", "valid_from", "valid_to")

    def terms(self) -> Terms:
        """Return what was agreed."""
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


class ContractTermForm(SpecialTermForm):
    """A term agreed in a contract: for the whole of it, for one line, or for all the customer has."""

    place = forms.ChoiceField(label=_("Holds for"))
    field_order = ("place", *SpecialTermForm.field_order)

    def __init__(self, contract: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [
            (f"line{line.position}", f"{gettext('Line')} {line.position} · {line.product.name} {line.grade}")
            for line in contract.lines.all()
        ]
        whole, all_of = ("contract", gettext("The whole contract")), gettext("All that %(name)s has")
        choices = [whole, *lines, ("customer", all_of % {"name": contract.customer})]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]


def _first_term() -> dict[str, Any]:
    return {"metric": Metric.RESTORATION, "calendar": "24x7", "valid_from": timezone.localdate()}


@door(Permission.WRITE_CONTRACTS)
def new_contract_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Agree a special term in a contract."""
    found = queries.contract(request.actor, pk)
    initial = {"place": request.GET.get("place", "contract"), **_first_term()}
    form = ContractTermForm(found, request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        place, at, by = given["place"], timezone.now(), request.actor
        if place == "customer":
            actions.agree_terms(found.customer_id, [form.terms()], at=at, by=by)
        else:
            position = int(place.removeprefix("line")) if place != "contract" else None
            actions.agree_contract_terms(pk, [form.terms()], position=position, at=at, by=by)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Agreed. New tickets get this promise; running clocks keep theirs."))
        return redirect("web:contract", pk)
    up = (found.number, reverse("web:contract", args=[pk]))
    return _form(request, form, _("Agree a special term"), up)


@door(Permission.WRITE_CONTRACTS)
def new_customer_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Agree a special term for all a customer has, and for those below it in its group."""
    found = customers.customer(request.actor, pk)
    form = SpecialTermForm(request.POST or None, initial=_first_term())
    if request.method == "POST" and accepted(
        form, lambda _given: actions.agree_terms(pk, [form.terms()], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Agreed. New tickets get this promise; running clocks keep theirs."))
        return redirect(reverse("web:customer", args=[pk]) + "?tab=contracts")
    return _form(request, form, _("Agree a special term"), _up_to(found))


@door(Permission.WRITE_CONTRACTS)
def end_special_term(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Let a special term hold no longer."""
    term = queries.visible_special_term(request.actor, pk)
    contract = term.line.contract if term.line else term.contract
    up = (contract.number, reverse("web:contract", args=[contract.pk])) if contract else _up_to(term.customer)
    form = EndForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST" and accepted(
        form, lambda given: actions.end_special_term(pk, on=given["on"], at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect(up[1])
    title = gettext("End the special term: %(metric)s") % {"metric": term.get_metric_display()}
    return _form(request, form, title, up)


class EndContractForm(forms.Form):
    """From when a contract no longer holds, and why."""

    on = forms.DateField(label=_("Holds no longer from"), widget=DAY)
    why = forms.CharField(label=_("Why"), max_length=400)


@door(Permission.WRITE_CONTRACTS)
def end_contract(request: ConsoleRequest, pk: int) -> HttpResponse:
    """End a contract; its circuits stay, what it promised holds no more."""
    found = queries.visible_contract(request.actor, pk)
    form = EndContractForm(request.POST or None, initial={"on": timezone.localdate()})

    def act(given: dict[str, Any]) -> None:
        actions.end_contract(pk, on=given["on"], at=timezone.now(), by=request.actor.because(given["why"]))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("Contract %(number)s ends.") % {"number": found.number})
        return redirect("web:contract", pk)
    return _form(request, form, _("End the contract"), (found.number, reverse("web:contract", args=[pk])))


class CircuitsForm(forms.Form):
    """Which circuits run under which line."""

    line = forms.TypedChoiceField(label=_("Line"), coerce=int)
    circuits = forms.CharField(
        label=_("Circuits"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("Their numbers, one a line.")
    )

    def __init__(self, contract: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = [
            (line.position, f"{line.position} · {line.product.name} {line.grade}") for line in contract.lines.all()
        ]
        self.fields["line"].choices = lines  # type: ignore[attr-defined]

    def clean_circuits(self) -> list[str]:
        """Return the numbers, each once."""
        return list(dict.fromkeys(str(self.cleaned_data["circuits"]).split()))


@door(Permission.WRITE_CONTRACTS)
def put_circuits(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put circuits under a line of a contract; what the line promises then holds for them."""
    found = queries.contract(request.actor, pk)
    form = CircuitsForm(found, request.POST or None, initial={"line": request.GET.get("line")})

    def act(given: dict[str, Any]) -> None:
        put_under_line(pk, given["line"], given["circuits"], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:contract", pk)
    up = (found.number, reverse("web:contract", args=[pk]))
    return _form(request, form, _("Put circuits under a line"), up)


def _up_to(customer: Any) -> tuple[str, str]:
    return (str(customer), reverse("web:customer", args=[customer.pk]) + "?tab=contracts")


def _form(request: ConsoleRequest, form: forms.Form, title: object, up: tuple[str, str]) -> HttpResponse:
    return render(request, "web/contracts/form.html", {"form": form, "title": title, "up": up})


urlpatterns = [
    path("contracts/new", new_contract, name="contract-new"),
    path("contracts/<int:pk>/terms/new", new_contract_term, name="contract-term-new"),
    path("contracts/<int:pk>/end", end_contract, name="contract-end"),
    path("contracts/<int:pk>/circuits", put_circuits, name="contract-circuits"),
    path("customers/<int:pk>/terms/new", new_customer_term, name="customer-term-new"),
    path("special-terms/<int:pk>/end", end_special_term, name="special-term-end"),
]
