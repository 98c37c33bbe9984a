"""Writes what the judgement decided into the database, in the caller's transaction, and announces it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db.models import Q

from mainstay.domain.actor import Actor
from mainstay.domain.impact import CircuitState
from mainstay.network.alarms import events
from mainstay.network.alarms.choices import LIVE_INCIDENTS, IncidentKind, IncidentStatus, Outcome, QuarantineStatus
from mainstay.network.alarms.judging.facts import Case, Report, Standing, Verdicts, from_ms
from mainstay.network.alarms.models import Alarm, AlarmReport, AlarmSource, Impact, Incident, QuarantinedResource
from mainstay.network.alarms.stamps import Stamps
from mainstay.network.inventory.models import LiveCircuit, Resource
from mainstay.platform.bulk.gathering import write
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.journal.actions import Change, News, announce, publish, record

Owners = Mapping[int, tuple[int, str]]
"""Customer and region of each circuit spoken of."""


class Writer:
    """Writes verdicts in the caller's transaction and announces them; knows each circuit's customer and region."""

    def __init__(self) -> None:
        """Load whose each circuit is."""
        self.stamps = Stamps()

    def write(self, verdicts: Verdicts, *, at: datetime, by: Actor) -> None:
        """Write everything one call of the judge decided; what is gathered meanwhile needs the verdicts unchanged."""
        regions = self._write_incidents(verdicts)
        _write_alarms(verdicts)
        changed = {change.circuit for change in verdicts.changes}
        owners = self.stamps.of(changed | {stretch.circuit for stretch in verdicts.stretches.values()})
        _write_impacts(verdicts, owners)
        write(partial(_write_merges, verdicts))
        _write_circuits(verdicts)
        _write_reports(verdicts)
        write(partial(_write_sources, verdicts))
        _write_revisions(verdicts, regions, at=at, by=by)
        _tell(verdicts, owners, regions, at=at, by=by)

    def _write_incidents(self, verdicts: Verdicts) -> dict[int, str]:
        causes = {case.cause for case in verdicts.cases.values() if case.cause is not None}
        places = {
            pk: (name, region)
            for pk, name, region in Resource.objects.filter(pk__among=causes).values_list("pk", "name", "region_code")
        }
        sources = dict(AlarmSource.objects.values_list("pk", "name")) if verdicts.silent else {}
        insert_many(
            Incident,
            (*_CASE_COLUMNS, "cause_label", "region_code", "id", "kind", "source_id", "opened_at", "detected_at"),
            [
                (
                    *_case_values(case), *places.get(case.cause or 0, (sources.get(case.source or 0, ""), "")),
                    case.id, case.kind, case.source, from_ms(case.opened_ms), from_ms(case.detected_ms),
                )
                for case in verdicts.cases.values()
                if case.id in verdicts.new_cases
            ],
        )  # fmt: skip
        update_many(
            Incident,
            (*_CASE_COLUMNS, "cause_label", "region_code"),
            [
                (*_case_values(case), *places.get(case.cause or 0, ("", "")), case.id)
                for case in verdicts.cases.values()
                if case.id not in verdicts.new_cases and case.kind == IncidentKind.FAULT
            ],
        )
        write(partial(_write_statuses, verdicts))
        return {case.id: places.get(case.cause or 0, ("", ""))[1] for case in verdicts.cases.values()}


def _write_impacts(verdicts: Verdicts, owners: Owners) -> None:
    if verdicts.dropped_stretches:
        write(Impact.objects.filter(pk__in=verdicts.dropped_stretches).delete)
    updated = [s for s in verdicts.stretches.values() if s.id not in verdicts.new_stretches]
    update_many(
        Impact,
        ("incident_id", "from_at", "to_at"),
        [(s.incident, from_ms(s.from_ms), from_ms(s.to_ms) if s.to_ms is not None else None, s.id) for s in updated],
    )
    insert_many(
        Impact,
        (
            "id", "incident_id", "circuit_id", "customer_id", "region_code", "state", "planned", "from_at", "to_at",
            "detected_at",
        ),
        [
            (
                s.id, s.incident, s.circuit, *owners[s.circuit], s.state, s.planned, from_ms(s.from_ms),
                from_ms(s.to_ms) if s.to_ms is not None else None, from_ms(s.detected_ms),
            )
            for s in verdicts.stretches.values()
            if s.id in verdicts.new_stretches
        ],
    )  # fmt: skip


def _tell(verdicts: Verdicts, owners: Owners, regions: dict[int, str], *, at: datetime, by: Actor) -> None:
    into = {gone: kept for gone, kept, _ in verdicts.merged}
    for gone, kept, at_ms in verdicts.merged:
        if gone not in verdicts.new_cases:
            announce(events.IncidentMerged(gone, _last(kept, into), from_ms(at_ms)), by=by)
    for case_id in sorted(verdicts.new_cases):
        case = verdicts.cases[case_id]
        if case.merged_into is None:
            announce(events.IncidentOpened(case_id, regions[case_id], from_ms(case.opened_ms)), by=by)
    if verdicts.changes:
        announce(events.ImpactsChanged(tuple(_changes(verdicts, owners, into))), by=by)
    over = [events.IncidentRestored(i, regions.get(i, ""), from_ms(ms)) for i, ms in verdicts.restored.items()]
    if over:
        announce(events.IncidentsRestored(tuple(over)), by=by)
    for source, case_id, at_ms in verdicts.silent:
        announce(events.SourceSilent(source, case_id, from_ms(at_ms)), by=by)
    publish(_news(verdicts, owners, regions), at=at)


def _changes(verdicts: Verdicts, owners: Owners, into: dict[int, int]) -> Iterable[events.ImpactChange]:
    for change in verdicts.changes:
        customer, region = owners[change.circuit]
        yield events.ImpactChange(
            incident_id=_last(change.incident, into),
            circuit_id=change.circuit,
            customer_id=customer,
            region_code=region,
            old_state=change.old,
            state=change.new,
            planned=change.planned,
            at=from_ms(change.at_ms),
            detected_at=from_ms(change.detected_ms),
        )


def _news(verdicts: Verdicts, owners: Owners, regions: dict[int, str]) -> Iterable[News]:
    for case_id in verdicts.cases:
        yield News("incident", "incident", case_id, None, regions.get(case_id, ""))
    final = {change.circuit: change for change in verdicts.changes}
    for change in final.values():
        customer, region = owners[change.circuit]
        yield News("circuit", "circuit", change.circuit, customer, region, _STATES[change.new])
    if verdicts.outcomes:
        last = max(report_id for report_id, _, _ in verdicts.outcomes)
        yield News("alarm", "report", last, None, "", {"judged": len(verdicts.outcomes)})


_STATES: list[dict[str, object]] = [{"state": int(state)} for state in CircuitState]
"""What the news says of a circuit, by its state."""


def _write_revisions(verdicts: Verdicts, regions: Mapping[int, str], *, at: datetime, by: Actor) -> None:
    """Let an incident's story tell when its cause turned out to be another, and why."""
    last = {revision.incident: revision for revision in verdicts.revised}
    first = {revision.incident: revision.before for revision in reversed(verdicts.revised)}
    told = [r for r in last.values() if r.after != first[r.incident] and verdicts.cases[r.incident].merged_into is None]
    mentioned = (pk for r in told for pk in (first[r.incident], r.after, r.reason.get("by"), r.reason.get("via")))
    named = {pk for pk in mentioned if isinstance(pk, int)}
    names = dict(Resource.objects.filter(pk__among=named).values_list("pk", "name")) if named else {}

    def name(pk: object) -> str:
        return names.get(pk, "") if isinstance(pk, int) else ""

    changes = [
        Change(
            "incident", r.incident, Incident(pk=r.incident).number, {"cause": name(first[r.incident])},
            {
                "cause": name(r.after), "alarm": r.alarm,
                "reason": {**r.reason, "by": name(r.reason.get("by")), "via": name(r.reason.get("via"))},
            },
            region_code=regions.get(r.incident, ""),
        )
        for r in told
    ]  # fmt: skip
    if changes:
        record("incident.revise", changes, at=at, by=by)


