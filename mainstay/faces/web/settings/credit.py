"""Credit rules: the editions, one of them, a new one with a preview on a named customer (B3)."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.credit import actions, queries
from mainstay.accounts.credit.choices import FACTS
from mainstay.accounts.credit.errors import BadCredit
from mainstay.domain.credit_score import Band, Rule
from mainstay.domain.errors import MainstayError, msgid
from mainstay.faces.web.customer_choice import customer_named
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission

TAB = "settings-credit"
SPARE_RULES, SPARE_BANDS = 3, 1
NUMBERS = ("at_least", "below", "points", "per", "most")


class EditionForm(forms.Form):
    """What a new edition says besides its rules and bands, and whom it is tried on."""

    name = forms.CharField(label=_("What changes, and why"), max_length=120)
    valid_from = forms.DateField(
        label=_("Holds from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    base = forms.IntegerField(label=_("Points to begin with"), min_value=0, max_value=1_000)
    customer = forms.CharField(
        label=_("Try it on a customer"), max_length=120, required=False, help_text=_("Code or full name.")
    )


@door(Permission.READ_REVENUE)
def editions(request: ConsoleRequest) -> HttpResponse:
    """List the editions; which holds, which are to come."""
    today = timezone.localdate()
    return show(request, "credit", TAB, editions=queries.editions(), holds=queries.in_force(today), today=today,
                may_write=request.actor.may(Permission.SETTINGS))  # fmt: skip


@door(Permission.READ_REVENUE)
def edition(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one edition in words."""
    found = queries.edition(pk)
    rules = [{"fact": FACTS[rule["fact"]].title, **{name: rule.get(name) for name in NUMBERS}} for rule in found.rules]
    return show(request, "credit_edition", TAB, edition=found, rules=rules)


@door(Permission.SETTINGS)
def new_edition(request: ConsoleRequest) -> HttpResponse:
    """Write a new edition; `preview` tries it on a customer first, nothing is kept then."""
    today = timezone.localdate()
    begins = queries.first_draft(today)
    given = request.POST if request.method == "POST" else None
    form = EditionForm(given, initial={"valid_from": begins.valid_from, "base": begins.base, "name": begins.name})
    wrong, tried = "", None
    if given is not None and form.is_valid():
        try:
            new = _wanted(form.cleaned_data, given)
            if "preview" in given:
                tried = _try(request, new, form.cleaned_data["customer"], today)
            else:
                actions.lay_down(new, at=timezone.now(), by=request.actor)
                messages.success(request, _("Kept. Everybody is scored by it from its day on."))
                return redirect(f"web:{TAB}")
        except MainstayError as error:
            wrong = error.explain(gettext)
    rules = _typed(given, "rule", ("fact", *NUMBERS)) if given else [dict(rule) for rule in begins.rules]
    bands = _typed(given, "band", ("name", "from_score")) if given else [dict(band) for band in begins.bands]
    return show(
        request, "credit_form", TAB, form=form, wrong=wrong, tried=tried,
        rules=[*rules, *({} for _n in range(SPARE_RULES))], bands=[*bands, *({} for _n in range(SPARE_BANDS))],
        facts=[(name, fact.title) for name, fact in FACTS.items()], up=reverse(f"web:{TAB}"),
    )  # fmt: skip


def _typed(given: Any, what: str, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows as they were typed, without empty ones."""
    columns = [given.getlist(f"{what}_{name}") for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
    return [
        row for row in rows if any(value.strip() for name, value in row.items() if name != "fact") or row.get("fact")
    ]


def _wanted(about: dict[str, Any], given: Any) -> actions.NewEdition:
    rules = tuple(_rule(place, row) for place, row in enumerate(_typed(given, "rule", ("fact", *NUMBERS)), start=1))
    bands = tuple(Band(row["name"].strip(), _number(row["from_score"], _("Bands")) or 0)
                  for row in _typed(given, "band", ("name", "from_score")))  # fmt: skip
    return actions.NewEdition(about["name"], about["valid_from"], about["base"], rules, bands)


def _rule(place: int, row: dict[str, str]) -> Rule:
    read = {name: _number(row[name], gettext("Rule %(n)s") % {"n": place}) for name in NUMBERS}
    return Rule(row["fact"], read["points"] or 0, read["at_least"], read["below"], read["per"] or 0, read["most"] or 0)


def _number(text: str, where: object) -> int | None:
    cleaned = text.strip().replace("−", "-").replace(",", "")
    if not cleaned:
        return None
    try:
        return int(cleaned)
    except ValueError:
        raise BadCredit(msgid("{where}: “{text}” is not a whole number."), where=where, text=text[:20]) from None


def _try(request: ConsoleRequest, new: actions.NewEdition, named: str, today: date) -> dict[str, Any]:
    draft = actions.draft(new)
    try:
        customer = customer_named(request.actor, named)
    except forms.ValidationError:
        raise BadCredit(
            msgid("Name a customer to try the rules on: the code or full name of one you may see.")
        ) from None
    return {
        "customer": customer,
        "now": queries.explained(request.actor, customer.pk, on=today),
        "then": queries.explained(request.actor, customer.pk, on=today, draft=draft),
    }


urlpatterns = [
    path("settings/credit", editions, name=TAB),
    path("settings/credit/new", new_edition, name="settings-credit-new"),
    path("settings/credit/<int:pk>", edition, name="settings-credit-edition"),
]
