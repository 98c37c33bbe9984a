"""Does the log of reports still give what is stored? Judges it again from scratch, in memory, and compares (PC 11).

What it relies on: the inventory, sources and rules are those of the time; the worker was not restarted amid a storm (a
restart forgets how often an alarm flapped). Nothing is written.

Of faults of one instant that came in different batches, live judging met one first: it may have put an alarm, or booked
a circuit, under that one's incident, and seen a state that lasted no time. Neither is compared, nor the worst state;
such an incident itself may show as a difference, its alarms and impacts do not. Incidents that people declared are not
compared: no report says when they were.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice, zip_longest
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import IncidentKind, IncidentOrigin, IncidentStatus, Outcome
from mainstay.network.alarms.errors import ReportsForgotten
from mainstay.network.alarms.judging.facts import Report, StateChange, Stretch, Verdicts, from_ms, to_ms
from mainstay.network.alarms.judging.judge import Judge
from mainstay.network.alarms.judging.windows import Window
from mainstay.network.alarms.loading import Rules, report_rows, source_policy
from mainstay.network.alarms.models import Alarm, AlarmReport, AlarmSource, Impact, Incident
from mainstay.network.alarms.worker import read_network
from mainstay.network.inventory.choices import LiveState
from mainstay.network.planned_work import queries as planned_work

CHUNK = 2000
Row = tuple[object, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that is stored otherwise than judged; `None` where it is missing."""

    what: str
    stored: Row | None
    judged: Row | None

    def __str__(self) -> str:
        return f"{self.what}: stored {_shown(self.stored)}, judged again {_shown(self.judged)}"


@dataclass(frozen=True)
class Trouble:
    """A circuit went down or became degraded at an instant, and not because of planned work."""

    circuit_id: int
    state: int
    at: datetime


@dataclass
class Rejudged:
    """What judging again gave: how much, what differs, and which troubles tickets must tell of."""

    reports: int = 0
    alarms: int = 0
    incidents: int = 0
    impacts: int = 0
    differences: list[Difference] = field(default_factory=list)
    troubles: set[Trouble] = field(default_factory=set)

    def summary(self) -> str:
        """Say how much was judged again."""
        return (
            f"{self.reports} reports judged again: {self.alarms} alarms, {self.incidents} incidents, "
            f"{self.impacts} impacts"
        )


@dataclass
class _Memory:
    """What a worker would have stored, kept in memory."""

    alarms: dict[int, Row] = field(default_factory=dict)
    incident_of: dict[int, int | None] = field(default_factory=dict)
    incidents: dict[int, Row] = field(default_factory=dict)
    stretches: dict[int, Stretch] = field(default_factory=dict)
    changes: list[StateChange] = field(default_factory=list)
    into: dict[int, int] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)

    def take(self, verdicts: Verdicts) -> None:
        """Keep what one call decided."""
        for alarm in (verdicts.repeated | verdicts.alarms).values():
            self.incident_of[alarm.id] = alarm.incident
            self.alarms[alarm.id] = (
                alarm.source, alarm.resource, alarm.alarm_type, alarm.raised_ms, alarm.cleared_ms, alarm.reports,
                alarm.effect,
            )  # fmt: skip
        for case in verdicts.cases.values():
            self.incidents[case.id] = (case.cause, case.opened_ms)
        self.into.update({gone: kept for gone, kept, _ in verdicts.merged})
        for gone in verdicts.dropped_stretches:
            self.stretches.pop(gone, None)
        self.stretches.update(verdicts.stretches)
        self.changes += verdicts.changes
        self.outcomes.update({pk: outcome for pk, outcome, _ in verdicts.outcomes})

    def standing_incident(self, incident: int) -> int:
        """Follow mergers."""
        while incident in self.into:
            incident = self.into[incident]
        return incident


def rejudge(*, at: datetime) -> Rejudged:
    """Judge all reports received before `at` again and compare with what is stored.

    Raises ReportsForgotten where the first reports are not kept any more: what stood then cannot be known.
    """
    _check_kept()
    network, _ = read_network()
    policies = {source.pk: source_policy(source) for source in AlarmSource.objects.all()}
    for policy in policies.values():
        policy.silence_after_ms, policy.silent_incident = 0, None
    judge = Judge(network, policies, Rules(network.kinds).effect_of)
    memory, result = _Memory(), Rejudged()
    windows = planned_work.windows_between(datetime.min.replace(tzinfo=UTC), at)
    judge.replace_windows(Window(w.resource_id, to_ms(w.from_at), to_ms(w.to_at)) for w in windows)
    for reports in _chunks(at):
        memory.take(judge.take(reports))
        result.reports += len(reports)
    memory.take(judge.tick(to_ms(_newest_instant(at))))
    result.reports += AlarmReport.objects.filter(outcome=Outcome.QUARANTINED, received_at__lte=at).count()
    _compare(memory, result)
    return result


def _check_kept() -> None:
    first = Alarm.objects.order_by("pk").first()
    if first is not None and not AlarmReport.objects.filter(alarm_id=first.pk).exists():
        oldest = AlarmReport.objects.order_by("pk").values_list("received_at", flat=True).first()
        raise ReportsForgotten(
            msgid(
                "Reports before {at} are not kept any more (MAINSTAY_KEEP_REPORTS_DAYS), so nothing is judged "
                "again; restore a backup of before into an empty house and judge there."
            ),
            at=f"{timezone.localtime(oldest):%Y-%m-%d %H:%M}" if oldest else "-",
        )


