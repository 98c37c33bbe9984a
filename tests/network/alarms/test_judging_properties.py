"""Any stream of reports, however it is cut into batches, means what standing alarms say one after the other.

The reference below is slow and obvious: it keeps the standing alarms by hand and derives each circuit's state from
paths written out as sets. After a restart the same alarms and states must come out; what may differ then is only the
memory of flapping (kept out of these streams) and the numbers incidents get.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.actions.intake import NewReport
from mainstay.network.alarms.models import Alarm, AlarmReport, AlarmSource, EffectRule, Impact, Incident
from mainstay.network.alarms.rejudging import rejudge
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.network.inventory.models import Circuit, Dependency, Hop, Resource
from tests.cast import NOW, World
from tests.network.alarms.conftest import WORKER

pytestmark = pytest.mark.django_db

REFS = (
    "link-AB", "link-BC", "link-CD", "link-DA", "port-B-east", "port-C-west", "duct-BC", "fibre-CD", "card-D",
    "device-C", "port-A-client", "link-EF", "nowhere",
)  # fmt: skip
EFFECT = {"critical": 2, "major": 1, "minor": 0}


@dataclass(frozen=True)
class Told:
    """One report: what, how bad (cleared ends it), seconds after the one before, seconds on its way."""

    ref: str
    kind: str
    severity: str
    after_s: int
    late_s: int


STREAMS = st.lists(
    st.builds(
        Told,
        ref=st.sampled_from(REFS),
        kind=st.sampled_from(("BER", "AIS")),
        severity=st.sampled_from(("critical", "critical", "major", "minor", "cleared", "cleared", "cleared")),
        after_s=st.sampled_from((0, 0, 1, 20, 60, 300, 1000)),
        late_s=st.sampled_from((0, 0, 0, 0, 30, 400, 2000)),
    ),
    min_size=1,
    max_size=14,
)
CUTS = st.lists(st.integers(0, 14), max_size=4)


def reports_of(stream: Sequence[Told], *, apart: bool = False) -> list[tuple[NewReport, Any]]:
    """Return the reports with the instants of their receipt, which never go back; `apart`: no two of one instant."""
    received, found = NOW, []
    for told in stream:
        received += timedelta(milliseconds=1 if apart else 0)
        received += timedelta(seconds=told.after_s)
        happened = received - timedelta(seconds=told.late_s)
        found.append((NewReport(told.ref, told.kind, told.severity, happened), received))
    return found


def run(world: World, reports: Sequence[tuple[NewReport, Any]], cuts: Iterable[int], *, restart: bool) -> None:
    """Let the reports in and be judged in batches that end at the cuts; perhaps start again at each."""
    worker = ImpactWorker.start(at=NOW, by=WORKER)
    edges = sorted({0, *(cut for cut in cuts if cut < len(reports)), len(reports)})
    for begin, end in pairwise(edges):
        part = reports[begin:end]
        intake.accept_timed(world.source, part, by=WORKER)
        while worker.step(at=part[-1][1], by=WORKER):
            pass
        if restart:
            worker = ImpactWorker.start(at=part[-1][1], by=WORKER)


def outcome(*, incidents: bool = True) -> dict[str, Any]:
    """Return all that must not depend on batches."""
    stretches = Impact.objects.values_list("circuit_id", "state", "planned", "from_at", "to_at")
    alarms = Alarm.objects.values_list("resource__code", "alarm_type", "severity", "raised_at", "cleared_at", "reports")
    together: dict[int, set[int]] = {}
    for alarm, incident in Alarm.objects.exclude(incident=None).values_list("pk", "incident_id"):
        together.setdefault(incident, set()).add(alarm)
    kept = Incident.objects.exclude(status="merged")
    causes = kept.values_list("pk", "cause__code", "cause_inferred", "status", "opened_at")
    placed = Alarm.objects.order_by("pk").values_list("resource__code", "incident", "is_cause", "reason")
    return {
        "alarms": sorted(map(str, alarms)),
        "outcomes": list(AlarmReport.objects.order_by("pk").values_list("outcome", flat=True)),
        "states": [circuit.live_state for circuit in Circuit.objects.select_related("live").order_by("pk")],
        "stretches": sorted(map(str, stretches)),
        "incidents": sorted(map(sorted, together.values())) if incidents else None,
        "causes": sorted(map(str, causes)) if incidents else None,
        "placements": [str(row) for row in placed] if incidents else None,
    }


class Reference:
    """The standing alarms by hand, and the network as sets."""

    def __init__(self, world: World, tolerance_s: int) -> None:
        self.tolerance = timedelta(seconds=tolerance_s)
        self.standing: dict[tuple[str, str], str] = {}
        self.raised_at: dict[tuple[str, str], Any] = {}
        self.cleared_at: dict[tuple[str, str], Any] = {}
        self.codes = {resource.code for resource in world.resources.values()}
        self.parents: dict[str, set[str]] = {code: set() for code in self.codes}
        for row in Resource.objects.select_related("parent", "a_end", "z_end"):
            above = [part.code for part in (row.parent, row.a_end, row.z_end) if part is not None]
            self.parents[row.code] |= set(above)
        for below, on in Dependency.objects.values_list("resource__code", "on__code"):
            self.parents[below].add(on)
        self.paths: dict[int, list[tuple[str, set[str]]]] = {}
        hops: dict[tuple[int, str], set[str]] = {}
        for circuit, role, code in Hop.objects.values_list("path__circuit_id", "path__role", "resource__code"):
            hops.setdefault((circuit, role), set()).add(code)
        for (circuit, role), over in sorted(hops.items(), key=lambda item: item[0][1] != "working"):
            self.paths.setdefault(circuit, []).append((role, over))

    def take(self, report: NewReport, received: Any) -> None:
        """Let one report change what stands; where the source's clock can be believed, its own order counts."""
        if report.resource_ref not in self.codes:
            return
        key = report.resource_ref, report.alarm_type
        believed = abs(report.event_at - received) <= self.tolerance
        told_at = min(report.event_at, received) if believed else None
        raised_at, cleared_at = self.raised_at.get(key), self.cleared_at.get(key)
        if report.severity != "cleared":
            if key in self.standing:
                if told_at is None or raised_at is None or told_at >= raised_at:
                    self.standing[key], self.raised_at[key] = report.severity, told_at
            elif told_at is None or cleared_at is None or told_at >= cleared_at:
                self.standing[key], self.raised_at[key] = report.severity, told_at
            return
        if told_at is not None:
            self.cleared_at[key] = max(told_at, cleared_at or told_at)
        if told_at is None or raised_at is None or told_at >= raised_at:
            self.standing.pop(key, None)

    def level(self, code: str) -> int:
        """Return how a resource is: the worst of its own alarms and of all above it."""
        own = max((EFFECT[severity] for (ref, _), severity in self.standing.items() if ref == code), default=0)
        return max([own, *(self.level(above) for above in self.parents[code])])

    def states(self) -> list[int]:
        """Return the state of each circuit by its id: 0 up, 1 unprotected, 2 degraded, 3 down."""
        return [self.state(circuit) for circuit in Circuit.objects.order_by("pk").values_list("pk", flat=True)]

    def state(self, circuit: int) -> int:
        """Return a circuit's state as `domain.impact` defines it."""
        working, *others = [max(map(self.level, over)) for _, over in self.paths[circuit]]
        if not others:
            return (0, 2, 3)[working]
        if working == 0:
            return 1 if max(others) else 0
        if working == 1:
            return 2
        return (1, 2, 3)[min(others)]


