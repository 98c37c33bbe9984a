"""Which incident does each alarm belong to? Keeps incidents in step with the groups of `domain.root_cause` (G3)."""

from collections import Counter, deque
from collections.abc import Iterable, Mapping

from mainstay.domain.root_cause import Alarm, CauseBook, Group, Placement, Reason, Regrouping
from mainstay.network.alarms.judging.facts import Case, Revision, Standing, Verdicts
from mainstay.network.alarms.judging.network import Network
from mainstay.network.alarms.judging.standing import StandingAlarms

SETTLE_MS = 15 * 60 * 1000
"""How long a restored incident waits to be closed; the same cause failing again within it reopens it."""

_AS_CAUSE: Mapping[str, object] = {"code": str(Reason.CAUSE)}
"""Why an alarm stands that is its group's cause."""


class Grouping:
    """Mutable: which incident (by id) each group of alarms has. A group without effect on service has none."""

    def __init__(self, network: Network, book: CauseBook, standing: StandingAlarms, *, next_id: int) -> None:
        """Begin without incidents."""
        self.network = network
        self.book = book
        self.standing = standing
        self.cases: dict[int, Case] = {}
        self._settling: dict[int, set[int]] = {}
        self._settled: deque[tuple[int, int]] = deque()
        self._case_of_group: dict[int, int] = {}
        self._groups_of: Counter[int] = Counter()
        self._next_id = next_id
        self._known: dict[int, Standing] = {}
        self._peoples: dict[int, Case] = {}
        self._merged_away: set[int] = set()
        self.reopened: set[int] = set()
        """What was reopened since somebody last emptied it."""

    def restore(self, cases: Iterable[Case], alarms: list[Standing]) -> None:
        """Put back incidents after a restart: groups are the same, each takes the oldest incident among its alarms."""
        self.cases = {case.id: case for case in cases}
        self._peoples = {case.id: case for case in self.cases.values() if case.is_peoples}
        restored = [(case.restored_ms, case.id) for case in self.cases.values() if case.restored_ms is not None]
        for _, case_id in sorted(restored):
            self.settle(self.cases[case_id])
        self._known.update((alarm.id, alarm) for alarm in alarms)
        self.book.add(map(self._as_seen, alarms), max((alarm.raised_ms for alarm in alarms), default=0) / 1000)
        groups = {alarm.id: alarm.group for alarm in alarms if alarm.group is not None}
        self.book.recall(groups, max(groups.values(), default=0) + 1)
        for group in self.book.groups():
            known = [self._known[member.alarm].incident for member in group.members]
            mine = min((incident for incident in known if incident in self.cases), default=None)
            if mine is not None:
                self._bind(group.id, mine)

    def learn(self, declared: Iterable[Case], verdicts: Verdicts) -> list[tuple[int, int]]:
        """Know all the incidents that people have declared and no alarm has adopted, as they stand now.

        Gives those that alarms knew already, as (gone, into).
        """
        given = {case.id: case for case in declared if case.id not in self._merged_away}
        for gone in self._peoples.keys() - given.keys():
            if self._peoples.pop(gone).is_peoples:
                self.cases.pop(gone, None)
        merged: list[tuple[int, int]] = []
        for case in given.values():
            known = self.cases.get(case.id) or case
            if not known.is_peoples:
                continue
            self._peoples[case.id] = known
            self.cases[case.id] = known
            if case.restored_ms is not None and (known is case or known.restored_ms is None):
                known.restored_ms = case.restored_ms
                self.settle(known)
            elif known is case and (own := self._with_alarms(case.cause)) is not None:
                merged.append(self._give_away(case, own, verdicts))
        return merged

    def _with_alarms(self, cause: int | None) -> int | None:
        """Return the incident of standing alarms that has this cause."""
        mine = (self.cases[pk] for pk in self._case_of_group.values())
        return min((case.id for case in mine if case.cause == cause), default=None)

    def _give_away(self, case: Case, into: int, verdicts: Verdicts) -> tuple[int, int]:
        """Merge what people declared into the incident that alarms opened on the same resource."""
        self._peoples.pop(case.id, None)
        self._merged_away.add(case.id)
        case.merged_into = into
        verdicts.cases[case.id] = self.cases.pop(case.id, case)
        return case.id, into

    def reunite(self, verdicts: Verdicts) -> list[tuple[int, int]]:
        """Bring incidents in line with groups that came out otherwise: the network changed meanwhile.

        Gives the incidents taken over as (gone, into).
        """
        left = {alarm.incident for alarm in self._known.values()} - set(self._case_of_group.values())
        merged: dict[int, int] = {}
        for group in self.book.groups():
            case_id = self._case_of_group.get(group.id)
            if case_id is None:
                continue
            before = {self._known[member.alarm].incident for member in group.members}
            if before != {case_id}:
                self._update_cause(self.cases[case_id], group, verdicts)
                self._note_placements(group, None, case_id, verdicts)
            for gone in sorted(gone for gone in before & left if gone is not None and gone in self.cases):
                merged[gone] = case_id
                self.cases[gone].merged_into = case_id
                verdicts.cases[gone] = self.cases.pop(gone)
        return list(merged.items())

    def follow(
        self, raised: list[Standing], ended: list[Standing], at_ms: int, detected_ms: int, verdicts: Verdicts
    ) -> tuple[list[tuple[int, int]], set[int]]:
        """Take alarms in and out; give the incidents merged as (gone, into) and those that lost their last alarm."""
        merged: list[tuple[int, int]] = []
        emptied: set[int] = set()
        for alarm in raised:
            self._known[alarm.id] = alarm
        if len(raised) == 1 and (group := self.book.plant(self._as_seen(raised[0]), at_ms / 1000)) is not None:
            merged += self._plant(raised[0], group, detected_ms, verdicts)
        elif raised:
            self._apply(self.book.add(map(self._as_seen, raised), at_ms / 1000), detected_ms, verdicts, merged, emptied)
        if ended:
            known = len(verdicts.revised)
            gone = self.book.clear([alarm.id for alarm in ended], at_ms / 1000)
            for alarm in ended:
                self._known.pop(alarm.id, None)
            self._apply(gone, detected_ms, verdicts, merged, emptied)
            del verdicts.revised[known:]  # what is left while it ends tells nothing new of what began it
        return merged, emptied

    def rearrange(
        self, regrouping: Regrouping, detected_ms: int, verdicts: Verdicts
    ) -> tuple[list[tuple[int, int]], set[int]]:
        """Bring incidents in line after the network changed; gives as `follow`."""
        merged: list[tuple[int, int]] = []
        emptied: set[int] = set()
        self._apply(regrouping, detected_ms, verdicts, merged, emptied)
        return merged, emptied

    def settle(self, case: Case) -> None:
        """Let a restored incident wait, open to the same cause failing again."""
        if case.restored_ms is not None and case.cause is not None:
            self._settling.setdefault(case.cause, set()).add(case.id)
            self._settled.append((case.restored_ms, case.id))

    def close_settled(self, until_ms: int) -> list[tuple[int, int]]:
        """Forget restored incidents that stayed quiet until `until_ms`; give (incident, instant) of each."""
        closed = []
        while self.has_settled(until_ms):
            restored_ms, case_id = self._settled.popleft()
            case = self.cases.get(case_id)
            if case is None or case.restored_ms != restored_ms:
                continue
            del self.cases[case_id]
            if case.cause is not None:
                self._settling.get(case.cause, set()).discard(case_id)
            closed.append((case_id, restored_ms + SETTLE_MS))
        return closed

    def has_settled(self, until_ms: int) -> bool:
        """Say whether `close_settled` has something to look at."""
        return bool(self._settled) and self._settled[0][0] + SETTLE_MS <= until_ms

    def has_alarms(self, case_id: int) -> bool:
        """Say whether a group of standing alarms has this incident."""
        return self._groups_of[case_id] > 0

    def _bind(self, group: int, case: int) -> None:
        self._case_of_group[group] = case
        self._groups_of[case] += 1

    def _unbind(self, group: int) -> int | None:
        case = self._case_of_group.pop(group, None)
        if case is not None:
            self._groups_of[case] -= 1
            if not self._groups_of[case]:
                del self._groups_of[case]
        return case

    def open_silent(self, source: int, since_ms: int, detected_ms: int) -> Case:
        """Open an incident on a source that has gone silent."""
        case = Case(self._next_id, None, False, since_ms, detected_ms, kind="silent_source", source=source)
        self._next_id += 1
        self.cases[case.id] = case
        return case

    def _apply(
        self,
        regrouping: Regrouping,
        detected_ms: int,
        verdicts: Verdicts,
        merged: list[tuple[int, int]],
        emptied: set[int],
    ) -> None:
        for gone, into in regrouping.merged:
            self._merge(gone, into, merged, verdicts)
        for group_id in regrouping.closed:
            case = self._unbind(group_id)
            if case is not None and not self.has_alarms(case):
                emptied.add(case)
        stirred = dict.fromkeys([*regrouping.opened, *regrouping.recaused, *(p.group for p in regrouping.placed)])
        placed = {placement.alarm: placement for placement in regrouping.placed}
        for group_id in stirred:
            case_id = self._settle(self.book.group(group_id), placed, detected_ms, verdicts)
            merged.extend(self._absorb_declared(case_id, verdicts))

    def _plant(self, alarm: Standing, group: int, detected_ms: int, verdicts: Verdicts) -> list[tuple[int, int]]:
        """Do what `_apply` does for an alarm that is a group of its own; give the incidents merged."""
        if alarm.effect:
            return self._absorb_declared(self._settle(self.book.group(group), {}, detected_ms, verdicts), verdicts)
        alarm.incident, alarm.group, alarm.is_cause, alarm.reason = None, group, True, _AS_CAUSE
        verdicts.alarms[alarm.id] = alarm
        return []

    def _absorb_declared(self, case_id: int | None, verdicts: Verdicts) -> list[tuple[int, int]]:
        """Take over what people declared on the cause of an incident that has alarms."""
        if case_id is None or not self._peoples:
            return []
        return [self._give_away(case, case_id, verdicts) for case in self._on(self.cases[case_id].cause)]

    def _merge(self, gone: int, into: int, merged: list[tuple[int, int]], verdicts: Verdicts) -> None:
        ended = self._unbind(gone)
        if ended is None:
            return
        kept = self._case_of_group.get(into)
        if kept is None:
            kept = ended
            self._bind(into, ended)
        if kept == ended:
            return
        self.cases[ended].merged_into = kept
        verdicts.cases[ended] = self.cases.pop(ended)
        merged.append((ended, kept))

    def _settle(self, group: Group, placed: dict[int, Placement], detected_ms: int, verdicts: Verdicts) -> int | None:
        """Give the group an incident when it affects service, and its alarms their place in it; give the incident."""
        case_id = self._case_of_group.get(group.id)
        fresh = case_id is None
        if case_id is None:
            if not any(self._known[member.alarm].effect for member in group.members):
                self._note_placements(group, placed, None, verdicts)
                return None
            case_id = self._open(group, detected_ms, verdicts)
        self._update_cause(self.cases[case_id], group, verdicts)
        self._note_placements(group, None if fresh else placed, case_id, verdicts)
        return case_id

    def _open(self, group: Group, detected_ms: int, verdicts: Verdicts) -> int:
        cause = int(self.network.resource_ids[group.cause])
        again = self._settling_of(cause) or self._adopted(cause)
        if again is not None:
            self._bind(group.id, again)
            if self._peoples.pop(again, None) is not None:
                self.cases[again].adopted_ms = detected_ms
            self.cases[again].restored_ms = None
            verdicts.cases[again] = self.cases[again]
            verdicts.reopened.add(again)
            self.reopened.add(again)
            verdicts.restored.pop(again, None)
            return again
        case = Case(self._next_id, cause, group.cause_alarm is None, round(group.began_at * 1000), detected_ms)
        self._next_id += 1
        self.cases[case.id] = case
        self._bind(group.id, case.id)
        verdicts.cases[case.id] = case
        verdicts.new_cases.add(case.id)
        return case.id

    def _adopted(self, cause: int) -> int | None:
        """Return the incident that people declared on the cause before any alarm told of it: the oldest."""
        return min((case.id for case in self._on(cause)), default=None)

    def _on(self, cause: int | None) -> list[Case]:
        """List what people declared on a resource and have not ended."""
        return [case for case in self._peoples.values() if case.cause == cause and case.restored_ms is None]

    def _settling_of(self, cause: int) -> int | None:
        """Return the incident to reopen: of this cause, the one restored last. A restart must find the same."""
        waiting = [self.cases[pk] for pk in self._settling.get(cause, ()) if pk in self.cases]
        ours = [case for case in waiting if case.cause == cause]
        restored = [(case.restored_ms, case.id) for case in ours if case.restored_ms is not None]
        return max(restored)[1] if restored else None

    def _update_cause(self, case: Case, group: Group, verdicts: Verdicts) -> None:
        cause = int(self.network.resource_ids[group.cause])
        inferred = group.cause_alarm is None
        planned = all(self._known[m.alarm].planned for m in group.members)
        if case.cause != cause and case.id not in verdicts.new_cases and case.id not in verdicts.reopened:
            verdicts.revised.append(Revision(case.id, case.cause, cause, group.cause_alarm, self._ground(group)))
        if (case.cause, case.cause_inferred, case.planned) != (cause, inferred, planned):
            case.cause, case.cause_inferred, case.planned = cause, inferred, planned
            verdicts.cases[case.id] = case

    def _ground(self, group: Group) -> Mapping[str, object]:
        """Return why the cause is taken to be one: an alarm stands on it, or what hangs right below it tells."""
        if group.cause_alarm is not None:
            return _AS_CAUSE
        telling = [member for member in group.members if group.cause in (member.by, member.via)]
        return self._reason(telling[0]) if telling else {}

    def _note_placements(
        self, group: Group, placed: dict[int, Placement] | None, case_id: int | None, verdicts: Verdicts
    ) -> None:
        for member in group.members:
            if placed is not None and member.alarm not in placed:
                continue
            alarm = self._known[member.alarm]
            alarm.incident, alarm.group = case_id, group.id
            alarm.is_cause = member.alarm == group.cause_alarm
            alarm.reason = self._reason(member)
            verdicts.alarms[alarm.id] = alarm

    def _reason(self, placement: Placement) -> Mapping[str, object]:
        if placement.reason is Reason.CAUSE:
            return _AS_CAUSE
        reason: dict[str, object] = {"code": str(placement.reason), **placement.params}
        if placement.by is not None:
            reason["by"] = int(self.network.resource_ids[placement.by])
        if placement.via is not None:
            reason["via"] = int(self.network.resource_ids[placement.via])
        return reason

    def _as_seen(self, alarm: Standing) -> Alarm:
        index = self.network.index_of_resource[alarm.resource]
        return Alarm(alarm.id, index, alarm.effect, alarm.alarm_type, alarm.began_ms / 1000)