def _chunks(at: datetime) -> Iterator[list[Report]]:
    passed_over = (Outcome.WAITING, Outcome.QUARANTINED)  # what was placed came in again as a report of its own
    rows: QuerySet[AlarmReport] = AlarmReport.objects.exclude(outcome__in=passed_over).filter(received_at__lte=at)
    last = 0
    while reports := report_rows(rows.filter(pk__gt=last), limit=CHUNK):
        last = reports[-1].id
        yield reports


def _newest_instant(at: datetime) -> datetime:
    """Return how far time had passed for the worker: the newest instant it wrote."""
    newest = [
        Alarm.objects.aggregate(at=Max("cleared_at"))["at"],
        Impact.objects.aggregate(at=Max("to_at"))["at"],
        AlarmReport.objects.exclude(outcome=Outcome.WAITING).aggregate(at=Max("received_at"))["at"],
    ]
    return min(at, max((instant for instant in newest if instant), default=at))


def _compare(memory: _Memory, result: Rejudged) -> None:
    result.alarms, result.incidents = len(memory.alarms), len(memory.incidents)
    result.impacts = len(memory.stretches)
    number = _stored_numbers(memory)
    declared = set(Incident.objects.filter(origin=IncidentOrigin.REPORTS).values_list("pk", flat=True))
    result.differences += _differences("alarm", _stored_alarms(), _named(memory.alarms.values()))
    result.differences += _differences("incident", _stored_incidents(), {
        number[pk]: row for pk, row in memory.incidents.items() if pk not in memory.into and number[pk] not in declared
    })  # fmt: skip
    judged: dict[object, Row] = {
        (s.circuit, s.state, from_ms(s.from_ms)): (s.planned, from_ms(s.to_ms) if s.to_ms is not None else None)
        for s in memory.stretches.values()
    }  # fmt: skip
    result.differences += _differences("impact", _stored_impacts(), judged)
    result.troubles = {
        Trouble(change.circuit, change.new, from_ms(change.at_ms))
        for change in memory.changes
        if change.new >= LiveState.DEGRADED and not change.planned
    }


def _stored_numbers(memory: _Memory) -> dict[int, int]:
    """Return by judged number the stored one: of the incident that holds the same alarms.

    The numbers themselves may differ: those of silent sources are not judged again, and alarms of one instant that came
    in separate batches first opened incidents apart, which were then merged.
    """
    found: dict[int, int] = {}
    named = _Namer()
    judged_of = {named(row): memory.incident_of.get(pk) for pk, row in sorted(memory.alarms.items())}
    named = _Namer()
    for *row, stored in _alarm_rows("incident_id"):
        judged = judged_of.get(named(tuple(row)))
        if judged is not None and isinstance(stored, int):
            found.setdefault(memory.standing_incident(judged), stored)
    faults = _judged_incidents().order_by("pk")
    matched = set(found.values())
    unmatched = (pk for pk in faults.values_list("pk", flat=True) if pk not in matched)
    left = [pk for pk in sorted(memory.incidents) if pk not in found and pk not in memory.into]
    return found | dict(zip_longest(left, islice(unmatched, len(left)), fillvalue=0))


class _Namer:
    """Mutable: names alarms by what they are; numbers hang on how reports of one instant were cut into batches."""

    def __init__(self) -> None:
        self.seen: Counter[Row] = Counter()

    def __call__(self, row: Row) -> Row:
        """Name a row (source, resource, type, raised, …): these four, and which of its name it is."""
        name = row[:4]
        self.seen[name] += 1
        return (*name, self.seen[name])


def _named(rows: Iterable[Row]) -> dict[object, Row]:
    """Key alarms by name; of several with one name the earlier cleared comes first."""
    name = _Namer()
    return {name(row): row for row in sorted(rows, key=_by_end)}


def _by_end(row: Row) -> tuple[bool, object]:
    return (row[4] is None, row[4] or 0)


def _stored_alarms() -> dict[object, Row]:
    return _named(_alarm_rows())


def _alarm_rows(*more: str) -> Iterator[Row]:
    """Give the stored alarms as judging writes them, in the order of their numbers, with further columns."""
    columns = ("source_id", "resource_id", "alarm_type", "raised_at", "cleared_at", "reports", "effect", *more)
    for source, resource, type_, raised, cleared, *rest in Alarm.objects.order_by("pk").values_list(*columns):
        yield (source, resource, type_, to_ms(raised), to_ms(cleared) if cleared else None, *rest)


def _judged_incidents() -> QuerySet[Incident]:
    faults = Incident.objects.filter(kind=IncidentKind.FAULT, origin=IncidentOrigin.ALARMS)
    return faults.exclude(status=IncidentStatus.MERGED)


def _stored_incidents() -> dict[object, Row]:
    rows = _judged_incidents()
    return {pk: (cause, to_ms(opened)) for pk, cause, opened in rows.values_list("pk", "cause_id", "opened_at")}


def _stored_impacts() -> dict[object, Row]:
    rows = Impact.objects.values_list("circuit_id", "state", "from_at", "planned", "to_at")
    return {(circuit, state, start): (planned, end) for circuit, state, start, planned, end in rows}


def _differences(what: str, stored: dict[object, Row], judged: Mapping[Any, Row]) -> list[Difference]:
    again: dict[Any, Row] = dict(judged)
    return [
        Difference(f"{what} {key}", stored.get(key), again.get(key))
        for key in sorted({*stored, *again}, key=str)
        if stored.get(key) != again.get(key)
    ]


def _shown(row: Row | None) -> str:
    return "nothing" if row is None else ", ".join(str(value) for value in row)
