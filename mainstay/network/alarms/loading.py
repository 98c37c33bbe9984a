"""Loads what stands from the database into the judgement."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Func, Max, Q, QuerySet

from mainstay.network.alarms.choices import (
    DECLARED_FROM,
    LIVE_INCIDENTS,
    IncidentKind,
    IncidentOrigin,
    Outcome,
    ReportKind,
)
from mainstay.network.alarms.judging.facts import (
    Case,
    Report,
    SourcePolicy,
    Standing,
    Stretch,
    to_ms,
)
from mainstay.network.alarms.judging.judge import Judge
from mainstay.network.alarms.judging.network import Network
from mainstay.network.alarms.models import (
    Alarm,
    AlarmReport,
    AlarmSource,
    EffectRule,
    Impact,
    Incident,
)
from mainstay.network.alarms.rules import rule_for


class Rules:
    """What an alarm type does to service: the most specific rule wins, an older one on a tie (G2)."""

    def __init__(self, kinds: Mapping[int, str]) -> None:
        """Load the rules; `kinds` gives the kind of a resource by its id, of those that come later too."""
        self._kinds = kinds
        self._rules = list(EffectRule.objects.order_by("id"))
        self._known: dict[tuple[int, str, str, str], int] = {}

    def effect_of(self, source: int, alarm_type: str, resource: int, severity: str) -> int:
        """Return the effect (0 none, 1 degraded, 2 down); 0 when no rule speaks."""
        key = (source, alarm_type, self._kinds[resource], severity)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, source: int, alarm_type: str, kind: str, severity: str) -> int:
        found = rule_for(self._rules, source=source, alarm_type=alarm_type, kind=kind, severity=severity)
        return found.effect if found else 0


def load_judge(network: Network) -> Judge:
    """Return a judge that knows what stands in the database."""
    rules = Rules(network.kinds)
    judge = Judge(
        network,
        {source.pk: source_policy(source) for source in AlarmSource.objects.all()},
        rules.effect_of,
        next_alarm=_next_id(Alarm),
        next_incident=_next_id(Incident),
        next_stretch=_next_id(Impact),
    )
    alarms = [_standing(alarm) for alarm in Alarm.objects.filter(cleared_at__isnull=True).order_by("id")]
    known = [alarm for alarm in alarms if alarm.resource in network.index_of_resource]
    cases = [_case(incident) for incident in Incident.objects.filter(status__in=LIVE_INCIDENTS).order_by("id")]
    stretches = [_stretch(impact) for impact in Impact.objects.filter(to_at__isnull=True).order_by("id")]
    last_ends = Impact.objects.exclude(to_at=None).values_list("circuit_id").annotate(Max("to_at"))
    judge.restore(
        known, cases, stretches, held=_held(known), last_ends={circuit: to_ms(end) for circuit, end in last_ends}
    )
    _remember_clears(judge)
    _remember_raisings(judge)
    return judge


def _held(alarms: list[Standing]) -> set[int]:
    """Return the alarms that flap and were cleared last: they stand only until they have been quiet long enough."""
    flapping = [alarm.id for alarm in alarms if alarm.flapping]
    if not flapping:
        return set()
    reports = AlarmReport.objects.filter(alarm_id__in=flapping).order_by("id").values_list("alarm_id", "kind")
    return {alarm for alarm, kind in dict(reports).items() if alarm is not None and kind == ReportKind.CLEAR}


def _remember_clears(judge: Judge) -> None:
    """Tell the judge what sources cleared lately, found or not, as long as a raising may be on its way that is older.

    One that is later than its source's clock tolerance is not believed: receipt counts instead.
    """
    clears = AlarmReport.objects.filter(kind=ReportKind.CLEAR)
    newest = clears.aggregate(at=Max("received_at"))["at"]
    if newest is None:
        return
    longest = timedelta(milliseconds=max(policy.skew_ms for policy in judge.policies.values()))
    for report in _read(clears.filter(received_at__gte=newest - longest).exclude(outcome=Outcome.WAITING)):
        resource, told_ms = judge.network.place(report.source, report.resource_ref), judge.standing.told_ms(report)
        if resource is not None and told_ms is not None:
            judge.standing.remember_clear((report.source, resource, report.alarm_type), told_ms)


def _remember_raisings(judge: Judge) -> None:
    """Tell the judge what was raised lately, in order, so that an alarm that flaps through a restart is held too."""
    raised = Alarm.objects.filter(source__quiet_s=0)
    newest = raised.aggregate(at=Max("raised_at"))["at"]
    if newest is None:
        return
    longest = max(policy.flap_window_ms for policy in judge.policies.values())
    latest = raised.filter(raised_at__gte=newest - timedelta(milliseconds=longest)).order_by("id")
    for source, resource, alarm_type, at in latest.values_list("source_id", "resource_id", "alarm_type", "raised_at"):
        judge.standing.remember_raising((source, resource, alarm_type), to_ms(at))


def _next_id(model: "type[Alarm] | type[Incident] | type[Impact]") -> int:
    """Return the next key: only the impact worker makes these rows, so it numbers them itself.

    The incidents that people declare have keys of their own.
    """
    rows = model.objects.filter(pk__lt=DECLARED_FROM) if model is Incident else model.objects.all()
    return (rows.aggregate(last=Max("pk"))["last"] or 0) + 1


def declared_cases() -> list[Case]:
    """Return the live incidents that people declared and no alarm has adopted (1 query)."""
    return [_case(incident) for incident in declared_incidents().order_by("id")]


def declared_incidents() -> QuerySet[Incident]:
    """Return the live incidents that people declared and no alarm has adopted, not read yet."""
    return Incident.objects.filter(
        origin=IncidentOrigin.REPORTS, adopted_at__isnull=True, status__in=LIVE_INCIDENTS, pk__gte=DECLARED_FROM
    )


def source_policy(source: AlarmSource) -> SourcePolicy:
    """Return how a source's alarms are read, and whether it is silent."""
    silent = (
        Incident.objects.filter(source=source, kind=IncidentKind.SILENT_SOURCE, status__in=LIVE_INCIDENTS)
        .values_list("pk", flat=True)
        .first()
    )
    return SourcePolicy(
        id=source.pk,
        quiet_ms=source.quiet_s * 1000,
        silence_after_ms=source.silence_after_s * 1000,
        skew_ms=source.skew_tolerance_s * 1000,
        flap_count=source.flap_count,
        flap_window_ms=source.flap_window_s * 1000,
        flap_hold_ms=source.flap_hold_s * 1000,
        last_report_ms=to_ms(source.last_report_at) if source.last_report_at else None,
        silent_incident=silent,
    )


