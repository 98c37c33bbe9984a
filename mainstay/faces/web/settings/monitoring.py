"""How the house itself does: its programs, queues, database and backups (P3)."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay import __version__
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.settings.pages import show
from mainstay.network.alarms.queries import alarms
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import queries as jobs
from mainstay.platform.journal import queries as journal
from mainstay.platform.monitoring import queries
from mainstay.platform.timers import queries as timers

NAMES = {
    "web": _("Web: console, portal, interfaces"),
    "live": _("Live: news to open pages"),
    "impact-worker": _("Impact worker: judges alarms"),
    "sweeper": _("Sweeper: timers, seals"),
}
LATE_S = 30
"""Waiting for longer than this is marked."""


@door(Permission.SETTINGS)
def monitoring(request: ConsoleRequest) -> HttpResponse:
    """Show signs of life, queues, the database and the last backups (16 queries)."""
    at = timezone.now()
    states = queries.programs(at=at)
    waiting_s, late_s = alarms.oldest_waiting_s(at=at), timers.overdue_s(at)
    return show(
        request,
        "monitoring",
        "settings-monitoring",
        programs=[(state, NAMES.get(state.row.name, state.row.name), _said(state)) for state in states],
        missing=[NAMES[name] for name in queries.missing(states)],
        pulse=alarms.pulse(at=at),
        waiting_s=waiting_s,
        waiting_state="down" if waiting_s > LATE_S else "",
        overdue=timers.overdue(at),
        late_s=late_s,
        late_state="down" if late_s > LATE_S else "",
        outbox=queries.outbox_length(),
        jobs=jobs.queue(at=at),
        unsealed=journal.seal_counts()["waiting"],
        database=queries.database_version(),
        database_mb=queries.database_bytes() >> 20,
        backups=queries.backups(),
        version=__version__,
    )


def _said(state: queries.ProgramState) -> list[str]:
    """Say a program's figures; their names end in the unit."""
    shown = {name: value for name, value in state.row.figures.items() if value is not None}
    return [f"{name} {value}" for name, value in shown.items()]


urlpatterns = [path("settings/monitoring", monitoring, name="settings-monitoring")]