def _last(incident: int, into: dict[int, int]) -> int:
    """Follow mergers to the incident that stands."""
    while incident in into:
        incident = into[incident]
    return incident


_CASE_COLUMNS = ("cause_id", "cause_inferred", "worst_state", "planned", "restored_at", "merged_into_id", "adopted_at")


def _case_values(case: Case) -> tuple[object, ...]:
    restored_at = from_ms(case.restored_ms) if case.restored_ms is not None else None
    adopted_at = from_ms(case.adopted_ms) if case.adopted_ms is not None else None
    return case.cause, case.cause_inferred, case.worst_state, case.planned, restored_at, case.merged_into, adopted_at


def _write_statuses(verdicts: Verdicts) -> None:
    """Move statuses on without overwriting what people did meanwhile."""
    if verdicts.reopened:
        over = (IncidentStatus.RESTORED, IncidentStatus.CLOSED)  # people may have closed it before its time
        Incident.objects.filter(pk__in=verdicts.reopened, status__in=over).update(
            status=IncidentStatus.OPEN, claimed_by=None, claimed_at=None, closed_at=None
        )
    restored = {i for i in verdicts.restored if verdicts.cases[i].kind == IncidentKind.FAULT}
    if restored:
        Incident.objects.filter(pk__in=restored, status__in=LIVE_INCIDENTS).update(status=IncidentStatus.RESTORED)
    for case_id, at_ms in verdicts.restored.items():
        if case_id not in restored:
            Incident.objects.filter(pk=case_id).update(
                status=IncidentStatus.CLOSED, restored_at=from_ms(at_ms), closed_at=from_ms(at_ms)
            )
    if verdicts.closed:
        _close(dict(verdicts.closed))


def _close(closed: Mapping[int, int]) -> None:
    """Close the incidents (instants in ms by id) that are still restored."""
    rows = Incident.objects.filter(pk__in=closed, status=IncidentStatus.RESTORED).select_for_update()
    update_many(
        Incident,
        ("status", "closed_at"),
        [(IncidentStatus.CLOSED, from_ms(closed[pk]), pk) for pk in rows.values_list("pk", flat=True)],
    )