def _standing(alarm: Alarm) -> Standing:
    return Standing(
        id=alarm.pk,
        source=alarm.source_id,
        resource=alarm.resource_id,
        alarm_type=alarm.alarm_type,
        probable_cause=alarm.probable_cause,
        severity=alarm.severity,
        effect=alarm.effect,
        text=alarm.text,
        raised_ms=to_ms(alarm.raised_at),
        last_ms=to_ms(alarm.last_at),
        reports=alarm.reports,
        flapping=alarm.flapping,
        clock_off=alarm.clock_off,
        planned=alarm.planned,
        began_ms=to_ms(alarm.began_at),
        told_ms=None if alarm.clock_off else to_ms(alarm.last_at),
        incident=alarm.incident_id,
        is_cause=alarm.is_cause,
        group=alarm.group,
        reason=alarm.reason,
    )


def _case(incident: Incident) -> Case:
    return Case(
        id=incident.pk,
        cause=incident.cause_id,
        cause_inferred=incident.cause_inferred,
        opened_ms=to_ms(incident.opened_at),
        detected_ms=to_ms(incident.detected_at),
        kind=incident.kind,
        source=incident.source_id,
        restored_ms=to_ms(incident.restored_at) if incident.restored_at else None,
        worst_state=incident.worst_state,
        planned=incident.planned,
        reason=incident.reason,
        declared=incident.origin == IncidentOrigin.REPORTS,
        adopted_ms=to_ms(incident.adopted_at) if incident.adopted_at else None,
    )


def _stretch(impact: Impact) -> Stretch:
    return Stretch(
        id=impact.pk,
        incident=impact.incident_id,
        circuit=impact.circuit_id,
        state=impact.state,
        planned=impact.planned,
        from_ms=to_ms(impact.from_at),
        detected_ms=to_ms(impact.detected_at),
    )


LOOKED_AHEAD = 50
"""Reports read beyond those asked for, to see whether the last one's instant goes on."""


def waiting_reports(*, limit: int, but: tuple[int, int] | None = None) -> list[Report]:
    """Return the oldest reports nobody has judged yet; `but`: none from the first to the last of these."""
    waiting = AlarmReport.objects.filter(outcome=Outcome.WAITING)
    return report_rows(waiting if but is None else waiting.exclude(pk__range=but), limit=limit)


def report_rows(rows: QuerySet[AlarmReport], *, limit: int) -> list[Report]:
    """Return reports in the order of their receipt, about `limit` of them; of 1 exactly.

    What arrived together and tells of one instant stays together: judged apart it could end otherwise (PC 11).
    """
    if limit == 1:
        return _read(rows, 1)
    read = _read(rows, limit + LOOKED_AHEAD)
    reports, rest = read[:limit], read[limit:]
    while rest:
        last = reports[-1]
        same = list(takewhile(partial(_is_of_one_instant, last), rest))
        reports += same
        if len(same) < len(rest):
            break
        rest = _read(rows.filter(pk__gt=reports[-1].id), LOOKED_AHEAD)
    return reports


def _is_of_one_instant(one: Report, other: Report) -> bool:
    return (one.received_ms, one.event_ms) == (other.received_ms, other.event_ms)


def _read(rows: QuerySet[AlarmReport], limit: int | None = None) -> list[Report]:
    """Read reports; PostgreSQL gives them as they are kept here, it reckons faster than Python reads instants."""
    if connection.vendor == "postgresql":
        asked = rows.order_by("id").values_list(*_columns(_Ms("event_at"), _Ms("received_at")))[:limit]
        with connection.cursor() as cursor:
            cursor.execute(*asked.query.sql_with_params())
            return list(map(Report._make, cursor.fetchall()))
    values = rows.order_by("id").values_list(*_columns("event_at", "received_at"))[:limit]
    return [
        Report(pk, source, raised, ref, type_, cause, severity, to_ms(event), to_ms(received), text)
        for pk, source, raised, ref, type_, cause, severity, event, received, text in values
    ]


def _columns(event_at: str | Func, received_at: str | Func) -> tuple[Any, ...]:
    """Return what is read of a report, in the order of `Report`."""
    raised = ExpressionWrapper(Q(kind=ReportKind.RAISE), output_field=BooleanField())
    names = "resource_ref", "alarm_type", "probable_cause", "severity"
    return "id", "source_id", raised, *names, event_at, received_at, "text"


class _Ms(Func):
    """An instant as `to_ms` gives it, reckoned by PostgreSQL."""

    template = "floor(extract(epoch FROM %(expressions)s) * 1000)::bigint"
    output_field = BigIntegerField()
