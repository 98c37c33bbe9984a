"""How the house itself does: its programs, queues, database and backups (P3)."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay import __version__
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.queries import alarms, room
from mainstay.network.reconciliation.queries import sources as sync
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import queries as jobs
from mainstay.platform.journal import queries as journal
from mainstay.platform.messages import queries as messages
from mainstay.platform.monitoring import queries, retention
from mainstay.platform.timers import queries as timers

NAMES = {
    "web": _("Web: console, portal, interfaces"),
    "live": _("Live: news to open pages"),
    "impact-worker": _("Impact worker: judges alarms"),
    "sweeper": _("Sweeper: timers, seals"),
    "courier": _("Courier: e-mail, SMS, chat"),
}
LATE_S = 30
"""Waiting for longer than this is marked."""


@door(Permission.SETTINGS)
def monitoring(request: ConsoleRequest) -> HttpResponse:
    """Show what is wrong, signs of life, queues, the database, backups, what is kept (28 queries)."""
    at = timezone.now()
    states = queries.programs(at=at)
    waiting_s, late_s = room.oldest_waiting_s(at=at), timers.overdue_s(at)
    return show(
        request,
        "monitoring",
        "settings-monitoring",
        programs=[(state, NAMES.get(state.row.name, state.row.name), _said(state)) for state in states],
        troubles=queries.troubles_standing(),
        over=queries.troubles_ended(),
        looked_at=queries.looked_at(),
        kept=[_Kept(gettext(keeping.title), keeping) for keeping in retention.keepings()],
        pulse=alarms.pulse(at=at),
        waiting_s=waiting_s,
        waiting_state="down" if waiting_s > LATE_S else "",
        overdue=timers.overdue(at),
        late_s=late_s,
        unsent=messages.due(at),
        unsent_s=messages.late_s(at),
        late_state="down" if late_s > LATE_S else "",
        outbox=queries.outbox_length(),
        jobs=jobs.queue(at=at),
        unsealed=journal.seal_counts()["waiting"],
        database=queries.database_version(),
        database_mb=queries.database_bytes() >> 20,
        backups=queries.backups(),
        version=__version__,
        sync=sync.states(request.actor, at=at),
    )


@dataclass(frozen=True)
class _Kept:
    """What is kept for how long, in the reader's words."""

    title: str
    keeping: retention.Keeping

    @property
    def oldest(self) -> datetime | None:
        """When the oldest row is from."""
        return self.keeping.oldest()


FIGURES = {
    "answered_in_ms": _("answers in %(value)s ms"),
    "behind_s": _("%(value)s s behind"),
    "judged": _("%(value)s reports judged"),
    "batch": _("batches of %(value)s"),
    "late_s": _("%(value)s s late"),
    "fired": _("%(value)s timers fired"),
    "sweep_s": _("a sweep takes %(value)s s"),
    "loading": _("loading"),
}


def _said(state: queries.ProgramState) -> list[str]:
    """Say a program's figures; one without a sentence of its own is named as the program names it."""
    shown = {name: value for name, value in state.row.figures.items() if value is not None}
    return [
        str(FIGURES[name]) % {"value": value} if name in FIGURES else f"{name} {value}" for name, value in shown.items()
    ]


urlpatterns = [path("settings/monitoring", monitoring, name="settings-monitoring")]
