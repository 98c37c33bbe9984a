"""Lead a contract on by forms: sign, register, change, renew, give notice, put another in its place (D1).

Every form carries the revision its reader saw: where somebody else changed the contract meanwhile, it says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.contracts import actions, queries
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.turning import months_later
from mainstay.faces.web.contract_forms import LineForm, Lines
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.promises import DAY
from mainstay.platform.identity.choices import Permission


class StepForm(forms.Form):
    """A step of a contract; `revision` is the one its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class SignForm(StepForm):
    """When a draft was signed."""

    signed_on = forms.DateField(label=_("Signed on"), widget=DAY)


class RegisterForm(StepForm):
    """Under which number the key-account group registered it."""

    number = forms.CharField(label=_("Registration number"), max_length=40)
    on = forms.DateField(label=_("Registered on"), widget=DAY)


class RenewForm(StepForm):
    """Until when it goes on."""

    until = forms.DateField(label=_("Goes on until"), required=False, widget=DAY,
                            help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=400, required=False)


class NoticeForm(StepForm):
    """Who gave notice when, and what for."""

    received_on = forms.DateField(label=_("Notice received on"), widget=DAY)
    ends_on = forms.DateField(label=_("Holds no longer from"), widget=DAY)
    why = forms.CharField(label=_("Why"), max_length=400)


