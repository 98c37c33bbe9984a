"""Has the house what it needs to keep promises: workers, calendars, promises, people on duty, sources that speak?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from mainstay.accounts.catalog import queries as catalog
from mainstay.domain.actor import system
from mainstay.domain.errors import msgid
from mainstay.faces.cli.checking.finding import Finding, error, fact, warning
from mainstay.network.alarms.queries import alarms, room
from mainstay.network.reconciliation.queries import sources as sync
from mainstay.platform.calendars import queries as calendars
from mainstay.platform.duty import queries as duty
from mainstay.platform.journal import handing
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
    yield from _managers(at)
    yield from _backups(at)


def _programs(at: datetime) -> Iterator[Finding]:
    states = monitoring.programs(at=at)
    for name in monitoring.missing(states):
        ages = [state.age_s for state in states if state.row.name == name]
        found = msgid("%(name)s gives no sign of life.")
        if ages:
            found = msgid("%(name)s gave its last sign of life %(age)s s ago.")
        yield error(
            "silent_program",
            found,
            msgid("Start `mainstay %(command)s`; its log says why it ended."),
            subject=name,
            name=name,
            age=min(ages, default=None),
            command=STARTED_BY[name],
        )
    versions = {state.row.version for state in states if state.alive}
    if len(versions) > 1:
        yield warning(
            "mixed_versions",
            msgid("Programs of different versions run: %(versions)s."),
            msgid("Start the older ones again."),
            versions=", ".join(sorted(versions)),
        )


def _queues(at: datetime) -> Iterator[Finding]:
    if (waiting := room.oldest_waiting_s(at=at)) > LATE_S:
        yield error(
            "late_judging",
            msgid("The oldest report waits for %(seconds)s s to be judged."),
            msgid("See whether `mainstay worker` runs, and its log."),
            seconds=waiting,
        )
    if (waiting := room.oldest_handed_on_s(at=at)) > LATE_S:
        yield error(
            "late_tickets",
            msgid("Tickets are late: what follows from a verdict waits for %(seconds)s s."),
            msgid("See whether `mainstay caseworker` or `mainstay worker` runs, and its log."),
            seconds=waiting,
        )
    if aside := handing.set_aside_count():
        yield error(
            "tickets_set_aside",
            msgid("%(count)s verdicts could not be turned into tickets and were set aside."),
            msgid("See the log of caseworker and worker for why, then start `mainstay caseworker --again`."),
            count=aside,
        )
    if room.is_behind(at=at, most=settings.QUEUE_MOST, longest_s=settings.QUEUE_LONGEST_S):
        yield error(
            "intake_refuses",
            msgid("Too many reports wait to be judged: intake answers 429, and sources must send again."),
            msgid("See whether `mainstay worker` runs and keeps up; MAINSTAY_QUEUE_MOST and …_LONGEST_S limit it."),
        )
    if (late := messages.late_s(at)) > LATE_S:
        yield warning(
            "late_messages",
            msgid("%(count)s messages wait to be sent, the oldest for %(seconds)s s."),
            msgid("See whether `mainstay courier` runs, and how the senders do under Settings › Channels."),
            count=messages.due(at),
            seconds=late,
        )
    if (late := timers.overdue_s(at)) > LATE_S:
        yield error(
            "late_timers",
            msgid("%(count)s timers are late, the oldest by %(seconds)s s."),
            msgid("See whether `mainstay sweeper` runs, and its log."),
            count=timers.overdue(at),
            seconds=late,
        )


def _promises(at: datetime) -> Iterator[Finding]:
    profile = catalog.active_profile()
    if profile is None:
        yield error(
            "no_profile",
            msgid("No promise profile is in force: tickets get no clocks."),
            msgid("Activate one under Settings."),
        )
    else:
        yield fact("profile", msgid("Promises in force: %(name)s."), name=profile.name)
    year = timezone.localdate(at).year
    known = calendars.known_until("CN")
    if known is None or known.year < year:
        yield error(
            "no_holidays",
            msgid("The holidays of %(year)s are not known: working time is counted wrong."),
            msgid("Import the year's table under Settings › Calendars."),
            year=year,
        )
    elif known.year == year:
        yield warning(
            "next_holidays",
            msgid("The holidays of %(year)s are not known yet."),
            msgid("Import the table once it is announced, in November as a rule."),
            year=year + 1,
        )


def _duty(at: datetime) -> Iterator[Finding]:
    desks = duty.roster(at, system("check"), days=7)
    if not desks:
        yield warning(
            "no_desk",
            msgid("There is no duty desk: escalations reach nobody."),
            msgid("Add desks and shifts under Settings."),
        )
    for desk in desks:
        if not desk.shifts:
            yield warning(
                "empty_desk",
                msgid("Nobody is on duty at %(desk)s in the next seven days."),
                msgid("Enter shifts under Settings › Duty roster."),
                subject=desk.desk.code,
                desk=desk.desk.name,
            )


def _sources(at: datetime) -> Iterator[Finding]:
    pulse = alarms.pulse(at=at)
    if not alarms.sources():
        yield warning("no_source", msgid("No alarm source is known."), msgid("Add one, and give its system a token."))
    for source in pulse.silent:
        yield warning(
            "silent_source",
            msgid("The alarm source %(name)s is silent."),
            msgid("Ask who runs it; until it speaks again its faults are not seen."),
            subject=source.code,
            name=source.name,
        )
    if pulse.quarantined > MANY_QUARANTINED:
        yield warning(
            "quarantine",
            msgid("Alarms name %(count)s things that the inventory does not know."),
            msgid("Place or ignore them under Alarms › Quarantine."),
            count=pulse.quarantined,
        )


def _managers(at: datetime) -> Iterator[Finding]:
    by = system("check")
    for source in sync.late_sources(by, at=at):
        yield warning(
            "late_export",
            msgid("No export of %(name)s came"),
            msgid("Ask who runs it; what changed there since is not seen here."),
            subject=source.code,
            name=source.name,
        )
    for run in sync.held_runs(by):
        yield warning(
            "held_export",
            msgid("Confirm the export of %(name)s"),
            msgid("It is held: so much would vanish or change that it may be cut short."),
            subject=f"{run.source.code} {run.pk}",
            name=run.source.name,
        )


def _backups(at: datetime) -> Iterator[Finding]:
    last = monitoring.last_backup()
    if last is None:
        yield warning(
            "no_backup", msgid("No backup has been taken."), msgid("Run `mainstay backup FOLDER` every night.")
        )
    elif at - last.taken_at > OLD_BACKUP:
        yield warning(
            "old_backup",
            msgid("The last backup is of %(day)s."),
            msgid("Run `mainstay backup FOLDER` every night."),
            day=f"{timezone.localtime(last.taken_at):%Y-%m-%d %H:%M}",
        )
    elif last.proved_at is None:
        yield warning(
            "unproved_backup",
            msgid("The last backup has not been rehearsed."),
            msgid("Run `mainstay backup verify FILE`: it restores a copy."),
        )
