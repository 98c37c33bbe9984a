"""Has the house what it needs to keep promises: workers, calendars, promises, people on duty, sources that speak?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.accounts.catalog import queries as catalog
from mainstay.domain.actor import system
from mainstay.faces.cli.checking.finding import Finding, error, fact, warning
from mainstay.network.alarms.queries import alarms
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.duty import queries as duty
from mainstay.platform.messages import queries as messages
from mainstay.platform.monitoring import queries as monitoring
from mainstay.platform.timers import queries as timers

STARTED_BY = {"web": "web", "impact-worker": "worker", "sweeper": "sweeper", "live": "live", "courier": "courier"}
"""The command by the name its program gives itself."""
LATE_S = 30
MANY_QUARANTINED = 20
OLD_BACKUP = timedelta(days=2)


def state(at: datetime) -> Iterator[Finding]:
    """Look at everything that must be there for the house to do its work at `at`."""
    yield from _programs(at)
    yield from _queues(at)
    yield from _promises(at)
    yield from _duty(at)
    yield from _sources(at)
    yield from _backups(at)


def _programs(at: datetime) -> Iterator[Finding]:
    states = monitoring.programs(at=at)
    for name in monitoring.missing(states):
        ages = [state.age_s for state in states if state.row.name == name]
        found = _("%(name)s gives no sign of life.") % {"name": name}
        if ages:
            found = _("%(name)s gave its last sign of life %(age)s s ago.") % {"name": name, "age": min(ages)}
        yield error(
            found, _("Start `mainstay %(command)s`; its log says why it ended.") % {"command": STARTED_BY[name]}
        )
    versions = {state.row.version for state in states if state.alive}
    if len(versions) > 1:
        yield warning(
            _("Programs of different versions run: %(versions)s.") % {"versions": ", ".join(sorted(versions))},
            _("Start the older ones again."),
        )


def _queues(at: datetime) -> Iterator[Finding]:
    if (waiting := alarms.oldest_waiting_s(at=at)) > LATE_S:
        yield error(
            _("The oldest report waits for %(seconds)s s to be judged.") % {"seconds": waiting},
            _("See whether `mainstay worker` runs, and its log."),
        )
    if (late := messages.late_s(at)) > LATE_S:
        yield warning(
            _("%(count)s messages wait to be sent, the oldest for %(seconds)s s.")
            % {"count": messages.due(at), "seconds": late},
            _("See whether `mainstay courier` runs, and how the senders do under Settings › Channels."),
        )
    if (late := timers.overdue_s(at)) > LATE_S:
        yield error(
            _("%(count)s timers are late, the oldest by %(seconds)s s.")
            % {"count": timers.overdue(at), "seconds": late},
            _("See whether `mainstay sweeper` runs, and its log."),
        )


def _promises(at: datetime) -> Iterator[Finding]:
    profile = catalog.active_profile()
    if profile is None:
        yield error(_("No promise profile is in force: tickets get no clocks."), _("Activate one under Settings."))
    else:
        yield fact(_("Promises in force: %(name)s.") % {"name": profile.name})
    year = timezone.localdate(at).year
    known = calendars.known_until("CN")
    if known is None or known.year < year:
        yield error(
            _("The holidays of %(year)s are not known: working time is counted wrong.") % {"year": year},
            _("Import the year's table under Settings › Calendars."),
        )
    elif known.year == year:
        yield warning(
            _("The holidays of %(year)s are not known yet.") % {"year": year + 1},
            _("Import the table once it is announced, in November as a rule."),
        )


def _duty(at: datetime) -> Iterator[Finding]:
    desks = duty.roster(at, system("check"), days=7)
    if not desks:
        yield warning(_("There is no duty desk: escalations reach nobody."), _("Add desks and shifts under Settings."))
    for desk in desks:
        if not desk.shifts:
            yield warning(
                _("Nobody is on duty at %(desk)s in the next seven days.") % {"desk": desk.desk.name},
                _("Enter shifts under Settings › Duty roster."),
            )


def _sources(at: datetime) -> Iterator[Finding]:
    pulse = alarms.pulse(at=at)
    if not alarms.sources():
        yield warning(_("No alarm source is known."), _("Add one, and give its system a token."))
    for source in pulse.silent:
        yield warning(
            _("The alarm source %(name)s is silent.") % {"name": source.name},
            _("Ask who runs it; until it speaks again its faults are not seen."),
        )
    if pulse.quarantined > MANY_QUARANTINED:
        yield warning(
            _("Alarms name %(count)s things that the inventory does not know.") % {"count": pulse.quarantined},
            _("Place or ignore them under Alarms › Quarantine."),
        )


def _backups(at: datetime) -> Iterator[Finding]:
    last = monitoring.last_backup()
    if last is None:
        yield warning(_("No backup has been taken."), _("Run `mainstay backup FOLDER` every night."))
    elif at - last.taken_at > OLD_BACKUP:
        yield warning(
            _("The last backup is of %(day)s.") % {"day": f"{timezone.localtime(last.taken_at):%Y-%m-%d %H:%M}"},
            _("Run `mainstay backup FOLDER` every night."),
        )
    elif last.proved_at is None:
        yield warning(
            _("The last backup has not been rehearsed."), _("Run `mainstay backup verify FILE`: it restores a copy.")
        )
