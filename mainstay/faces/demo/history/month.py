"""What happened in the month before today? Faults, works, noise, reports by hand; then the simulation runs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from mainstay.domain.actor import system
from mainstay.faces.demo import cast, sources
from mainstay.faces.demo.chance import Dice, Drawn
from mainstay.faces.demo.faults import Fault, Mark
from mainstay.faces.demo.history import shifts
from mainstay.faces.demo.history.people import EVERYONE, People
from mainstay.faces.demo.history.simulation import Simulation
from mainstay.faces.demo.history.windows import Windows
from mainstay.faces.demo.terrain import read_terrain
from mainstay.network.alarms.actions import intake, placing
from mainstay.network.alarms.actions import sources as alarm_sources
from mainstay.network.alarms.queries import alarms
from mainstay.network.inventory.queries import circuits, places
from mainstay.platform.identity import queries as identity

ZONE_OFFSET = timedelta(hours=8)
UNKNOWN = ("XG-OLT-9931", "WH-PTN-TEST-07", "传输机房临时网元", "YC-IPRAN-990")
SHORT = 5
"""A history of no more days has neither works to come nor callers without an alarm."""
AT_THE_END = (("ring", 8), ("tail", 17), ("degraded", 26), ("device", 34), ("small", 5))
"""What still stands at the end: kind of fault, and since how many minutes."""


@dataclass
class Month:
    """Mutable: draws `days` of events up to `at`, and runs them."""

    at: datetime
    days: int
    rate: float
    dice: Random

    def __post_init__(self) -> None:
        """Read the terrain, start the engine."""
        self.began = self.at - timedelta(days=self.days)
        self.chance = Dice(read_terrain(EVERYONE), self.dice)
        self.simulation = Simulation.begin(self.began, self.at, self.dice)
        self.people = People(self.simulation)
        self.simulation.watchers.append(self.people.watch)

    def run(self) -> None:
        """Draw everything, let it happen, leave the sources as they are in a running demo."""
        self._draw_faults()
        self._draw_works()
        self._draw_noise()
        self._draw_reports()
        self._draw_silence()
        self._draw_reading()
        shifts.draw_handovers(self.simulation)
        if self.days > SHORT:
            shifts.draw_mass_report(self.simulation, self.people, self._cables())
        self.simulation.run()
        self._go_live()

    def _cables(self) -> list[int]:
        rows = places.visible_to(EVERYONE).filter(kind="cable")
        return list(rows.order_by("pk").values_list("pk", flat=True))

    def _some_instant(self) -> datetime:
        """Draw an instant, rather by day than by night, and not in the last hour."""
        while True:
            at = self.began + timedelta(seconds=self.dice.randrange(600, self.days * 86_400 - 3_600))
            if 7 <= (at + ZONE_OFFSET).hour < 22 or self.dice.random() < 0.4:
                return at

    def _draw_faults(self) -> None:
        for _ in range(round(self.rate * self.days)):
            self._stage(self.chance.draw(), self._some_instant())
        for kind, minutes in AT_THE_END:
            drawn = self.chance.draw("tail" if kind == "small" else kind)
            self._stage(Drawn(drawn.fault, timedelta(days=1)), self.at - timedelta(minutes=minutes))

    def _stage(self, drawn: Drawn, at: datetime) -> None:
        """Let a fault begin and end; alarms that come later than others end with them."""
        for after in sorted({mark.after for mark in drawn.fault.marks}):
            marks = tuple(mark for mark in drawn.fault.marks if mark.after == after)
            self.simulation.later(at + after, partial(self._raise, drawn.fault, marks))
        ends_at = at + drawn.lasts + max(mark.after for mark in drawn.fault.marks)
        self.simulation.later(ends_at, partial(self.simulation.report, drawn.fault.marks, cleared=True))

    def _raise(self, fault: Fault, marks: tuple[Mark, ...], at: datetime) -> None:
        self.people.faults.update({mark.ref: fault for mark in marks})
        self.simulation.report(marks, at)

    def _draw_noise(self) -> None:
        for _ in range(round(self.days * 12)):
            mark, at = self.chance.noise(), self._some_instant()
            self.simulation.later(at, partial(self.simulation.report, (mark,)))
            ends_at = at + self.simulation.minutes(40, 0.9)
            self.simulation.later(ends_at, partial(self.simulation.report, (mark,), cleared=True))
        for _ in range(max(1, self.days // 6)):
            self._draw_flapping()
            ref, at = self.dice.choice(UNKNOWN), self._some_instant()
            mark = Mark(sources.IP, ref, "PORT_DOWN", "端口中断")
            self.simulation.later(at, partial(self.simulation.report, (mark,)))
        self.simulation.later(self.at - timedelta(hours=5), self._set_aside)

    def _draw_flapping(self) -> None:
        """Draw a port that goes down and up eight times in a minute and a half."""
        link = self.dice.choice(self.chance.small)
        dead = sources.types_of(link.source)[1]
        mark, at = Mark(link.source, link.code, dead, "光模块接触不良"), self._some_instant()
        for turn in range(8):
            self.simulation.later(at + timedelta(seconds=11 * turn), partial(self.simulation.report, (mark,)))
            off = at + timedelta(seconds=11 * turn + 5)
            self.simulation.later(off, partial(self.simulation.report, (mark,), cleared=True))

    def _set_aside(self, at: datetime) -> None:
        """Work off a part of the quarantine."""
        by = self.simulation.on_duty("42", at)
        for row in alarms.quarantine(EVERYONE).object_list[:1]:
            self.simulation.attempt(partial(placing.ignore, row.pk, "测试网元，不承载业务", at=at, by=by))

    def _draw_reports(self) -> None:
        """Draw faults that customers report and no alarm tells of."""
        rows = circuits.visible_to(EVERYONE).order_by("pk")
        known = list(rows.values_list("pk", "customer_id", "customer__account_manager_id"))
        portal = dict(
            identity.users().filter(username__in=[name for name, _ in cast.PORTAL]).values_list("customer_id", "pk")
        )
        own = [row for row in known if row[1] in portal]
        for _ in range(max(2, round(self.days * 1.2))):
            row = self.dice.choice(own if own and self.dice.random() < 0.2 else known)
            user = portal.get(row[1]) if self.dice.random() < 0.8 else None
            self.simulation.later(self._some_instant(), partial(self.people.report_by_hand, row, user))

    def _draw_works(self) -> None:
        """Draw planned works; a short history has only past ones."""
        drawn = Windows(self.at, self.days, self.dice, self.chance, self.people, self._stage)
        drawn.draw(whole=self.days > SHORT)

    def _draw_silence(self) -> None:
        """Let the IP manager fall silent once for forty minutes while somebody listens for it."""
        at = self.began + timedelta(days=self.days * 0.6)
        self.simulation.later(at, lambda now: self._listen(now, 600))
        self.simulation.later(at + timedelta(minutes=45), lambda now: self._listen(now, 0))

    def _listen(self, at: datetime, silence_s: int) -> None:
        settings = alarm_sources.SourceSettings(silence_after_s=silence_s)
        alarm_sources.save_source(sources.IP, sources.NAMES[sources.IP], settings, at=at, by=system("demo"))
        self.simulation.report((Mark(sources.IP, "WH-CA", "HEARTBEAT"),), at, cleared=True)
        self.simulation.settings_changed()
        if silence_s:
            self.simulation.later(at + timedelta(seconds=silence_s + 1), self._hear_nothing)

    def _hear_nothing(self, at: datetime) -> None:
        """Let time pass to this instant: it is then that the silence shows."""

    def _draw_reading(self) -> None:
        """Have the staff read their messages every evening, and once more shortly before the end."""
        evenings = [self.began + timedelta(days=day) for day in range(1, self.days)]
        for at in (*evenings, self.at - timedelta(minutes=45)):
            self.simulation.later(at, self.people.read_messages)

    def _go_live(self) -> None:
        """Have the sources listened for from now on."""
        for code, name in sources.NAMES.items():
            source = alarm_sources.save_source(
                code, name, sources.settings(code, live=True), at=self.at, by=system("demo")
            )
            intake.accept_batch(source.pk, [], key="", at=self.at, by=system(name))
