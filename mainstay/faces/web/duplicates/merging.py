"""Merge two customers: choose what stays, see what moves, give a reason; undo it; where a merged one leads (A8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.duplicates import queries
from mainstay.accounts.duplicates.actions import merging as actions
from mainstay.accounts.duplicates.choices import MergeState
from mainstay.accounts.duplicates.registry import holdings
from mainstay.faces.web import listing
from mainstay.faces.web.change_fields import FIELDS
from mainstay.faces.web.changes import value_words
from mainstay.faces.web.customer_choice import customer_named
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.duplicates.pairs import tabs
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission
from mainstay.platform.places import queries as places


class WhyForm(forms.Form):
    """A reason."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class ChoiceForm(forms.Form):
    """Which of two values stays, field by field."""

    def __init__(self, found: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in found:
            self.fields[each["name"]] = forms.ChoiceField(
                choices=[("kept", ""), ("gone", "")], initial=each["chosen"], required=False
            )


@door(Permission.MERGE_CUSTOMERS)
def prepare(request: ConsoleRequest, kept: int, gone: int) -> HttpResponse:
    """First step: side by side, choose which value of each field stays; nothing changes yet."""
    actor = request.actor
    ends = customers.customer(actor, kept), customers.customer(actor, gone)
    found = [_choice_told(each) for each in actions.choices(*ends)]
    form = ChoiceForm(found, request.POST if request.method == "POST" else None)
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        chosen = {name: value for name, value in given.items() if value}
        made.append(actions.prepare(kept, gone, chosen, at=timezone.now(), by=actor))

    if request.method == "POST" and accepted(form, act):
        return redirect("web:merge", made[0].pk)
    context = {"kept": ends[0], "gone": ends[1], "choices": found, "form": form, "moves": queries.moves(actor, gone)}
    return render(request, "web/duplicates/prepare.html", context)


@door(Permission.MERGE_CUSTOMERS)
def whom(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Choose the customer that goes into this one."""
    customer = customers.customer(request.actor, pk)
    error, word = "", request.GET.get("other", "")
    if word:
        try:
            other = customer_named(request.actor, word)
            return redirect("web:merge-prepare", pk, other.pk)
        except forms.ValidationError as refusal:
            error = "".join(refusal.messages)
    pairs = queries.pairs_of(request.actor, pk)
    context = {"customer": customer, "error": error, "word": word, "pairs": pairs}
    return render(request, "web/duplicates/whom.html", context)


def _choice_told(each: Any) -> dict[str, Any]:
    return {
        "name": each.name, "label": FIELDS.get(each.name.removesuffix("_id"), each.name), "chosen": each.chosen,
        "kept": _value(each.name, each.kept), "gone": _value(each.name, each.gone),
    }  # fmt: skip


def _value(name: str, value: Any) -> str:
    """Say a value of a customer's field; what it points to by its name."""
    if value in (None, ""):
        return "—"
    if name == "region_id":
        return next((r.name for r in places.regions() if r.code == value), str(value))
    if name == "industry_id":
        return next((i.name for i in places.industries() if i.code == value), str(value))
    if name == "customer_engineer_id":
        return str(identity.user_by_id(int(value)) or value)
    if name == "parent_id":
        return str(customers.by_ids([int(value)]).get(int(value), value))
    value = actions.shown(name, value)
    return value_words(name, value if isinstance(value, bool) else str(value))


@door(Permission.MERGE_CUSTOMERS)
def merge(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Second step: what will be, with a reason; afterwards the record, with undoing it."""
    found = queries.visible_merge(request.actor, pk)
    form = WhyForm(request.POST or None)
    done = found.state == MergeState.DONE

    def act(given: dict[str, Any]) -> None:
        by = request.actor.because(given["why"])
        (actions.undo if done else actions.carry_out)(pk, at=timezone.now(), by=by)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The merge is undone.") if done else _("Merged."))
        return redirect("web:merge", pk)
    return render(request, "web/duplicates/merge.html", {"merge": found, "form": form, **_merge_told(request, found)})


def _merge_told(request: ConsoleRequest, found: Any) -> dict[str, Any]:
    titles = {holding.column: holding.title for holding in holdings()}
    draft = found.state == MergeState.DRAFT
    moved = (
        [(move.title, move.count) for move in queries.moves(request.actor, found.gone_id)] if draft
        else [(titles.get(column, column), len(ids)) for column, ids in found.moved.items() if ids]
    )  # fmt: skip
    fields = [
        (FIELDS.get(name.removesuffix("_id"), name), _value(name, said["kept"]), _value(name, said[said["chosen"]]))
        for name, said in found.fields.items()
        if said["chosen"] == "gone"
    ]
    left = [
        str(FIELDS.get(each["field"].removesuffix("_id"), each["field"])) if "field" in each
        else f"{titles.get(each['column'], each['column'])}: {len(each['ids'])}"
        for each in found.left
    ]  # fmt: skip
    stayed = [(titles.get(column, column), n) for column, n in found.stayed.items()]
    return {"draft": draft, "done": found.state == MergeState.DONE, "moved": moved, "fields": fields, "left": left,
            "stayed": stayed}  # fmt: skip


@door(Permission.MERGE_CUSTOMERS)
def merges(request: ConsoleRequest) -> HttpResponse:
    """List what was merged and undone, the newest first."""
    page = listing.page_of(queries.merges(request.actor), request)
    return render(request, "web/duplicates/merges.html", {"page": page, "tabs_shown": tabs("merges")})


def merged_page(request: ConsoleRequest, customer: Any) -> HttpResponse:
    """Show where a merged customer leads, as far as the reader may see that."""
    found = queries.merge_of(customer.pk)
    if found is None:
        raise Http404
    into = queries.seen_or_none(request.actor, found.kept_id)
    may = request.actor.may(Permission.MERGE_CUSTOMERS) and into is not None
    return render(
        request, "web/duplicates/merged.html", {"customer": customer, "merge": found, "into": into, "may": may}
    )


urlpatterns = [
    path("merges", merges, name="merges"),
    path("merges/<int:pk>", merge, name="merge"),
    path("customers/<int:pk>/merge", whom, name="merge-whom"),
    path("customers/<int:kept>/merge/<int:gone>", prepare, name="merge-prepare"),
]