def _write_alarms(verdicts: Verdicts) -> None:
    changed, new = verdicts.alarms, verdicts.new_alarms
    update_many(
        Alarm,
        _REPEATED_COLUMNS,
        [
            (alarm.severity, alarm.text, from_ms(alarm.raised_ms), from_ms(alarm.last_ms), alarm.reports, alarm.id)
            for alarm in verdicts.repeated.values()
            if alarm.id not in changed
        ],
    )
    update_many(Alarm, _ALARM_COLUMNS, [_alarm_values(alarm) for alarm in changed.values() if alarm.id not in new])
    insert_many(
        Alarm,
        (*_ALARM_COLUMNS, "id", "source_id", "resource_id", "alarm_type", "probable_cause", "clock_off"),
        [
            (
                *_alarm_values(alarm), alarm.source, alarm.resource, alarm.alarm_type, alarm.probable_cause,
                alarm.clock_off,
            )
            for alarm in changed.values()
            if alarm.id in new
        ],
    )  # fmt: skip


_REPEATED_COLUMNS = ("severity", "text", "raised_at", "last_at", "reports")
"""What a repeat may change of an alarm that goes on to mean the same."""
_ALARM_COLUMNS = (
    "severity", "effect", "text", "raised_at", "last_at", "began_at", "cleared_at", "reports", "flapping", "planned",
    "incident_id", "is_cause", "group", "reason",
)  # fmt: skip


def _alarm_values(alarm: Standing) -> tuple[object, ...]:
    """Return what may change of an alarm, and its key."""
    cleared_at = from_ms(alarm.cleared_ms) if alarm.cleared_ms is not None else None
    return (
        alarm.severity, alarm.effect, alarm.text, from_ms(alarm.raised_ms), from_ms(alarm.last_ms),
        from_ms(alarm.began_ms), cleared_at, alarm.reports, alarm.flapping, alarm.planned, alarm.incident,
        alarm.is_cause, alarm.group, alarm.reason, alarm.id,
    )  # fmt: skip


def _write_merges(verdicts: Verdicts) -> None:
    into = {gone: kept for gone, kept, _ in verdicts.merged}
    for gone in into:
        kept = _last(gone, into)
        Impact.objects.filter(incident_id=gone).update(incident_id=kept)
        Alarm.objects.filter(incident_id=gone).update(incident_id=kept, is_cause=False)
        Incident.objects.filter(pk=gone).update(status=IncidentStatus.MERGED, merged_into=kept)


def _write_circuits(verdicts: Verdicts) -> None:
    final = {change.circuit: change for change in verdicts.changes}
    insert_many(
        LiveCircuit,
        ("circuit_id", "state", "planned", "since"),
        [(change.circuit, change.new, change.planned, from_ms(change.at_ms)) for change in final.values()],
        unique=("circuit_id",),
        update=("state", "planned", "since"),
    )


def _write_reports(verdicts: Verdicts) -> None:
    update_many(AlarmReport, ("outcome", "alarm_id"), [(o, alarm, pk) for pk, o, alarm in verdicts.outcomes])
    if verdicts.quarantined:
        write(partial(_write_quarantine, verdicts.quarantined))


def _write_quarantine(reports: list[Report]) -> None:
    groups: dict[tuple[int, str], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.source, report.resource_ref), []).append(report)
    wanted = Q(pk__in=())
    for source, ref in groups:
        wanted |= Q(source_id=source, resource_ref=ref)
    rows = QuarantinedResource.objects.select_for_update().filter(wanted) if groups else ()
    known = {(row.source_id, row.resource_ref): row for row in rows}
    for (source, ref), members in groups.items():
        if _was_placed_meanwhile(known.get((source, ref))):
            waits = AlarmReport.objects.filter(pk__in=[report.id for report in members])
            waits.update(outcome=Outcome.WAITING)
            continue
        last = max(members, key=lambda report: report.received_ms)
        row = known.get((source, ref)) or QuarantinedResource(
            source_id=source, resource_ref=ref, first_at=from_ms(members[0].received_ms)
        )
        row.reports += len(members)
        row.last_at, row.last_text = from_ms(last.received_ms), last.text or last.alarm_type
        row.save()


def _was_placed_meanwhile(row: QuarantinedResource | None) -> bool:
    """Say whether the judge did not know yet where the name belongs; a place that is gone makes it open again."""
    if row is None or row.status != QuarantineStatus.PLACED:
        return False
    if row.resource_id is None:
        row.status = QuarantineStatus.OPEN
    return row.resource_id is not None


def _write_sources(verdicts: Verdicts) -> None:
    for source, at_ms in verdicts.heard.items():
        AlarmSource.objects.filter(pk=source).update(last_report_at=from_ms(at_ms), silent_since=None)
    for source, _, at_ms in verdicts.silent:
        AlarmSource.objects.filter(pk=source).update(silent_since=from_ms(at_ms))
