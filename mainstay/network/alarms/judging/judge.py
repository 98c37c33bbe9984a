"""Walks through reports in their order and says what each means for alarms, incidents and circuits."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from mainstay.domain.impact import NEVER, FewChanges, ImpactEngine, Level, Nearby
from mainstay.domain.root_cause import CauseBook, Role
from mainstay.network.alarms.judging.facts import Case, Report, SourcePolicy, Standing, StateChange, Stretch, Verdicts
from mainstay.network.alarms.judging.grouping import SETTLE_MS, Grouping
from mainstay.network.alarms.judging.ledger import Ledger, OnlyFault
from mainstay.network.alarms.judging.network import Network, NetworkChange
from mainstay.network.alarms.judging.standing import EffectOf, StandingAlarms, Step
from mainstay.network.alarms.judging.windows import Window, Windows

Worst = tuple[int, int]
"""Level and beginning of the worst that stands on a resource."""
_CLEAR: Worst = (0, 0)


class Judge:
    """Mutable: everything the worker knows. Owned by one thread."""

    def __init__(
        self,
        network: Network,
        policies: dict[int, SourcePolicy],
        effect_of: EffectOf,
        *,
        next_alarm: int = 1,
        next_incident: int = 1,
        next_stretch: int = 1,
    ) -> None:
        """Begin with a clear network; the ids are those the next alarm, incident and stretch get."""
        self.network = network
        self.policies = policies
        self.engine = ImpactEngine(network.graph)
        self.standing = StandingAlarms(policies, effect_of, next_id=next_alarm)
        self.windows = Windows()
        book = CauseBook(network.graph, network.roles)
        self.grouping = Grouping(network, book, self.standing, next_id=next_incident)
        self.nearby = Nearby(network.graph)
        self.ledger = Ledger(network, self.engine, self.nearby, self.standing, next_id=next_stretch)
        self._pending: list[Step] = []
        self._resources: set[int] = set()
        self._worst: dict[int, tuple[Worst, Worst]] = {}
        self._alarms_gone: set[int] = set()
        self._verdicts = Verdicts()
        self._detected_ms = 0
        self.now_ms = 0

    def restore(
        self,
        alarms: list[Standing],
        cases: Sequence[Case],
        stretches: Iterable[Stretch],
        *,
        held: Collection[int] = (),
        last_ends: Mapping[int, int] | None = None,
    ) -> None:
        """Put back what stood before a restart; `reconcile` follows.

        `held`: alarms that flap and were cleared last. `last_ends`: when each circuit's latest stretch ended.
        """
        for alarm in alarms:
            self.standing.restore(alarm, held=alarm.id in held)
        for stretch in stretches:
            self.ledger.restore(stretch)
        self.ledger.last_end.update(last_ends or {})
        self.grouping.restore(cases, alarms)
        self._set_levels({alarm.resource for alarm in alarms})
        with_alarms = {alarm.incident for alarm in alarms}
        faults = [case for case in cases if case.source is None and not case.is_peoples]
        self._alarms_gone = {c.id for c in faults if c.restored_ms is None and c.id not in with_alarms}

    def take(self, reports: Iterable[Report]) -> Verdicts:
        """Judge reports in the order of their receipt."""
        advanced_ms = None
        for report in reports:
            if report.received_ms != advanced_ms or self._may_close(report.received_ms):
                advanced_ms = report.received_ms
                self._advance(advanced_ms)
            self._take(report)
        return self._finish()

    def tick(self, now_ms: int) -> Verdicts:
        """Let time pass up to `now_ms`, all earlier reports being taken: expiries, windows, silences, settling."""
        self._advance(now_ms)
        for policy in self.policies.values():
            self._listen(policy, now_ms)
        return self._finish()

    def reconcile(self, now_ms: int) -> Verdicts:
        """Bring the ledger in line with the engine after a restart with a changed network.

        Time does not move on by it: reports that came before `now_ms` may still wait to be judged.
        """
        now_ms = max(self.now_ms, now_ms)
        for gone, into in self.grouping.reunite(self._verdicts):
            self._take_over(gone, into, now_ms)
        lost = self.ledger.reconcile(now_ms, self._verdicts)
        self._worsen(self._verdicts.changes)
        self._alarms_gone |= self._without_alarms(lost)
        self._restore_cases(now_ms)
        return self._finish()

    def follow(self, change: NetworkChange, now_ms: int) -> Verdicts:
        """Go on with a changed network, as a restart on it would, at the cost of what changed; see `reconcile`."""
        now_ms = max(self.now_ms, now_ms)
        self._flush()
        book, verdicts = self.grouping.book, self._verdicts
        book.let_go(change.graph)
        self.network.follow(change)
        self.nearby.forget_ways()
        changes = self.engine.adopt(change.graph)
        regrouping = book.take_up(change.graph, self.network.roles, now_ms / 1000)
        self._regrouped(*self.grouping.rearrange(regrouping, now_ms, verdicts), now_ms)
        known = len(verdicts.changes)
        changed = changes.one_by_one()._replace(retimed=())  # a changed record does not move when a fault was
        self._alarms_gone |= self._without_alarms(self.ledger.book(changed, now_ms, now_ms, verdicts))
        self._worsen(verdicts.changes[known:])
        self._restore_cases(now_ms)
        return self._finish()

    def _without_alarms(self, cases: set[int]) -> set[int]:
        return {case for case in cases if case in self.grouping.cases and not self.grouping.has_alarms(case)}

    def learn(self, declared: Iterable[Case]) -> None:
        """Know all the incidents that people declared and no alarm has adopted; the next verdicts tell what follows."""
        for gone, into in self.grouping.learn(declared, self._verdicts):
            self._take_over(gone, into, self.now_ms)

    def replace_windows(self, windows: Iterable[Window]) -> None:
        """Take the planned work as it is now; it excuses alarms raised from now on, and those it excused no longer than
        it lasts."""
        self.windows.replace(windows)
        for alarm in self.standing.by_id.values():
            if alarm.planned:
                self.windows.renew(alarm, self._excusing(alarm.resource))

    def _take(self, report: Report) -> None:
        self.hear(report.source, report.received_ms)
        resource = self.network.place(report.source, report.resource_ref)
        if resource is None:
            self._verdicts.outcomes.append((report.id, "quarantined", None))
            self._verdicts.quarantined.append(report)
            return
        instant = self.standing.instant_of(report)
        self._make_room(instant[0], resource)
        outcome, alarm, step = self.standing.take(report, resource, instant)
        if alarm is None:
            self._verdicts.outcomes.append((report.id, outcome, None))
            return
        self._verdicts.outcomes.append((report.id, outcome, alarm.id))
        if outcome == "stored":
            self._verdicts.new_alarms.add(alarm.id)
            if self.windows.any:
                self.windows.excuse(alarm, self._excusing(resource))
        if step is None:
            self._verdicts.repeated[alarm.id] = alarm
        else:
            self._verdicts.alarms[alarm.id] = alarm
            self._pend(step)
        self._let_happen(self.now_ms)

    def _excusing(self, resource: int) -> list[int]:
        """List what work excuses an alarm: its resource and all above, and the same of the one link that ends there."""
        graph, index = self.network.graph, self.network.index_of_resource[resource]
        links = [child for child in graph.children(index).tolist() if self.network.roles[child] == Role.LINK]
        ids: list[int] = self.network.resource_ids[graph.under([index, *(links if len(links) == 1 else ())])].tolist()
        return ids

    def _advance(self, until_ms: int) -> None:
        """Let time pass: what was due by `until_ms` happens, in order."""
        self._let_happen(until_ms)
        if self._pending and self._pending[0].at_ms + SETTLE_MS <= until_ms:
            self._flush()  # what is over by it may have been quiet long enough to be closed
        self.now_ms = max(self.now_ms, until_ms)
        self._verdicts.closed.extend(self.grouping.close_settled(until_ms))

    def _may_close(self, until_ms: int) -> bool:
        """Say whether an incident may have been quiet long enough, one that is over with what is pending included."""
        pending = self._pending
        return bool(pending and pending[0].at_ms + SETTLE_MS <= until_ms) or self.grouping.has_settled(until_ms)

    def next_due(self) -> int | None:
        """Give the instant at which an alarm or an excuse may next end."""
        due, end = self.standing.next_due(), self.windows.next_end()
        return end if due is None or (end is not None and end < due) else due

    def _let_happen(self, until_ms: int) -> None:
        while (at_ms := self.next_due()) is not None and at_ms <= until_ms:
            self.now_ms = max(self.now_ms, at_ms)
            self._make_room(at_ms)
            for step in self.standing.due(at_ms):
                self._verdicts.alarms[step.alarm.id] = step.alarm
                self._pend(step)
            for _, alarm_id in self.windows.expired(at_ms):
                self._overrun(alarm_id, at_ms)

    def _overrun(self, alarm_id: int, at_ms: int) -> None:
        alarm = self.standing.by_id.get(alarm_id)
        if alarm is not None:
            alarm.planned, alarm.began_ms = False, at_ms
            self._verdicts.alarms[alarm.id] = alarm
            self._pend(Step(alarm, at_ms))

    def _make_room(self, at_ms: int, resource: int | None = None) -> None:
        """Judge what is pending before the standing alarms move on: to another instant, or again on one resource."""
        if self._pending and (self._pending[0].at_ms != at_ms or resource in self._resources):
            self._flush()

    def _pend(self, step: Step) -> None:
        """Gather steps of one instant; what happened at different instants is judged one after the other."""
        if self._pending and self._pending[0].at_ms != step.at_ms:
            self._flush()
        self._pending.append(step)
        self._detected_ms = self.now_ms
        self._resources.add(step.alarm.resource)

    def _flush(self) -> None:
        if not self._pending:
            return
        steps, self._pending, resources, self._resources = self._pending, [], self._resources, set()
        at_ms, now, verdicts = steps[0].at_ms, self._detected_ms, self._verdicts
        raised = [step.alarm for step in steps if not step.ended]
        ended = [step.alarm for step in steps if step.ended]
        self.grouping.reopened.clear()
        merged, emptied = self.grouping.follow(raised, ended, at_ms, now, verdicts)
        self._regrouped(merged, emptied, at_ms)
        if self.grouping.reopened:
            self._alarms_gone -= self.grouping.reopened - emptied
        changes, only = self._set_levels(resources)
        if changes is not None:
            known = len(verdicts.changes)
            self.ledger.book(changes, at_ms, now, verdicts, only=only)
            self._worsen(verdicts.changes[known:])
        self._restore_cases(at_ms)

    def _regrouped(self, merged: list[tuple[int, int]], emptied: set[int], at_ms: int) -> None:
        for gone, into in merged:
            self._take_over(gone, into, at_ms)
        self._alarms_gone |= emptied

    def _take_over(self, gone: int, into: int, at_ms: int) -> None:
        self.ledger.move(gone, into, self._verdicts)
        self._verdicts.merged.append((gone, into, at_ms))
        self._alarms_gone.discard(gone)

    def _set_levels(self, resources: set[int]) -> tuple[FewChanges | None, OnlyFault | None]:
        """Tell the engine the worst standing alarm on each resource, planned and unplanned apart, where it is news.

        Give what changed, if anything was news, and the fault that alone can have impaired what was up before.
        """
        news: list[tuple[int, int, int, bool]] = []
        for resource in sorted(resources):
            before, worst = self._worst.get(resource, (_CLEAR, _CLEAR)), self._worst_on(resource)
            if worst == before:
                continue
            self._worst[resource] = worst
            index = self.network.index_of_resource[resource]
            news += [(index, *worst[p], bool(p)) for p in (0, 1) if worst[p] != before[p]]
            self.nearby.put(index, _fault(worst))
        if not news:
            return None, None
        if len(news) > 1:
            indexes, levels, began, planned = zip(*news, strict=True)
            return self.engine.set_levels(indexes, levels, planned, began).one_by_one(), None
        ((index, level, since, is_planned),) = news
        only = OnlyFault(self.network.resource_ids.item(index), since)
        return self.engine.set_level(index, level, is_planned, since), only

    def _worst_on(self, resource: int) -> tuple[Worst, Worst]:
        """Give the worst that stands on a resource: unplanned and planned."""
        worst = [_CLEAR, _CLEAR]
        for alarm in self.standing.on_resource.get(resource, ()):
            if alarm.effect:
                level, since = worst[alarm.planned]
                if alarm.effect > level or (alarm.effect == level and alarm.began_ms < since):
                    worst[alarm.planned] = alarm.effect, alarm.began_ms
        return worst[0], worst[1]

    def _worsen(self, changes: Iterable[StateChange]) -> None:
        for change in changes:
            case = self.grouping.cases.get(change.incident)
            if case is not None and change.new > case.worst_state:
                case.worst_state = change.new
                self._verdicts.cases[case.id] = case

    def _restore_cases(self, at_ms: int) -> None:
        """An incident is over when its last alarm is cleared and its last circuit is back."""
        for case_id in sorted(self._alarms_gone) if self._alarms_gone else ():
            if self.ledger.of_incident.get(case_id):
                continue
            self._alarms_gone.discard(case_id)
            case = self.grouping.cases[case_id]
            case.restored_ms = at_ms
            self.grouping.settle(case)
            self._verdicts.cases[case.id] = case
            self._verdicts.restored[case.id] = at_ms
            self._verdicts.reopened.discard(case.id)

    def hear(self, source: int, at_ms: int) -> None:
        """Note that a source gave a sign of life; one that was silent is so no longer."""
        policy = self.policies[source]
        if policy.last_report_ms is not None and at_ms <= policy.last_report_ms:
            return
        policy.last_report_ms = self._verdicts.heard[source] = at_ms
        if policy.silent_incident is not None:
            case = self.grouping.cases.pop(policy.silent_incident, None)
            if case is not None:
                case.restored_ms = self._verdicts.restored[case.id] = at_ms
                self._verdicts.cases[case.id] = case
            policy.silent_incident = None

    def _listen(self, policy: SourcePolicy, now_ms: int) -> None:
        """Raise an incident on a source gone silent (G1)."""
        if not policy.silence_after_ms or policy.silent_incident is not None or policy.last_report_ms is None:
            return
        silent_since = policy.last_report_ms + policy.silence_after_ms
        if silent_since <= now_ms:
            case = self.grouping.open_silent(policy.id, silent_since, now_ms)
            policy.silent_incident = case.id
            self._verdicts.cases[case.id] = case
            self._verdicts.new_cases.add(case.id)
            self._verdicts.silent.append((policy.id, case.id, silent_since))

    def _finish(self) -> Verdicts:
        self._flush()
        verdicts, self._verdicts = self._verdicts, Verdicts()
        return verdicts


def _fault(worst: tuple[Worst, Worst]) -> tuple[int, int]:
    """Give since when a resource is not clear, and down, by its own alarms."""
    not_clear = min((since for level, since in worst if level), default=NEVER)
    return not_clear, min((since for level, since in worst if level == Level.DOWN), default=NEVER)