class Undone(Exception):
    """Undo what an example wrote."""


def prepared(world: World) -> World:
    """Let only the severity decide, and nothing be held for flapping."""
    EffectRule.objects.all().delete()
    EffectRule.objects.bulk_create(EffectRule(severity=severity, effect=effect) for severity, effect in EFFECT.items())
    AlarmSource.objects.update(flap_count=1000)
    return world


def judged(
    world: World, stream: Sequence[Told], cuts: Iterable[int], *, apart: bool = False, restart: bool = False
) -> dict[str, Any]:
    """Return what comes of a stream, and undo it; judging it all again must give the same."""
    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            run(world, reports_of(stream, apart=apart), cuts, restart=restart)
            found = outcome(incidents=apart)
            again = rejudge(at=NOW + timedelta(days=1))
            different = map(str, again.differences)
            assert [said for said in different if apart or not said.startswith("incident")] == []
            assert not Impact.objects.filter(incident__status="merged").exists()
            assert not Incident.objects.exclude(status__in=("open", "restored", "merged", "closed")).exists()
            raise Undone
    except Undone:
        return found


everything = settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


@everything
@given(stream=STREAMS, cuts=CUTS)
def test_batches_make_no_difference(world: World, stream: list[Told], cuts: list[int]) -> None:
    prepared(world)
    at_once = judged(world, stream, [], apart=True)
    assert judged(world, stream, range(len(stream)), apart=True) == at_once
    assert judged(world, stream, cuts, apart=True) == at_once


