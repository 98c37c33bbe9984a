"""What stands in the files of very many cases? Tickets with whole stories and clocks, and impacts, as rows."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from mainstay.domain.business_time import Calendar
from mainstay.domain.promise_clock.stopped import NEVER, SimpleClocks
from mainstay.faces.demo.large.accounts import Firm, Row
from mainstay.faces.demo.large.happenings import ASKED, DEGRADED, DOWN, REPORTED, Cases
from mainstay.faces.demo.large.promises import Kept, Promises, rank_of
from mainstay.faces.demo.large.reckoned import Read, read_clocks, seconds
from mainstay.faces.demo.large.turns import Turns
from mainstay.platform.bulk.laying import instant_text
from mainstay.service.tickets.choices import EventKind as E
from mainstay.service.tickets.policy import DEFAULT, frozen

WORKER = ("impact worker", None)
SWEEPER = ("timer sweeper", None)
IMPACT_RUNGS, RESPONSE_RUNGS = DEFAULT.impact.rungs, DEFAULT.response.rungs
POLICIES = {
    name: json.dumps(frozen(policy))
    for name, policy in (("impact", DEFAULT.impact), ("report", DEFAULT.report), ("response", DEFAULT.response))
}
ORIGINS = ("portal", "phone", "phone", "staff")
COMPLAINTS = (
    "业务时断时续，请尽快处理",
    "网点办公系统无法访问",
    "专线丢包严重",
    "电话打不进来",
    "上网很慢，网页打不开",
)
QUESTIONS = ("咨询带宽升级资费", "申请提供线路测试报告", "咨询搬迁流程")
NOTES = ("已通知现场人员前往处理", "光时域反射仪定位断点距机房 3.2 公里", "更换光模块后观察", "已联系客户侧配合测试")
ENDINGS = ("更换故障光模块后恢复", "接续光缆后恢复", "重启端口后恢复", "客户侧电源恢复后正常", "调整配置后恢复")
CAUSES = (
    ("equipment", "operator"), ("cable_cut", "operator"), ("power", "operator"), ("configuration", "operator"),
    ("customer_power", "customer"), ("customer_equipment", "customer"), ("no_fault_found", "operator"),
)  # fmt: skip
PAUSES = (
    ("access_denied", 8 * 3600, "客户值班电话通知机房无人，次日方可进场"),
    ("customer_request", 72 * 3600, "客户要求营业结束后再处理"),
)


@dataclass
class Shelf:
    """Mutable: the rows of one part of the cases, by table."""

    tickets: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    pauses: list[Row] = field(default_factory=list)
    impacts: list[Row] = field(default_factory=list)


@dataclass
class Teller:
    """Mutable: tells the cases one part after the other; keeps the numbers of rows and when circuits last failed."""

    cases: Cases
    turns: Turns
    firms: list[Firm]
    circuits: list[Row]
    promises: Promises
    calendars: dict[str, Calendar]
    officers: list[tuple[int, str]]
    at_s: int
    events: int = 0
    pauses: int = 0
    impacts: int = 0
    clocks: int = 0
    _last_down: dict[int, int] = field(default_factory=dict)

    def tell(self, first: int, last: int) -> Shelf:
        """Write the cases from one position up to another."""
        shelf = Shelf()
        reads = self._restorations(first, last)
        answers = self._responses(first, last)
        for at in range(first, last):
            self._case(at, reads[at], answers[at - first], shelf)
        self.clocks += len(shelf.clocks)
        return shelf

    def _restorations(self, first: int, last: int) -> dict[int, list[tuple[int, Kept, Read]]]:
        """Read the clocks of the circuits that were down or reported so, by case."""
        asked: list[tuple[int, int, int, int, int, int, Kept]] = []
        cases, turns = self.cases, self.turns
        for at in range(first, last):
            if cases.kind[at] in (DOWN, REPORTED):
                begun, ended = int(cases.opened[at]), int(cases.ended[at])
                held, resumed = int(turns.paused[at]), int(turns.resumed[at])
                for circuit in cases.circuits[at]:
                    promise = self.promises.restoration(circuit, begun)
                    asked.append((at, circuit, begun, ended, held, resumed, promise))
        if not asked:
            return defaultdict(list)
        kept = [row[6] for row in asked]
        _, _, started, stopped, held_s, resumed_s, _ = zip(*asked, strict=True)
        promised = seconds([promise.amount * 60 for promise in kept])
        clocks = SimpleClocks(seconds(started), seconds(stopped), seconds(held_s), seconds(resumed_s), promised)
        found: dict[int, list[tuple[int, Kept, Read]]] = defaultdict(list)
        for row, read in zip(asked, read_clocks(clocks, kept, IMPACT_RUNGS, self.calendars), strict=True):
            found[row[0]].append((row[1], row[6], read))
        return found

    def _responses(self, first: int, last: int) -> list[tuple[Kept, Read, int, int]]:
        """Read the clocks of the answer: from the detection until somebody takes it, or it is over."""
        turns, part = self.turns, slice(first, last)
        started = turns.detected[part]
        stopped = np.maximum(np.where(turns.claimed[part] > 0, turns.claimed[part], self.cases.ended[part]), started)
        never = np.full(last - first, NEVER)
        kept = [self.promises.response(self._best(at)) for at in range(first, last)]
        promise = seconds([row.amount * 60 for row in kept])
        reads = read_clocks(SimpleClocks(started, stopped, never, never, promise), kept, RESPONSE_RUNGS, self.calendars)
        return list(zip(kept, reads, started.tolist(), stopped.tolist(), strict=True))

    def _best(self, at: int) -> int:
        circuits = self.cases.circuits[at]
        if len(circuits) == 1:
            return circuits[0]
        return min(circuits, key=lambda circuit: (rank_of(self.circuits[circuit - 1][6]), circuit))

    def _case(
        self, at: int, reads: list[tuple[int, Kept, Read]], answer: tuple[Kept, Read, int, int], shelf: Shelf
    ) -> None:
        cases, turns, pk = self.cases, self.turns, at + 1
        kind, opened, ended = int(cases.kind[at]), int(cases.opened[at]), int(cases.ended[at])
        story = _Story(self, at, opened, ended, int(turns.detected[at]))
        repeat = self._is_repeat(at, kind, opened)
        story.open(kind, int(cases.incident[at]))
        story.work(kind)
        for circuit, _, read in reads:
            story.climb(circuit, "restoration", read)
        story.climb(None, "response", answer[1])
        settled = story.settle(kind)
        if kind <= DEGRADED:
            self._impacts(at, kind, story, shelf)
        pause = int(turns.paused[at])
        if pause != NEVER:
            shelf.pauses.append(story.pause_row)
        shelf.events += story.rows(pk)
        judged = instant_text(settled)
        missed = [read.breached_s for _, _, read in reads] if reads else [answer[1].breached_s]
        missed = [second for second in missed if second != NEVER]
        shelf.tickets.append(self._ticket(at, kind, story, repeat=repeat, breached=min(missed, default=NEVER)))
        policy = POLICIES["impact" if kind == DOWN else "report"]
        for circuit, kept, read in reads:
            promise = kept.text(opened)
            shelf.clocks.append(_clock(pk, "restoration", circuit, promise, policy, read, opened, ended, judged))
        kept, read, started, stopped = answer
        promise = kept.text(opened)
        shelf.clocks.append(_clock(pk, "response", None, promise, POLICIES["response"], read, started, stopped, judged))

    def _is_repeat(self, at: int, kind: int, opened: int) -> bool:
        if kind > DEGRADED:
            return False
        since, repeat = opened - DEFAULT.repeat_days * 86_400, False
        for circuit in self.cases.circuits[at]:
            repeat = repeat or self._last_down.get(circuit, NEVER) >= since
            if kind == DOWN:
                self._last_down[circuit] = opened
        return repeat

    def _impacts(self, at: int, kind: int, story: "_Story", shelf: Shelf) -> None:
        begun, ended, detected = instant_text(story.opened), instant_text(story.ended), instant_text(story.detected)
        incident, firm = int(self.cases.incident[at]), int(self.cases.firm[at])
        for circuit in self.cases.circuits[at]:
            self.impacts += 1
            region = self.circuits[circuit - 1][10]
            state = 3 if kind == DOWN else 2
            shelf.impacts.append((self.impacts, incident, circuit, firm, region, state, begun, ended, detected))

    def _ticket(self, at: int, kind: int, story: "_Story", *, repeat: bool, breached: int) -> Row:
        turns, cases = self.turns, self.cases
        best = self.circuits[self._best(at) - 1]
        firm = self.firms[int(cases.firm[at]) - 1]
        return (
            at + 1, "consultation" if kind == ASKED else "fault",
            "impact" if kind <= DEGRADED else ORIGINS[int(turns.choice[at]) % 4],
            "resolved" if story.closed == NEVER else "closed", story.title, firm.id,
            int(cases.incident[at]) or None, firm.contact[0] if kind > DEGRADED else None, best[10], best[6],
            rank_of(best[6]), story.officer[0] if story.claimed > 0 or kind > DEGRADED else None,
            story.cause[1], story.cause[0], repeat, instant_text(story.opened),
            None if breached == NEVER else instant_text(breached), instant_text(story.ended),
            None if story.closed == NEVER else instant_text(story.closed), len(story.said),
        )  # fmt: skip


class _Story:
    """One case being told: entries as (instant, kind, recorded, by, circuit, text, for the customer, body)."""

    def __init__(self, teller: Teller, at: int, opened: int, ended: int, detected: int) -> None:
        self.teller, self.at, self.opened, self.ended, self.detected = teller, at, opened, ended, detected
        turns = teller.turns
        self.choice = int(turns.choice[at])
        self.claimed, self.closed = int(turns.claimed[at]), NEVER
        officer = teller.officers[self.choice % len(teller.officers)]
        self.officer, self.by = officer, (officer[1], officer[0])
        self.circuits = teller.cases.circuits[at]
        self.contact = teller.firms[int(teller.cases.firm[at]) - 1].contact
        self.said: list[tuple[int, str, int, tuple[str, int | None], int | None, str, bool, str]] = []
        self.title, self.cause = "", ("", "")
        self.pause_row: Row = ()

    def say(
        self, kind: str, at: int, by: tuple[str, int | None], *, recorded: int = 0, circuit: int | None = None,
        text: str = "", shown: bool = False, body: str = "{}",
    ) -> None:  # fmt: skip
        self.said.append((at, kind, recorded or at, by, circuit, text, shown, body))

    def open(self, kind: int, incident: int) -> None:
        """Tell how it began."""
        if kind <= DEGRADED:
            body = f'{{"incident": {incident}, "detected_at": "{instant_text(self.detected).replace(" ", "T")}+00:00"'
            self.say(E.OPENED, self.opened, WORKER, recorded=self.detected, shown=True, body=f"{body}}}")
            down, more = (E.CIRCUIT_DOWN, "}") if kind == DOWN else (E.CIRCUIT_DEGRADED, ', "counts": false}')
            for circuit in self.circuits:
                self.say(
                    down, self.opened, WORKER, recorded=self.detected, circuit=circuit, shown=True, body=body + more
                )
            self.say(E.CUSTOMER_TOLD, self.detected, WORKER, shown=True, body=self._told("notice"))
            return
        texts = QUESTIONS if kind == ASKED else COMPLAINTS
        self.title = texts[self.choice % len(texts)]
        self.say(E.OPENED, self.opened, self.by, shown=True)
        starts = "false" if kind == ASKED else "true"
        body = f'{{"starts": {starts}, "contact": {self.contact[0]}, "name": {json.dumps(self.contact[1])}}}'
        self.say(
            E.CUSTOMER_REPORT, self.opened, self.by, circuit=self.circuits[0], text=self.title, shown=True, body=body
        )

    def _told(self, what: str) -> str:
        pk, name = self.contact
        return f'{{"what": "{what}", "contacts": [{pk}], "names": [{json.dumps(name, ensure_ascii=False)}]}}'

    def work(self, kind: int) -> None:
        """Tell who took it, what was found, and what had to wait."""
        if self.claimed > 0:
            self.say(E.CLAIMED, self.claimed, self.by, shown=True)
            if self.choice % 3 == 0:
                self.say(E.NOTE, (self.claimed + self.ended) // 2, self.by, text=NOTES[self.choice % len(NOTES)])
        held = int(self.teller.turns.paused[self.at])
        if held == NEVER:
            return
        resumed = int(self.teller.turns.resumed[self.at])
        reason, limit, evidence = PAUSES[self.choice % 2]
        self.teller.pauses += 1
        pk, named = self.teller.pauses, json.dumps(list(self.circuits))
        body = f'{{"pause": {pk}, "reason": "{reason}", "limit_s": {limit}, "circuits": {named}}}'
        self.say(E.PAUSED, held, self.by, text=evidence, shown=True, body=body)
        self.say(E.RESUMED, resumed, self.by, shown=True)
        self.pause_row = (
            pk, self.at + 1, reason, evidence, instant_text(held), instant_text(held + limit), instant_text(resumed),
            self.officer[1], self.officer[0],
        )  # fmt: skip

    def climb(self, circuit: int | None, clock: str, read: Read) -> None:
        """Tell which rungs were passed."""
        for percent, reached in read.rungs:
            kind = E.BREACHED if percent == 100 else E.ESCALATED
            body = f'{{"clock": "{clock}", "percent": {percent}, "told": []}}'
            self.say(kind, reached, SWEEPER, circuit=circuit, body=body)

    def settle(self, kind: int) -> int:
        """Tell how it ended; return when its clocks were last judged."""
        cause = CAUSES[self.choice % len(CAUSES)]
        noticed = self.ended + 2 + self.choice % 9
        ending = ENDINGS[self.choice % len(ENDINGS)]
        if kind <= DEGRADED:
            for circuit in self.circuits:
                body = f'{{"incident": {int(self.teller.cases.incident[self.at])}}}'
                self.say(
                    E.CIRCUIT_RESTORED, self.ended, WORKER, recorded=noticed, circuit=circuit, shown=True, body=body
                )
            self.say(E.RESOLVED, self.ended, WORKER, recorded=noticed, shown=True, body='{"network": true}')
            self.say(E.CUSTOMER_TOLD, noticed, WORKER, shown=True, body=self._told("all_clear"))
        else:
            self.cause = cause
            body = f'{{"cause_code": "{cause[0]}", "responsibility": "{cause[1]}"}}'
            self.say(E.RESOLVED, self.ended, self.by, recorded=noticed, text=ending, shown=True, body=body)
        return self._close(cause, ending, noticed)

    def _close(self, cause: tuple[str, str], ending: str, noticed: int) -> int:
        now = self.teller.at_s
        confirmed = int(self.teller.turns.confirmed[self.at])
        closing = confirmed + 240 if confirmed else noticed + DEFAULT.close_after_minutes * 60
        if confirmed and confirmed <= now:
            self.say(E.CONFIRMED, confirmed, self.by, text="客户确认业务正常", shown=True)
            noticed = confirmed
        if closing > now:
            return noticed
        if not self.cause[0] and self.claimed > 0:
            self.cause = cause
            body = f'{{"cause_code": "{cause[0]}", "responsibility": "{cause[1]}"}}'
            self.say(E.RESPONSIBILITY, closing - 60, self.by, text=ending, body=body)
        self.say(E.CLOSED, closing, self.by if confirmed else SWEEPER, shown=True)
        self.closed = closing
        return closing

    def rows(self, ticket: int) -> list[Row]:
        """Give the entries in the order they took effect."""
        self.said.sort(key=itemgetter(0))
        first = self.teller.events
        self.teller.events += len(self.said)
        rows: list[Row] = []
        for place, (at, kind, recorded, by, circuit, text, shown, body) in enumerate(self.said, start=first + 1):
            then = instant_text(at)
            now = then if recorded == at else instant_text(recorded)
            rows.append((place, ticket, kind, then, now, *by, circuit, text, shown, body))
        return rows


def _clock(
    ticket: int, kind: str, circuit: int | None, promise: str, policy: str, read: Read, started: int, stopped: int,
    judged: str,
) -> Row:  # fmt: skip
    missed = read.breached_s != NEVER
    return (
        ticket, kind, circuit, promise, policy, "breached" if missed else "met", instant_text(started),
        instant_text(stopped), instant_text(read.deadline_s), instant_text(read.breached_s) if missed else None,
        read.used_s, read.total_s, judged,
    )  # fmt: skip
