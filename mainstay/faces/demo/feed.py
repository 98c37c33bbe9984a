"""What keeps the wall of a running demo alive? Faults with symptoms, cleared after minutes; a storm now and then."""

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from mainstay.domain.actor import system
from mainstay.faces.demo import sources
from mainstay.faces.demo.chance import Dice
from mainstay.faces.demo.faults import Mark
from mainstay.faces.demo.terrain import Terrain
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.queries import alarms

EVERYONE = system("demo")
FEWEST, MOST = 3, 8
"""Between how many faults should stand at a time."""
BY_HAND = "【演示】"
"""Begins the text of alarms that `demo cut` sends: the feed leaves them standing."""
HEARTBEAT = timedelta(seconds=60)
STORM = timedelta(minutes=18)
KINDS = ("tail", "ring", "tail", "degraded", "cpe", "ring", "card", "device", "power", "tail")


def send(marks: Iterable[Mark], at: datetime, *, cleared: bool = False) -> int:
    """Take in the reports of alarms that begin or end now; return how many."""
    by_source: dict[str, list[intake.NewReport]] = defaultdict(list)
    for mark in marks:
        by_source[mark.source].append(mark.cleared(at) if cleared else mark.raised(at))
    for code, reports in by_source.items():
        intake.accept(intake.source_by_code(code), reports, at=at, by=system(sources.NAMES[code]))
    return sum(len(reports) for reports in by_source.values())


@dataclass
class Feed:
    """Mutable: which faults stand, and when they end. `step` is called every second or so with the time."""

    terrain: Terrain
    dice: Random
    began: datetime
    _ends: list[tuple[datetime, int, tuple[Mark, ...], bool]] = field(default_factory=list)
    _later: list[tuple[datetime, int, tuple[Mark, ...]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        """Prepare the dice and take over what stands."""
        self.chance = Dice(self.terrain, self.dice)
        self.next_fault = self.next_noise = self.next_beat = self.began
        self.next_storm = self.began + STORM
        self._take_over()

    @property
    def standing(self) -> int:
        """Return how many faults stand that matter."""
        return sum(matters for _, _, _, matters in self._ends)

    def _take_over(self) -> None:
        """Let what stood before this start end in the next minutes, incident by incident."""
        rows = alarms.visible_to(EVERYONE).filter(cleared_at__isnull=True, source__code__in=sources.NAMES)
        groups: dict[int, list[Mark]] = defaultdict(list)
        columns = ("incident_id", "source__code", "resource__code", "alarm_type", "text")
        for incident, source, ref, kind, text in rows.order_by("pk").values_list(*columns):
            if not text.startswith(BY_HAND):
                groups[incident or 0].append(Mark(source, ref, kind))
        for incident, marks in groups.items():
            self._end(self.began + self._lasts(), tuple(marks), matters=bool(incident))

    def _lasts(self) -> timedelta:
        return timedelta(seconds=self.dice.uniform(60, 600))

    def _end(self, at: datetime, marks: tuple[Mark, ...], *, matters: bool) -> None:
        heapq.heappush(self._ends, (at, next(self._order), marks, matters))

    def step(self, at: datetime) -> int:
        """Send what is due at an instant; return how many reports. What cannot be sent stays due."""
        sent = 0
        while self._ends and self._ends[0][0] <= at:
            sent += send(self._ends[0][2], at, cleared=True)
            heapq.heappop(self._ends)
        while self._later and self._later[0][0] <= at:
            sent += send(self._later[0][2], at)
            heapq.heappop(self._later)
        if at >= self.next_storm:
            sent += self._begin(at, "duct" if self.dice.random() < 0.7 else "trunk")
            self.next_storm = at + STORM * self.dice.uniform(0.6, 1.4)
        if self.standing < MOST and at >= self.next_fault:
            sent += self._begin(at, self.dice.choice(KINDS))
        return sent + self._small_talk(at)

    def _begin(self, at: datetime, kind: str) -> int:
        """Begin a fault; alarms that come later are kept for then."""
        fault = self.chance.draw(kind).fault
        now = tuple(mark for mark in fault.marks if not mark.after)
        late = tuple(mark for mark in fault.marks if mark.after)
        ends_at = at + self._lasts()
        if late:
            heapq.heappush(self._later, (at + timedelta(seconds=40), next(self._order), late))
            ends_at = max(ends_at, at + timedelta(seconds=100))
        self._end(ends_at, fault.marks, matters=True)
        wait = 4 if self.standing < FEWEST else self.dice.expovariate(1 / 50)
        self.next_fault = at + timedelta(seconds=wait)
        return send(now, at)

    def _small_talk(self, at: datetime) -> int:
        """Send signs of life, and alarms that trouble nobody."""
        sent = 0
        if at >= self.next_beat:
            core = next(d.code for d in self.terrain.devices if d.role == "backbone")
            sent += send([Mark(code, core, "HEARTBEAT") for code in sources.NAMES], at, cleared=True)
            self.next_beat = at + HEARTBEAT
        if at >= self.next_noise:
            mark = self.chance.noise()
            sent += send([mark], at)
            self._end(at + timedelta(seconds=self.dice.uniform(20, 120)), (mark,), matters=False)
            self.next_noise = at + timedelta(seconds=self.dice.uniform(5, 25))
        return sent
