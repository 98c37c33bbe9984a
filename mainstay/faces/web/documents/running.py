"""Runs of reports: the list with progress, the form that asks for one, a look at a report before it is made (R1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.ui.downloads import download
from mainstay.faces.web import listing
from mainstay.faces.web.customer_choice import customer_named
from mainstay.faces.web.documents.made import month_of
from mainstay.faces.web.documents.tabs import tabs
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.jobs import told
from mainstay.platform.documents.choices import Audience, Format, Language
from mainstay.platform.identity.choices import Permission
from mainstay.service.reports import actions, queries
from mainstay.service.reports.choices import ReportKind, Subject
from mainstay.service.reports.making import Asked

MOST_NAMED = 500


class ReportsForm(forms.Form):
    """Which reports of which month, for whom; whether they are sent at once."""

    month = forms.ChoiceField(label=_("Month"), choices=[])
    subject = forms.ChoiceField(label=_("One report"), choices=Subject.choices, initial=Subject.CUSTOMERS)
    customers = forms.CharField(
        label=_("Customers"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Codes or full names, one a line; empty: all that you see."),
    )  # fmt: skip
    reports = forms.MultipleChoiceField(
        label=_("Kinds of reports"),
        choices=ReportKind.choices,
        initial=[ReportKind.SERVICE],
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=Language.choices, initial=[Language.CHINESE], widget=forms.CheckboxSelectMultiple
    )
    formats = forms.MultipleChoiceField(
        label=_("Files"), choices=Format.choices, initial=[Format.PDF], widget=forms.CheckboxSelectMultiple
    )
    send = forms.BooleanField(
        label=_("Send them at once"), required=False,
        help_text=_("Otherwise they wait as drafts. What was sent is never changed: a correction is a new version."),
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("Who is told"), choices=Audience.choices, initial=Audience.NOTIFIED)
    why = forms.CharField(
        label=_("Why corrected"), required=False, max_length=400,
        help_text=_("Stands in the new version of reports that were sent before."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        closing = {True: pgettext("month", "closed"), False: gettext("not closed")}
        self.fields["month"].choices = [  # type: ignore[attr-defined]
            (f"{m.month:%Y-%m}", f"{m.month:%Y-%m} · {closing[m.closed]}") for m in queries.report_months()[:24]
        ]

    def clean_customers(self) -> list[int]:
        """Return the customers named; unknown ones are refused together."""
        names = [line.strip() for line in self.cleaned_data["customers"].splitlines() if line.strip()][:MOST_NAMED]
        return [customer_named(self.actor, name).pk for name in names]

    def asked(self) -> Asked:
        """Return what is asked for."""
        given = self.cleaned_data
        month = month_of(given["month"])
        assert month is not None
        return Asked(
            month, tuple(given["reports"]), tuple(given["languages"]), tuple(given["formats"]), given["send"],
            given["audience"], (), given["why"],
        )  # fmt: skip


@door()
def runs(request: ConsoleRequest) -> HttpResponse:
    """List the reader's runs, the newest first, with their progress and what they made."""
    page = listing.page_of(queries.runs(request.actor), request)
    jobs = list(page.object_list)
    counts = queries.counts(jobs)
    page.object_list = [told(job) | {"made": counts.get(job.pk)} | _asked(job) for job in jobs]
    context = {
        "page": page,
        "tabs": tabs(request),
        "active": any(row["active"] for row in page.object_list),
        "may_make": request.actor.may(Permission.MAKE_REPORTS),
    }
    return render(request, "web/documents/_runs.html" if request.htmx else "web/documents/runs.html", context)


def _asked(job: Any) -> dict[str, Any]:
    given = job.arguments
    reports = [str(ReportKind(kind).label) for kind in given.get("reports", ()) if kind in ReportKind.values]
    return {
        "month": given.get("month", "")[:7],
        "subject": Subject(job.kind).label,
        "what": " · ".join(reports),
        "send": given.get("send", False),
    }


@door(Permission.MAKE_REPORTS)
def new_run(request: ConsoleRequest) -> HttpResponse:
    """Ask for reports; a worker makes them while the asker goes on."""
    code = request.GET.get("customer", "")
    form = ReportsForm(request.POST or None, actor=request.actor, initial={"customers": code} if code else {})
    asked: list[Any] = []

    def act(given: dict[str, Any]) -> None:
        wanted = form.asked()
        ids = _ids(given, request.actor)
        title = f"{Subject(given['subject']).label} {given['month']}"
        asked.append(actions.ask_run(
            given["subject"], ids, wanted, at=timezone.now(), by=request.actor, title=title,
            language=get_language() or "",
        ))  # fmt: skip

    if request.method == "POST" and accepted(form, act):
        messages.info(request, _("It goes on by itself; you may leave. A message tells when it is over."))
        return redirect("web:job", asked[0].pk)
    return render(request, "web/documents/new_run.html", {"form": form}, status=422 if form.errors else 200)


def _ids(given: dict[str, Any], actor: Actor) -> list[int] | None:
    """Return whom the run is for: the customers named, or their contracts; None: everybody."""
    if not given["customers"]:
        return None
    if given["subject"] == Subject.CONTRACTS:
        return queries.contracts_of(actor, given["customers"])
    return list(given["customers"])


@door()
def preview(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a customer's report as it would be made now; nothing is kept."""
    given, month = request.GET, month_of(request.GET.get("month"))
    language = given.get("language", "zh-hans")
    kind, file = given.get("kind", ReportKind.SERVICE.value), given.get("format", Format.PDF.value)
    if month is None or language not in Language.values or file not in Format.values or kind not in ReportKind.values:
        raise Http404
    name, content = queries.preview(
        request.actor, Subject.CUSTOMERS, pk, month, kind=kind, language=language, format=file, at=timezone.now()
    )
    return download(name, file, content, inline=True)


urlpatterns = [
    path("documents/runs", runs, name="document-runs"),
    path("documents/new", new_run, name="document-run-new"),
    path("documents/preview/<int:pk>", preview, name="document-preview"),
]
