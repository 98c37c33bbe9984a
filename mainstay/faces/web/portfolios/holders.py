"""Who holds how many customers, who is away, who left customers behind (A8, C4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.portfolios.actions import rules
from mainstay.accounts.portfolios.queries import pool as queries
from mainstay.accounts.portfolios.queries import recalls
from mainstay.domain.actor import Actor
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.portfolios.frame import tabs
from mainstay.platform.identity.choices import Permission

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AbsenceForm(forms.Form):
    """Who is away, from when to when."""

    user = forms.TypedChoiceField(label=gettext_lazy("Account manager"), coerce=int)
    from_on = forms.DateField(label=gettext_lazy("First day"), widget=DATE)
    to_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DATE,
        required=False,
        help_text=gettext_lazy("Empty: until further notice."),
    )
    why = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.holders(actor, timezone.localdate())
        fields: Any = self.fields
        fields["user"].choices = [(h.user.pk, str(h.user)) for h in found if not h.gone]


@door(Permission.ASSIGN_CUSTOMERS)
def holders(request: ConsoleRequest) -> HttpResponse:
    """List account managers with what they hold, those who left customers behind first."""
    today = timezone.localdate()
    found = queries.holders(request.actor, today)
    limits = queries.limits()
    rows = [
        {"holder": h, "grades": [(g, h.by_grade.get(g, 0), limits.get(g)) for g in ServiceGrade.values]} for h in found
    ]
    absent = {each.user_id for each in recalls.absences(today)}
    context = {
        "tabs_shown": tabs("holders", request.actor),
        "rows": rows, "grades": ServiceGrade.choices, "data_at": timezone.now(),
        "absences": [row for row in recalls.absences(today) if row.user_id in {h.user.pk for h in found}],
        "absent": absent,
    }  # fmt: skip
    return render(request, "web/portfolios/holders.html", context)


@door(Permission.ASSIGN_CUSTOMERS)
def absence(request: ConsoleRequest) -> HttpResponse:
    """Note that an account manager is away."""
    initial = {"from_on": timezone.localdate(), "user": request.GET.get("user")}
    form = AbsenceForm(request.actor, request.POST or None, initial=initial)

    def act(given: dict[str, Any]) -> None:
        at = timezone.now()
        rules.note_absence(given["user"], given["from_on"], given["to_on"], given["why"], at=at, by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("Saved."))
        return redirect("web:holders")
    return render(request, "web/portfolios/form.html", {"form": form, "title": _("Note a leave"), "up": "web:holders"})


@require_POST
@door(Permission.ASSIGN_CUSTOMERS)
def absence_over(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Note that somebody is back."""
    row = rules.end_absence(pk, at=timezone.now(), by=request.actor)
    messages.success(request, _("%(name)s is back.") % {"name": row.user})
    return redirect("web:holders")


urlpatterns = [
    path("pool/managers", holders, name="holders"),
    path("pool/managers/absence", absence, name="absence-new"),
    path("pool/managers/absence/<int:pk>/over", absence_over, name="absence-over"),
]
