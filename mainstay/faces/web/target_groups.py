"""Target groups: customers frozen under a name, by whom and which filters, compared with now (A6)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.target_groups import actions, queries
from mainstay.accounts.target_groups.choices import GroupState
from mainstay.faces.web import listing
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.lists.customers import CUSTOMERS
from mainstay.faces.web.lists.saving import bare_query
from mainstay.platform.identity.choices import Permission


class LockForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    note = forms.CharField(
        label=_("What it is for"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RetireForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=200)


@door()
def target_groups(request: ConsoleRequest) -> HttpResponse:
    """List the groups in force, or those retired."""
    retired = request.GET.get("show") == "retired"
    context = {
        "page": listing.page_of(queries.groups(request.actor, retired=retired), request),
        "may_lock": request.actor.may(Permission.LOCK_GROUPS),
        "tabs_shown": [
            {"label": _("In force"), "url": "?", "active": not retired},
            {"label": gettext("Retired groups"), "url": "?show=retired", "active": retired},
        ],
    }
    return render(request, "web/target_groups/target_groups.html", context)


@door(Permission.LOCK_GROUPS)
def new_target_group(request: ConsoleRequest) -> HttpResponse:
    """Lock what a list of customers shows: the address holds its filters."""
    query = bare_query(request.GET)
    form, rows = LockForm(request.POST or None), _matching(request, query)
    made: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        new = actions.NewGroup(given["name"], given["note"], query)
        made.append(actions.lock(new, rows, at=timezone.now(), by=request.actor))

    if request.method == "POST" and accepted(form, act):
        told = {"name": made[0].name, "n": made[0].count}
        messages.success(request, gettext("“%(name)s” is locked with %(n)s customers.") % told)
        return redirect("web:target-group", made[0].pk)
    context = {"form": form, "count": rows.order_by().count(), "filters_told": told_filters(request, query),
               "list_url": _list_url(query)}  # fmt: skip
    return render(request, "web/target_groups/new.html", context)


@door()
def target_group(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a group: its members, who locked it by which filters, and who would enter or leave if it were locked now."""
    group = queries.visible_group(request.actor, pk)
    members = reverse("web:customers") + f"?group={pk}"
    context = {
        "group": group,
        "seen": queries.members(request.actor, pk).count(),
        "members_url": members,
        "csv_url": f"{members}&export=csv",
        "xlsx_url": f"{members}&export=xlsx",
        "filters_told": told_filters(request, group.query),
        "now_url": _list_url(group.query),
        "compared": queries.compared(request.actor, pk, _matching(request, group.query)),
        "may_retire": request.actor.may(Permission.LOCK_GROUPS) and group.state != GroupState.RETIRED,
        "data_at": timezone.now(),
    }
    return render(request, "web/target_groups/target_group.html", context)


@door(Permission.LOCK_GROUPS)
def retire_target_group(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Put a group away, and say why."""
    group, form = queries.visible_group(request.actor, pk), RetireForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        actions.retire(pk, at=timezone.now(), by=request.actor.because(given["why"]))

    if request.method == "POST" and accepted(form, act):
        messages.success(request, gettext("The group is retired; its members stay known."))
        return redirect("web:target-group", pk)
    return render(request, "web/target_groups/retire.html", {"form": form, "group": group})


def _matching(request: ConsoleRequest, query: str) -> Any:
    """Return the customers an address shows the reader."""
    return CUSTOMERS.matching(CUSTOMERS.asked(request.actor, QueryDict(query), at=timezone.now()))


def _list_url(query: str) -> str:
    return reverse("web:customers") + (f"?{query}" if query else "?sort=name")


def told_filters(request: ConsoleRequest, query: str) -> list[tuple[str, str]]:
    """Return what an address limits the list to, as (filter, value) in the reader's language."""
    given, told = QueryDict(query), []
    for each in CUSTOMERS.bar(CUSTOMERS.asked(request.actor, given, at=timezone.now())):
        value = given.get(each["name"], "")
        if value:
            names = {str(option[0]): str(option[1]) for option in each.get("options", ())}
            told.append((str(each["label"]), names.get(value, "✓" if each["kind"] == "toggle" else value)))
    return told


urlpatterns = [
    path("target-groups", target_groups, name="target-groups"),
    path("target-groups/new", new_target_group, name="target-group-new"),
    path("target-groups/<int:pk>", target_group, name="target-group"),
    path("target-groups/<int:pk>/retire", retire_target_group, name="target-group-retire"),
]
