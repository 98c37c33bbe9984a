"""How does simulated time pass through the real engine? Reports, judging, timers and people, each at its instant."""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import MainstayError
from mainstay.faces.demo.facts.tables import HOME_PROVINCE
from mainstay.faces.demo.faults import Mark
from mainstay.faces.demo.ways_out import carry_what_is_due
from mainstay.network.alarms.actions import intake
from mainstay.network.alarms.worker import ImpactWorker
from mainstay.platform.duty import queries as duty
from mainstay.platform.identity import queries as identity
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.queries import next_due

Act = Callable[[datetime], None]
REPORTED_AFTER = timedelta(seconds=2)
"""How long a report is under way from the device to us."""
GATHERED = timedelta(seconds=30)
REFRESH_EVERY = timedelta(hours=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Timers due so close together fire in one sweep, as they may when a sweeper is busy."""


@dataclass
class Simulation:
    """Mutable: the clock, what will happen, and the engine it happens to."""

    until: datetime
    dice: Random
    worker: ImpactWorker
    watchers: list[Act] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _waiting: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _actors: dict[int, Actor] = field(default_factory=dict)
    _stale: bool = False
    _refreshed: datetime = LONG_AGO
    _news: bool = False

    @classmethod
    def begin(cls, at: datetime, until: datetime, dice: Random) -> "Simulation":
        """Start the worker at the first instant."""
        return cls(until, dice, ImpactWorker.start(at=at, by=system("impact worker")))

    def later(self, at: datetime, act: Act) -> None:
        """Let something happen at an instant; what would happen after the end does not."""
        if at <= self.until:
            heapq.heappush(self._waiting, (at, next(self._order), act))

    def run(self) -> None:
        """Let time pass to the end."""
        while True:
            due = next_due()
            at = min(instant for instant in self._instants(due) if instant is not None)
            if at > self.until:
                break
            self._turn(at, sweeps=due is not None and due <= at)
        self._judge(self.until)
        self._sweep(self.until)

    def _instants(self, due: datetime | None) -> Iterable[datetime | None]:
        yield self._waiting[0][0] if self._waiting else None
        yield due + GATHERED if due else None
        yield self.worker.next_due()
        yield self.until + timedelta(seconds=1)

    def _turn(self, at: datetime, *, sweeps: bool) -> None:
        """Let happen what is due: acts, then judging, then timers; then people see what came of it."""
        while self._waiting and self._waiting[0][0] <= at:
            _, _, act = heapq.heappop(self._waiting)
            act(at)
        self._judge(at)
        if sweeps:
            self._sweep(at)
        if self._news or sweeps:
            self._news = False
            for watcher in self.watchers:
                watcher(at)
        carry_what_is_due(at)

    def _judge(self, at: datetime) -> None:
        by = system("impact worker")
        if self._stale or at >= self._refreshed + REFRESH_EVERY:
            self.worker.refresh(at=at, by=by)
            self._stale, self._refreshed = False, at
        while self._news and self.worker.step(at=at, by=by):
            pass
        self.worker.tick(at=at, by=by)

    def _sweep(self, at: datetime) -> None:
        while timers.sweep(at=at, by=system("timer sweeper")):
            pass

    def look(self) -> None:
        """Have people look at what is new after this turn."""
        self._news = True

    def settings_changed(self) -> None:
        """Have the worker look at sources and planned work again."""
        self._stale = True

    def report(self, marks: Iterable[Mark], at: datetime, *, cleared: bool = False) -> None:
        """Send the reports of alarms that began or ended just before an instant."""
        by_source: dict[str, list[intake.NewReport]] = {}
        for mark in marks:
            event_at = at - REPORTED_AFTER
            said = mark.cleared(event_at) if cleared else mark.raised(event_at)
            by_source.setdefault(mark.source, []).append(said)
        self.look()
        for code, reports in by_source.items():
            source = intake.source_by_code(code)
            intake.accept_timed(source, [(report, at) for report in reports], by=system(source.name))

    def person(self, user_id: int) -> Actor:
        """Return the actor of a user."""
        if user_id not in self._actors:
            user = identity.user_by_id(user_id)
            assert user is not None
            self._actors[user_id] = identity.actor_of(user)
        return self._actors[user_id]

    def on_duty(self, region: str, at: datetime, level: int = 1) -> Actor:
        """Return who sits at the desk for a region; the province's desk looks after what lies outside."""
        home = region if region.startswith(HOME_PROVINCE) else HOME_PROVINCE
        return self.person(duty.on_duty(home, level, at)[0].pk)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Let a person try something that may not be possible any more, as people do; say whether it was."""
        try:
            act()
        except MainstayError as error:
            self.refused.append(str(error))
            return False
        return True

    def minutes(self, typical: float, spread: float = 0.5) -> timedelta:
        """Draw a span of time around so many minutes."""
        return timedelta(seconds=round(60 * typical * self.dice.lognormvariate(0, spread)))
