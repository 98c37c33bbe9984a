"""Do one thing to many rows: ask once, with their number; a few at once, more as a job that can be left."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.domain.errors import msgid
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import number_of
from mainstay.faces.web.lists.columns import ListPage
from mainstay.faces.web.lists.pages import page_named
from mainstay.faces.web.lists.showing import ids_matching
from mainstay.faces.web.lists.verbs import FORMS, ManyForm
from mainstay.platform.identity.actions import require
from mainstay.platform.jobs import actions, running
from mainstay.platform.jobs.errors import BadJob
from mainstay.platform.jobs.registry import Kind, kind_named

AT_ONCE = 20
"""So many rows are done while the asker waits."""
NAMED = 12
"""So many rows are named when we ask."""


@require_POST
@door()
def many(request: ConsoleRequest, name: str) -> HttpResponse:
    """Ask what exactly is to be done to the ticked rows, or to all that match; then do it, or let it be done."""
    page, given = page_named(name), request.POST
    require(request.actor, page.permission)
    kind = kind_named(given.get("kind", ""))
    require(request.actor, kind.permission)
    if kind.object_kind != page.object_kind:
        raise BadJob(msgid("This cannot be done to what this list holds; choose from its buttons."))
    ids = _ids(request, page)
    if not ids:
        messages.warning(request, _("Tick rows first; nothing was done."))
        return redirect(_list_url(page, given.get("query", "")))
    form = FORMS[kind.name](given if "sure" in given else None, actor=request.actor)
    problem = _unsure(kind, given, len(ids)) if form.is_bound else ""
    if form.is_bound and form.is_valid() and not problem:
        return _begin(request, page, kind, ids, form)
    return _ask(request, page, kind, ids, form, problem)


def _ids(request: ConsoleRequest, page: ListPage) -> list[int]:
    """Return the rows meant, frozen now; what the asker may not see is not counted, whoever typed it in."""
    given = request.POST
    if given.get("all"):
        return ids_matching(page, request.actor, given.get("query", ""))
    ticked = [pk for row in dict.fromkeys(given.getlist("row")) if (pk := number_of(row)) is not None]
    seen = set(page.visible(request.actor).filter(pk__in=ticked).values_list("pk", flat=True))
    return [pk for pk in ticked if pk in seen]


def _unsure(kind: Kind, given: Any, count: int) -> str:
    """Say why we ask again: the number typed is not the number of rows, or that has changed since."""
    if given.get("count") != str(count):
        return gettext("Meanwhile another number of rows matches; look at it again.")
    if kind.danger and given.get("typed", "").strip().replace(",", "") != str(count):
        return gettext("Type the number of rows, %(n)s, to go on.") % {"n": count}
    return ""


def _ask(
    request: ConsoleRequest, page: ListPage, kind: Kind, ids: list[int], form: ManyForm, problem: str
) -> HttpResponse:
    given = request.POST
    labels = kind.labels(request.actor, ids[:NAMED])
    context = {
        "page_shown": page,
        "kind": kind,
        "count": len(ids),
        "all": bool(given.get("all")),
        "rows": [] if given.get("all") else ids,
        "query": given.get("query", ""),
        "named": [labels[pk] for pk in ids[:NAMED] if pk in labels],
        "more": max(0, len(ids) - NAMED),
        "form": form,
        "problem": problem,
        "back_url": _list_url(page, given.get("query", "")),
        "at_once": _is_short(kind, len(ids)),
    }
    return render(request, "web/lists/ask.html", context, status=422 if form.is_bound else 200)


def _begin(request: ConsoleRequest, page: ListPage, kind: Kind, ids: list[int], form: ManyForm) -> HttpResponse:
    at_once = _is_short(kind, len(ids))
    job = actions.ask(
        kind.name, ids, form.arguments(), at=timezone.now(), by=request.actor, at_once=at_once, title=str(kind.title),
        language=get_language() or "",
    )  # fmt: skip
    if not at_once:
        messages.info(request, _("It goes on by itself; you may leave. A message tells when it is over."))
        return redirect("web:job", job.pk)
    job = running.run_at_once(job, now=timezone.now)
    if job.failed or job.done < job.total:
        return redirect("web:job", job.pk)
    done = ngettext("%(what)s: %(n)s done.", "%(what)s: all %(n)s done.", job.done)
    messages.success(request, done % {"what": kind.title, "n": job.done})
    return redirect(_list_url(page, request.POST.get("query", "")))


def _is_short(kind: Kind, count: int) -> bool:
    """Say whether somebody can wait for it."""
    return count <= AT_ONCE and kind.make is None


def _list_url(page: ListPage, query: str) -> str:
    return f"{reverse(f'web:{page.name}')}?{query}" if query else reverse(f"web:{page.name}")


urlpatterns = [path("lists/<slug:name>/many", many, name="list-many")]
