"""Which alarms stand? Deduplicates, clears, holds what flaps, and lets silent alarms expire (G1).

Reports may overtake each other on their way. Where a source's clock can be believed, its own order counts: a clear
older than the latest raising clears nothing, and a raising older than the latest clear is over when it comes.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from itertools import count
from typing import NamedTuple

from mainstay.network.alarms.judging.facts import Report, SourcePolicy, Standing

Key = tuple[int, int, str]
EffectOf = Callable[[int, str, int, str], int]


class Step(NamedTuple):
    """An alarm began, ended, or came to mean something else, at an instant."""

    alarm: Standing
    at_ms: int
    ended: bool = False


class StandingAlarms:
    """Mutable: the alarms that stand, by (source, resource, type)."""

    def __init__(self, policies: dict[int, SourcePolicy], effect_of: EffectOf, *, next_id: int) -> None:
        """Begin empty. `effect_of(source, alarm_type, resource, severity)` gives the effect of an alarm."""
        self.policies = policies
        self.effect_of = effect_of
        self.by_key: dict[Key, Standing] = {}
        self.by_id: dict[int, Standing] = {}
        self.on_resource: dict[int, list[Standing]] = defaultdict(list)
        self._next_id = next_id
        self._expiries: list[tuple[int, int, int]] = []
        self._order = count()
        self._raisings: dict[Key, tuple[int, ...]] = {}
        self._cleared: dict[Key, int] = {}

    def remember_clear(self, key: Key, at_ms: int) -> None:
        """Keep when an alarm was last cleared by its source, so that what it overtook does not stand."""
        self._cleared[key] = max(at_ms, self._cleared.get(key, at_ms))

    def remember_raising(self, key: Key, at_ms: int) -> None:
        """Count a raising: so many within the window of the source, and the alarm flaps."""
        most = self.policies[key[0]].flap_count
        self._raisings[key] = (*self._raisings.get(key, ()), at_ms)[-most:]

    def restore(self, alarm: Standing, *, held: bool = False) -> None:
        """Put back an alarm that stood before a restart; `held`: it flaps, and its last report was a clear."""
        policy = self.policies[alarm.source]
        self._keep(alarm)
        if policy.quiet_ms:
            self._expire(alarm, alarm.last_ms + policy.quiet_ms)
        elif held:
            self._expire(alarm, alarm.last_ms + policy.flap_hold_ms)

    def take(
        self, report: Report, resource: int, instant: tuple[int, int | None]
    ) -> tuple[str, Standing | None, Step | None]:
        """Judge one placed report; give its outcome, the alarm concerned and what it changes, if anything.

        `instant`: that of the report.
        """
        key = (report.source, resource, report.alarm_type)
        alarm = self.by_key.get(key)
        at_ms, told_ms = instant
        if report.raised:
            if alarm is None:
                return self._raise(report, resource, at_ms, told_ms)
            return self._repeat(alarm, report, at_ms, told_ms)
        if told_ms is not None:
            self.remember_clear(key, told_ms)
        if alarm is None or (told_ms is not None and alarm.told_ms is not None and told_ms < alarm.told_ms):
            return "nothing", None, None
        return self._clear(alarm, max(at_ms, alarm.raised_ms))

    def due(self, until_ms: int) -> list[Step]:
        """End the alarms whose quiet time or hold ran out by `until_ms`, in order."""
        steps = []
        while self._expiries and self._expiries[0][0] <= until_ms:
            at_ms, _, alarm_id = heapq.heappop(self._expiries)
            alarm = self.by_id.get(alarm_id)
            if alarm is not None and alarm.expires_ms == at_ms:
                steps.append(self._end(alarm, at_ms))
        return steps

    def next_due(self) -> int | None:
        """Give the instant at which `due` may next have something."""
        return self._expiries[0][0] if self._expiries else None

    def told_ms(self, report: Report) -> int | None:
        """Give when its source says that it happened, None when its clock is far off."""
        return self.instant_of(report)[1]

    def instant_of(self, report: Report) -> tuple[int, int | None]:
        """Give the instant at which a report is judged, and when its source told it, None when its clock is far off.

        A source whose clock is far off is judged by receipt time (promise-clocks 24).
        """
        event_ms, received_ms = report.event_ms, report.received_ms
        if abs(event_ms - received_ms) > self.policies[report.source].skew_ms:
            return received_ms, None
        return event_ms, event_ms if event_ms < received_ms else received_ms

    def _raise(self, report: Report, resource: int, at_ms: int, told_ms: int | None) -> tuple[str, Standing, Step]:
        policy = self.policies[report.source]
        alarm = Standing(
            id=self._next_id,
            source=report.source,
            resource=resource,
            alarm_type=report.alarm_type,
            probable_cause=report.probable_cause,
            severity=report.severity,
            effect=self.effect_of(report.source, report.alarm_type, resource, report.severity),
            text=report.text,
            raised_ms=at_ms,
            last_ms=at_ms,
            clock_off=told_ms is None,
            began_ms=at_ms,
            told_ms=told_ms,
        )
        self._next_id += 1
        self._keep(alarm)
        if policy.quiet_ms:
            self._expire(alarm, at_ms + policy.quiet_ms)
        else:
            alarm.flapping = self._flaps(alarm, policy)
        cleared_ms = self._cleared.get((report.source, resource, report.alarm_type))
        if told_ms is not None and cleared_ms is not None and told_ms < cleared_ms:
            self._expire(alarm, max(at_ms, cleared_ms))
        return "stored", alarm, Step(alarm, at_ms)

    def _repeat(
        self, alarm: Standing, report: Report, at_ms: int, told_ms: int | None
    ) -> tuple[str, Standing, Step | None]:
        policy = self.policies[alarm.source]
        alarm.reports += 1
        if told_ms is not None and alarm.told_ms is not None and told_ms < alarm.told_ms:
            return "duplicate", alarm, self._antedate(alarm, report, at_ms, told_ms)
        alarm.told_ms = told_ms
        alarm.last_ms = max(alarm.last_ms, at_ms)
        alarm.text = report.text or alarm.text
        if policy.quiet_ms:
            self._expire(alarm, alarm.last_ms + policy.quiet_ms)
        elif alarm.expires_ms is not None:
            alarm.expires_ms = None
        if report.severity == alarm.severity:
            return "duplicate", alarm, None
        alarm.severity = report.severity
        effect = self.effect_of(alarm.source, alarm.alarm_type, alarm.resource, alarm.severity)
        if effect == alarm.effect:
            return "duplicate", alarm, None
        alarm.effect, alarm.began_ms = effect, at_ms
        return "duplicate", alarm, Step(alarm, at_ms)

    def _antedate(self, alarm: Standing, report: Report, at_ms: int, told_ms: int) -> Step | None:
        """Let an alarm begin when an older report says, unless that report belongs to the life before."""
        cleared_ms = self._cleared.get((alarm.source, alarm.resource, alarm.alarm_type))
        if at_ms >= alarm.raised_ms or alarm.planned or (cleared_ms is not None and told_ms < cleared_ms):
            return None
        same = alarm.began_ms == alarm.raised_ms
        effect = self.effect_of(alarm.source, alarm.alarm_type, alarm.resource, report.severity)
        alarm.raised_ms = at_ms
        if not same or effect != alarm.effect:
            return None
        alarm.began_ms = at_ms
        return Step(alarm, at_ms)

    def _clear(self, alarm: Standing, at_ms: int) -> tuple[str, Standing, Step | None]:
        alarm.last_ms = max(alarm.last_ms, at_ms)
        if alarm.flapping:
            self._expire(alarm, at_ms + self.policies[alarm.source].flap_hold_ms)
            return "cleared", alarm, None
        return "cleared", alarm, self._end(alarm, at_ms)

    def _flaps(self, alarm: Standing, policy: SourcePolicy) -> bool:
        key = (alarm.source, alarm.resource, alarm.alarm_type)
        self.remember_raising(key, alarm.raised_ms)
        recent = self._raisings[key]
        return len(recent) == policy.flap_count and recent[-1] - recent[0] <= policy.flap_window_ms

    def _keep(self, alarm: Standing) -> None:
        self.by_key[(alarm.source, alarm.resource, alarm.alarm_type)] = alarm
        self.by_id[alarm.id] = alarm
        self.on_resource[alarm.resource].append(alarm)

    def _end(self, alarm: Standing, at_ms: int) -> Step:
        alarm.cleared_ms, alarm.expires_ms = at_ms, None
        del self.by_key[(alarm.source, alarm.resource, alarm.alarm_type)]
        del self.by_id[alarm.id]
        here = self.on_resource[alarm.resource]
        here.remove(alarm)
        if not here:
            del self.on_resource[alarm.resource]
        return Step(alarm, at_ms, ended=True)

    def _expire(self, alarm: Standing, at_ms: int) -> None:
        alarm.expires_ms = at_ms
        heapq.heappush(self._expiries, (at_ms, next(self._order), alarm.id))