class FollowForm(StepForm):
    """Which contract takes its place."""

    by_number = forms.CharField(label=_("Number of the contract that follows"), max_length=40,
                                help_text=_("A signed contract of the same customer that begins later."))  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One step: its form, what the form says at first, what is done, and what is said then."""

    title: str | Promise
    form: type[StepForm]
    first: Callable[[Any], dict[str, Any]]
    act: Callable[..., Any]
    done: str | Promise
    permission: str = Permission.WRITE_CONTRACTS


def _today(_contract: Any) -> Any:
    return timezone.localdate()


STEPS = {
    "sign": Step(_("Sign the contract"), SignForm, lambda c: {"signed_on": _today(c)}, actions.sign_contract,
                 _("Contract %(number)s is signed; register it with the key-account group.")),
    "register": Step(_("Register with the key-account group"), RegisterForm, lambda c: {"on": _today(c)},
                     actions.register_with_group, _("Contract %(number)s is registered with the key-account group."),
                     Permission.REGISTER_CONTRACTS),
    "renew": Step(_("Renew the contract"), RenewForm,
                  lambda c: {"until": months_later(c.ends_on, c.auto_renew_months or 12) if c.ends_on else None},
                  actions.renew_contract, _("Contract %(number)s goes on.")),
    "notice": Step(_("Note a notice"), NoticeForm, lambda c: {"received_on": _today(c), "ends_on": c.ends_on},
                   actions.give_notice, _("The notice of contract %(number)s is noted.")),
    "follow": Step(_("Put another contract in its place"), FollowForm, lambda _c: {}, actions.follow_contract,
                   _("Contract %(number)s is followed by another.")),
}  # fmt: skip


def step_view(name: str) -> Any:
    """Return the view of one step."""
    step = STEPS[name]

    @door(step.permission)
    def view(request: ConsoleRequest, pk: int) -> HttpResponse:
        found = queries.visible_contract(request.actor, pk)
        form = step.form(request.POST or None, initial={**step.first(found), "revision": found.revision})
        if request.method == "POST" and accepted(
            form, lambda given: step.act(pk, **given, at=timezone.now(), by=request.actor)
        ):
            messages.success(request, str(step.done) % {"number": found.number})
            return redirect("web:contract", pk)
        up = (found.number, reverse("web:contract", args=[pk]))
        return render(request, "web/contracts/form.html", {"form": form, "title": step.title, "up": up})

    return view


class RevisionForm(StepForm):
    """What the next version says of the whole contract."""

    name = forms.CharField(label=_("Name"), max_length=120)
    starts_on = forms.DateField(label=_("Begins on"), widget=DAY, required=False)
    valid_from = forms.DateField(label=_("The new version holds from"), widget=DAY, required=False)
    ends_on = forms.DateField(label=_("Ends on"), required=False, widget=DAY,
                              help_text=_("The first day it no longer holds; empty: open."))  # fmt: skip
    auto_renew_months = forms.IntegerField(label=_("Renews itself by, months"), min_value=0, max_value=120,
                                           help_text=_("0: it ends."))  # fmt: skip
    notice_days = forms.IntegerField(label=_("Days of notice"), min_value=0, max_value=365)
    payment = forms.CharField(label=_("Terms of payment"), max_length=200, required=False)
    why = forms.CharField(label=_("Why"), max_length=400, required=False)

    def __init__(self, contract: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_draft = contract.status == ContractStatus.DRAFT
        del self.fields["valid_from" if is_draft else "starts_on"]
        if is_draft:
            del self.fields["why"]


class NumberedLines(Lines):
    """The lines of a contract that is changed: those it has keep their positions; an emptied one is left out."""

    def __init__(self, lines: list[Any], posted: Any, *, more: bool) -> None:
        first = {f"line{n}-{name}": value for n, line in enumerate(lines) for name, value in (
            ("product", line["product"]), ("grade", line["grade"]), ("price", f"{line['monthly_price_fen'] / 100:.2f}")
        )}  # fmt: skip
        self.positions = [line["position"] for line in lines]
        if posted:
            super().__init__(posted, more=more)
        else:
            super().__init__({**first, "line_count": str(len(lines))}, more=False)
            self.forms = [LineForm(form.fields["product"].choices[1:], None, initial=form.initial, prefix=form.prefix)  # type: ignore[attr-defined]
                          for form in self.forms]  # fmt: skip

    def wanted(self) -> tuple[actions.NewLine, ...]:
        """Return the lines with the positions they had; new ones are numbered on."""
        last = max(self.positions, default=0)
        found = []
        for n, form in enumerate(self.forms):
            given = form.cleaned_data
            position = self.positions[n] if n < len(self.positions) else last + 1 + n - len(self.positions)
            if given.get("product"):
                fen = int((given["price"] or Decimal(0)) * 100)
                found.append(actions.NewLine(position, given["product"], given["grade"], fen))
        return tuple(found)


@door(Permission.WRITE_CONTRACTS)
def change(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Make the next version of a contract, or change a draft; "add a line" keeps what was typed."""
    found = queries.contract(request.actor, pk)
    posted, more = request.POST, "more" in request.POST
    facts = queries.versions(found)[0].facts
    initial = posted.dict() if more else {
        **{name: facts[name] for name in ("name", "ends_on", "auto_renew_months", "notice_days", "payment")},
        "starts_on": found.starts_on, "valid_from": timezone.localdate(), "revision": found.revision,
    }  # fmt: skip
    form = RevisionForm(found, None if more or not posted else posted, initial=initial)
    lines = NumberedLines(facts["lines"], posted or None, more=more)

    def act(given: dict[str, Any]) -> None:
        revision = given.pop("revision")
        begin = given.pop("valid_from", None) or found.starts_on
        wanted = actions.Revision(valid_from=begin, lines=lines.wanted(), **given)
        actions.change_contract(pk, wanted, at=timezone.now(), by=request.actor, revision=revision)

    if request.method == "POST" and not more and lines.are_valid() and accepted(form, act):
        messages.success(request, gettext("Saved."))
        return redirect("web:contract", pk)
    context = {"form": form, "lines": lines.forms, "contract": found, "positions": lines.positions}
    return render(request, "web/contracts/change.html", context)


urlpatterns = [
    *(path(f"contracts/<int:pk>/{name}", step_view(name), name=f"contract-{name}") for name in STEPS),
    path("contracts/<int:pk>/change", change, name="contract-change"),
]
