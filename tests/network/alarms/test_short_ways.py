"""What the judge does in short for an alarm alone leads to the verdicts of the long way; no database is needed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.impact import FewChanges, ImpactEngine, ImpactGraph
from mainstay.domain.root_cause import Alarm, CauseBook, Role
from mainstay.network.alarms.judging.facts import Report, SourcePolicy, Verdicts
from mainstay.network.alarms.judging.judge import Judge
from mainstay.network.alarms.judging.ledger import OnlyFault
from mainstay.network.alarms.judging.network import Network
from mainstay.network.alarms.judging.windows import Window

E, M, L = Role.EQUIPMENT, Role.MEDIUM, Role.LINK
ROLES = (E, E, E, E, E, E, E, E, M, M, L, L, L, E)
DEPENDS = (
    (2, 0), (3, 0), (4, 1), (5, 2), (6, 3), (7, 4), (9, 8), (10, 5), (10, 6), (10, 9), (11, 6), (11, 7), (11, 9),
    (12, 5), (12, 7), (12, 8), (13, 4),
)  # fmt: skip
CIRCUITS = ([[5, 10, 6]], [[10], [12, 11]], [[11], [12, 10], [7]], [[5]], [[13], [7]], [[13, 13]], [[6, 10], [6, 11]])
EFFECTS = {"critical": 2, "major": 1, "minor": 0}
BEGIN_MS = 1_700_000_000_000
ONE_DAY_MS = 86_400_000


def network() -> Network:
    """Two sites with devices, ports and three links in a ring over two media; port 13 has no link."""
    count = len(ROLES)
    return Network(
        graph=ImpactGraph.from_paths(count, list(DEPENDS), CIRCUITS),
        resource_ids=np.arange(100, 100 + count),
        circuit_ids=np.arange(500, 500 + len(CIRCUITS)),
        index_of_resource={100 + index: index for index in range(count)},
        refs={str(index): 100 + index for index in range(count)},
        aliases={},
        kinds={},
        roles=np.array(ROLES, np.int8),
    )


class LongEngine(ImpactEngine):
    def set_level(self, resource: int, level: int, planned: bool, at: int) -> FewChanges:
        return self.set_levels([resource], [level], [planned], [at]).one_by_one()

    def since(self, circuit: int, *, unplanned: bool = False) -> int | None:
        instant = int(self.since_many([circuit], unplanned=unplanned)[0])
        return None if instant == np.iinfo(np.int64).max else instant


class LongBook(CauseBook):
    def plant(self, alarm: Alarm, at: float) -> int | None:
        return None

    def _is_last_alone(self, alarm: int) -> bool:
        return False


class LongJudge(Judge):
    """A judge that asks everything anew for each report."""

    def take(self, reports: "Sequence[Report]") -> Verdicts:  # type: ignore[override]
        for report in reports:
            self._advance(report.received_ms)
            self._take(report)
        return self._finish()

    def _set_levels(self, resources: set[int]) -> tuple[FewChanges | None, OnlyFault | None]:
        return super()._set_levels(resources)[0], None


def judge(kind: type[Judge] = Judge) -> Judge:
    policies = {
        1: SourcePolicy(1, 0, 600_000, 60_000, 3, 60_000, 30_000),
        2: SourcePolicy(2, 90_000, 0, 3_000_000, 4, 120_000, 45_000),
    }
    return kind(network(), policies, lambda source, alarm_type, resource, severity: EFFECTS[severity])


def long_judge() -> Judge:
    made = judge(LongJudge)
    made.engine = made.ledger.engine = LongEngine(made.network.graph)
    made.grouping.book = LongBook(made.network.graph, made.network.roles)
    return made


class Told(NamedTuple):
    """One report: milliseconds after the one before, and on its way."""

    resource: int
    source: int
    severity: str | None
    alarm_type: str
    after_ms: int
    late_ms: int


TOLD = st.builds(
    Told,
    st.integers(0, len(ROLES)),  # one more than there are
    st.sampled_from((1, 1, 1, 2)),
    st.sampled_from(("critical", "major", "minor", None)),
    st.sampled_from("AB"),
    st.sampled_from((0, 0, 1, 1_000, 30_000, 400_000)),
    st.sampled_from((0, 0, 0, 5, -5, 2_000, 100_000, 1_500_000)),
)
BATCHES = st.lists(st.lists(TOLD, min_size=1, max_size=12), min_size=1, max_size=4)
WORK = st.lists(st.builds(Window, st.integers(100, 113), st.just(BEGIN_MS - ONE_DAY_MS), st.just(BEGIN_MS + 60_000)))


@settings(max_examples=200, deadline=None)
@given(BATCHES, WORK, st.booleans())
def test_short_ways_lead_to_the_verdicts_of_long_ones(
    batches: list[list[Told]], work: list[Window], lets_time_pass: bool
) -> None:
    short, long = judge(), long_judge()
    now_ms, number = BEGIN_MS, 0
    for each in (short, long):
        each.replace_windows(work)
    for batch in batches:
        reports = []
        for told in batch:
            now_ms, number = now_ms + told.after_ms, number + 1
            reports.append(
                Report(
                    number, told.source, told.severity is not None, str(told.resource), told.alarm_type, "",
                    told.severity or "", now_ms - told.late_ms, now_ms, "",
                )
            )  # fmt: skip
        assert short.take(reports) == long.take(reports)
        if lets_time_pass:
            now_ms += 50_000
            assert short.tick(now_ms) == long.tick(now_ms)
        assert short.engine.states().tolist() == long.engine.states().tolist()