@everything
@given(stream=STREAMS, cuts=CUTS)
def test_batches_that_part_one_instant_may_only_part_its_incidents(
    world: World, stream: list[Told], cuts: list[int]
) -> None:
    prepared(world)
    at_once = judged(world, stream, [])
    assert judged(world, stream, range(len(stream))) == at_once
    assert judged(world, stream, cuts) == at_once


@everything
@given(stream=STREAMS)
def test_states_are_what_the_standing_alarms_say_after_each_report(world: World, stream: list[Told]) -> None:
    prepared(world)
    reference = Reference(world, world.source.skew_tolerance_s)
    try:
        with transaction.atomic():
            worker = ImpactWorker.start(at=NOW, by=WORKER)
            for report, received in reports_of(stream):
                reference.take(report, received)
                intake.accept_timed(world.source, [(report, received)], by=WORKER)
                worker.step(at=received, by=WORKER)
                standing = Alarm.objects.filter(cleared_at=None).values_list("resource__code", "alarm_type", "severity")
                assert {(ref, kind): severity for ref, kind, severity in standing} == reference.standing
                assert outcome()["states"] == reference.states()
                open_now = dict(Impact.objects.filter(to_at=None).values_list("circuit_id", "state"))
                states = zip(
                    Circuit.objects.order_by("pk").values_list("pk", flat=True), reference.states(), strict=True
                )
                assert open_now == {pk: state for pk, state in states if state}
            raise Undone
    except Undone:
        pass


@everything
@given(stream=STREAMS, cuts=CUTS)
def test_a_restart_makes_no_difference_to_alarms_and_circuits(
    world: World, stream: list[Told], cuts: list[int]
) -> None:
    prepared(world)
    at_once, restarted = judged(world, stream, cuts), judged(world, stream, cuts, restart=True)
    for what in ("alarms", "outcomes", "states", "stretches"):
        assert restarted[what] == at_once[what]


@everything
@given(stream=STREAMS)
def test_a_restart_after_every_report_of_a_storm_leaves_groups_and_incidents_the_same(
    world: World, stream: list[Told]
) -> None:
    prepared(world)
    cuts = range(len(stream))
    assert judged(world, stream, cuts, apart=True, restart=True) == judged(world, stream, cuts, apart=True)


@everything
@given(stream=STREAMS, cuts=CUTS)
def test_the_stretches_of_a_circuit_never_overlap(world: World, stream: list[Told], cuts: list[int]) -> None:
    prepared(world)
    try:
        with transaction.atomic():
            run(world, reports_of(stream), cuts, restart=True)
            for circuit in Circuit.objects.all():
                rows = list(Impact.objects.filter(circuit=circuit).order_by("from_at", "pk"))
                for before, after in pairwise(rows):
                    assert before.to_at is not None
                    assert before.from_at < before.to_at <= after.from_at
            raise Undone
    except Undone:
        pass
