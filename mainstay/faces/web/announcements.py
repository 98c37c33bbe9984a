"""What one customer was told of planned work, and what they answered, also on the phone (I3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers import queries as customers
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.states import WORDS
from mainstay.faces.web.work_forms import AnswerForm
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries as deliveries
from mainstay.service.announcements import queries
from mainstay.service.announcements.actions import NewAnswer, answer


@door(Permission.WORK_TICKETS)
def announcement(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show what a customer knows, what word went out, and take an answer by phone."""
    row, at = queries.announcement(request.actor, pk), timezone.now()
    form = AnswerForm(request.POST or None)

    def act(given: dict[str, Any]) -> None:
        answer(pk, NewAnswer(**given), at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, act):
        messages.success(request, _("The answer is noted."))
        return redirect("web:announcement", pk)
    over = row.work.status in (WorkStatus.CANCELLED, WorkStatus.DONE) or row.withdrawn_at is not None
    context = {
        "row": row,
        "work": row.work,
        "state": WORDS[row.state],
        "tellings": queries.tellings_of(pk),
        "letters": list(deliveries.about("announcement", pk)),
        "circuits": [(each.circuit, WORDS[each.state]) for each in queries.circuits_of(row)[:200]],
        "contacts": customers.contacts(row.customer_id),
        "form": form,
        "may_answer": not over and at < row.from_at,
        "reads_works": request.actor.may(Permission.READ_ALARMS),
        "data_at": at,
    }
    return render(request, "web/works/announcement.html", context, status=422 if form.errors else 200)


urlpatterns = [path("announcements/<int:pk>", announcement, name="announcement")]
