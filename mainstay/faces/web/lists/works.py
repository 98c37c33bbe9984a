"""The list of planned work: its columns, filters and orders (I3)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.network.planned_work import queries
from mainstay.network.planned_work.choices import WorkStatus
from mainstay.platform.identity.choices import Permission

SORTS = {
    "from": ("from_at", "number"),
    "to": ("to_at", "number"),
    "number": ("number",),
    "status": ("status", "-from_at"),
}


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar."""
    return [
        {"name": "q", "label": _("Number or title"), "kind": "search"},
        {"name": "status", "label": _("Status"), "kind": "chips", "options": WorkStatus.choices},
    ]


def _matching(asked: Asked) -> Any:
    given = asked.given
    rows = queries.works_matching(asked.actor, status=given.get("status", ""), text=given.get("q", ""))
    return listing.ordered(rows, given.get("sort", ""), SORTS, default="-from")


def _status(w: Any, asked: Asked) -> object:
    if w.status == WorkStatus.APPROVED and w.from_at <= asked.at < w.to_at:
        return cells.state("planned", asked.at, label=gettext("under way"))
    return w.get_status_display()


def _at(name: str, style: str = "relative") -> tuple[Any, Any]:
    return (lambda w, a: cells.instant(getattr(w, name), a.at, style)), (lambda w, _a: getattr(w, name))


COLUMNS = (
    column("number", _("Number"), lambda w, _a: cells.link("work", w.pk, w.number, css="row-link"),
           lambda w, _a: w.number, sort="number", css="text-nowrap", fixed=True),
    column("title", _("Title"), lambda w, _a: w.title),
    column("status", _("Status"), _status, lambda w, _a: w.get_status_display(), sort="status", css="text-nowrap"),
    column("from", _("From"), *_at("from_at", "absolute"), sort="from", css="text-nowrap"),
    column("to", _("To"), *_at("to_at", "absolute"), sort="to", css="text-nowrap"),
    column("resources", _("Resources"), lambda w, _a: w.resource_count, numeric=True),
    column("announced", _("Announced"), *_at("announced_at")),
    column("approved", _("Approved by"), lambda w, _a: cells.text(w.approved_by), lambda w, _a: w.approved_by),
    column("planned", _("Planned by"), lambda w, _a: cells.text(w.planned_by), lambda w, _a: w.planned_by, shown=False),
    column("ended", _("Ended"), *_at("ended_at"), shown=False),
    column("details", _("What is done"), lambda w, _a: cells.text(w.details), lambda w, _a: w.details, shown=False),
    column("preparation", _("What customers should prepare"), lambda w, _a: cells.text(w.preparation),
           lambda w, _a: w.preparation, shown=False),
)  # fmt: skip

WORKS = ListPage(
    name="works",
    title=_("Planned work"),
    object_kind="work",
    columns=COLUMNS,
    matching=_matching,
    visible=queries.works_matching,
    url=lambda w: reverse("web:work", args=[w.pk]),
    id_of=lambda w: int(w.pk),
    label_of=lambda w: str(w.number),
    filters=filters,
    sorts=frozenset(SORTS),
    live="work",
    empty=(
        _("No planned work"),
        _("Work on the network is planned here, approved by a second person and announced; "
          "then its alarms are excused."),
        "calendar-event",
    ),
    permission=Permission.READ_ALARMS,
)  # fmt: skip
