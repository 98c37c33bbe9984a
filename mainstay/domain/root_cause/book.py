"""The causes that stand, kept current as alarms come and go, late ones included.

Each alarmed resource points to the resource that explains it (`facts`), so the alarms form trees; a tree is a group,
its root the cause (`ledger`). Every alarm that can be explained is, so there are as few causes as the rules allow.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from numpy.typing import ArrayLike

from mainstay.domain.errors import NotFound, msgid
from mainstay.domain.impact import GraphChange, ImpactGraph
from mainstay.domain.root_cause.facts import Facts, Own, Pointer
from mainstay.domain.root_cause.groups import Alarm, Group, Placement, Reason, Regrouping, Rules
from mainstay.domain.root_cause.layout import Layout
from mainstay.domain.root_cause.ledger import Ledger, Move


class CauseBook:
    """Mutable; owned by one thread. The same calls in the same order give the same groups with the same ids.

    A call costs what the neighbourhood of its alarms costs, however many others stand. Around an inventory change
    call `let_go` and `take_up`. After a restart add the active alarms and then tell their groups with `recall`.
    """

    def __init__(
        self, graph: ImpactGraph, roles: ArrayLike, rules: Rules | None = None, *, next_group: int = 1
    ) -> None:
        """Begin empty. `roles`: the Role of each resource. `next_group`: id of the first group to be opened."""
        self.rules = rules or Rules()
        self._layout = Layout(graph, roles)
        self._facts = Facts(self._layout, self.rules)
        self._ledger = Ledger(self._facts, next_group)
        self._alarms: dict[int, Alarm] = {}
        self._on: dict[int, set[int]] = {}
        self._placed: dict[int, Placement] = {}
        self._causes: dict[int, tuple[int, int | None]] = {}
        self._hanging: dict[int, Own] = {}
        self._loosened: set[int] = set()

    def add(self, alarms: Iterable[Alarm], at: float) -> Regrouping:
        """Take in raised alarms; an id already active is replaced by the newer record. `at` in seconds.

        Raises NotFound on a resource that does not exist; nothing is changed then.
        """
        raised = list(alarms)
        if len(raised) == 1 and (group := self.plant(raised[0], at)) is not None:
            return Regrouping(opened=(group,), placed=(self._placed[raised[0].id],))
        for alarm in raised:
            if not 0 <= alarm.resource < len(self._layout.roles):
                raise NotFound(
                    msgid("Alarm {alarm} is on resource {resource}, which does not exist."),
                    alarm=alarm.id,
                    resource=alarm.resource,
                )
        touched = set()
        for alarm in raised:
            touched |= {self._forget(alarm.id), alarm.resource}
            self._alarms[alarm.id] = alarm
            self._on.setdefault(alarm.resource, set()).add(alarm.id)
        return self._settle({resource for resource in touched if resource is not None}, at)

    def recall(self, groups: Mapping[int, int], next_group: int) -> None:
        """Give groups back the ids they had before a restart: `groups` says by active alarm which it was in.

        The same alarms stand in the same trees, so each tree takes the id most of its alarms had, the oldest of several
        such; where that is taken, or nobody knows one, it gets a new one, from `next_group` on.
        """
        self._ledger.rename(
            {
                root: Counter(groups[a] for r in self._ledger.tree(root) for a in self._on.get(r, ()) if a in groups)
                for root in self._ledger.root_of.values()
            },
            next_group,
        )
        self._causes = {group: (root, self._lead(root)) for group, root in self._ledger.root_of.items()}
        self._placed = {alarm: self.placement(alarm) for alarm in self._alarms}

    def clear(self, alarms: Iterable[int], at: float) -> Regrouping:
        """Take out alarms by id; ids that are not active are ignored. What loses its cause is regrouped."""
        ended = list(alarms)
        if len(ended) == 1 and self._is_last_alone(ended[0]):
            return self._clear_alone(ended[0])
        touched = [self._forget(alarm) for alarm in ended]
        return self._settle({resource for resource in touched if resource is not None}, at)

    def _is_new_alone(self, alarm: Alarm) -> bool:
        """Say whether this is the first alarm on a resource that has nothing to do with any other alarmed one."""
        resource = alarm.resource
        return (
            0 <= resource < len(self._layout.roles)
            and resource not in self._ledger.group_of
            and alarm.id not in self._alarms
            and self._facts.alone(resource)
        )

    def plant(self, alarm: Alarm, at: float) -> int | None:
        """Take in an alarm that stands alone and give its group, all of which it is; else do nothing: `add` it then.

        The same as `_settle`, several times as fast.
        """
        if not self._is_new_alone(alarm):
            return None
        resource = alarm.resource
        self._alarms[alarm.id] = alarm
        self._on[resource] = {alarm.id}
        self._facts.set_alone(resource, (alarm.level, alarm.raised_at))
        group = self._ledger.plant(resource, at)
        self._causes[group] = resource, alarm.id
        self._placed[alarm.id] = Placement(alarm.id, group, Reason.CAUSE)
        return group

    def _is_last_alone(self, alarm: int) -> bool:
        """Say whether this is the only alarm on a resource that has nothing to do with any other alarmed one."""
        known = self._alarms.get(alarm)
        return known is not None and len(self._on[known.resource]) == 1 and self._facts.alone(known.resource)

    def _clear_alone(self, alarm: int) -> Regrouping:
        """Take out such an alarm: the same as `_settle`, several times as fast."""
        resource = self._alarms.pop(alarm).resource
        del self._on[resource], self._placed[alarm]
        self._facts.set_alone(resource, None)
        group = self._ledger.fell(resource)
        self._causes.pop(group, None)
        return Regrouping(closed=(group,))

    def let_go(self, change: GraphChange) -> None:
        """Prepare for a change the graph is about to apply: forget what follows from the parts that change.

        `take_up` must come next, after the graph has applied it.
        """
        hanging = self._facts.hangs_on(change.stirred.tolist())
        self._hanging = {resource: self._facts.own[resource] for resource in hanging}
        self._loosened = self._facts.settle(dict.fromkeys(hanging)) if hanging else set()

    def take_up(self, change: GraphChange, roles: ArrayLike, at: float) -> Regrouping:
        """Go on with the changed network, keeping alarms and groups; costs what hangs on the changed parts.

        `roles`: of all resources, new ones appended. Raises Refused as the constructor.
        """
        self._layout.follow(roles, change.stirred.tolist())
        stirred = self._loosened | (self._facts.settle(self._hanging) if self._hanging else set())
        regrouping = self._told(self._ledger.settle(stirred, at), set(self._hanging))
        self._hanging, self._loosened = {}, set()
        return regrouping

    def groups(self) -> list[Group]:
        """List the groups that stand, by id."""
        return [self.group(group) for group in sorted(self._ledger.root_of)]

    def group(self, group: int) -> Group:
        """Give one group that stands, its members by alarm id; raises NotFound."""
        if group not in self._ledger.root_of:
            raise NotFound(msgid("Group {group} does not stand any more."), group=group)
        root = self._ledger.root_of[group]
        if root not in self._ledger.children and len(self._on[root]) == 1:
            return self._of_one(group, root)
        alarms = [alarm for resource in self._ledger.tree(root) for alarm in self._on.get(resource, ())]
        return Group(
            id=group,
            cause=root,
            cause_alarm=self._lead(root),
            members=tuple(self.placement(alarm) for alarm in sorted(alarms)),
            opened_at=self._ledger.opened_at[group],
            began_at=min(self._alarms[alarm].raised_at for alarm in alarms),
        )

    def _of_one(self, group: int, root: int) -> Group:
        """Give a group of one alarm."""
        (alarm,) = self._on[root]
        member = self._placed[alarm]
        return Group(group, root, alarm, (member,), self._ledger.opened_at[group], self._alarms[alarm].raised_at)

    def group_of(self, alarm: int) -> int | None:
        """Give the group of an active alarm; None when it is not active."""
        known = self._alarms.get(alarm)
        return None if known is None else self._ledger.group_of[known.resource]

    def placement(self, alarm: int) -> Placement:
        """Say where an active alarm stands and why; raises NotFound."""
        if alarm not in self._alarms:
            raise NotFound(msgid("Alarm {alarm} is not active."), alarm=alarm)
        resource = self._alarms[alarm].resource
        group = self._ledger.group_of[resource]
        if alarm != self._lead(resource):
            return Placement(alarm, group, Reason.SAME_RESOURCE, by=resource)
        pointer = self._ledger.pointers.get(resource)
        return Placement(alarm, group, Reason.CAUSE) if pointer is None else self._stated(alarm, group, pointer)

    def _stated(self, alarm: int, group: int, pointer: Pointer) -> Placement:
        """Say it so that it names what the reader can see: not a link that is itself explained by its other end."""
        reason, by, via = pointer.reason, pointer.by, pointer.via
        above = self._ledger.pointers.get(pointer.parent)
        if reason == Reason.BOTH_ENDS and above is not None and above.reason == Reason.NEIGHBOUR:
            reason, by, via = Reason.NEIGHBOUR, above.by, pointer.parent
        params: dict[str, float] = {"window_s": self.rules.window_s}
        if reason == Reason.MOST_OF:
            members = self._facts.inferred[by].members
            params |= {"failing": len(members), "of": self._layout.dependants(by)}
        return Placement(alarm, group, reason, by, via, params)

    def _forget(self, alarm: int) -> int | None:
        """Take an alarm out; give the resource it was on."""
        known = self._alarms.pop(alarm, None)
        if known is None:
            return None
        self._placed.pop(alarm, None)
        on = self._on[known.resource]
        on.discard(alarm)
        if not on:
            del self._on[known.resource]
        return known.resource

    def _lead(self, resource: int) -> int | None:
        """Give the earliest of the worst alarms on a resource: it speaks for the resource."""
        alarms = [self._alarms[alarm] for alarm in self._on.get(resource, ())]
        lead = min(alarms, key=lambda alarm: (-alarm.level, alarm.raised_at, alarm.id), default=None)
        return None if lead is None else lead.id

    def _own(self, resource: int) -> Own | None:
        alarms = [self._alarms[alarm] for alarm in self._on.get(resource, ())]
        if not alarms:
            return None
        worst = max(alarm.level for alarm in alarms)
        return worst, min(alarm.raised_at for alarm in alarms if alarm.level == worst)

    def _settle(self, touched: set[int], at: float) -> Regrouping:
        own = {resource: self._own(resource) for resource in touched}
        changed = {resource: fact for resource, fact in own.items() if fact != self._facts.own.get(resource)}
        stirred = self._facts.settle(changed) if changed else set()
        return self._told(self._ledger.settle(stirred, at), touched)

    def _told(self, move: Move, touched: set[int]) -> Regrouping:
        return Regrouping(
            opened=tuple(move.opened),
            merged=tuple(sorted(move.merged)),
            split=tuple(sorted(move.split)),
            closed=tuple(move.closed),
            recaused=self._recaused(move, touched),
            placed=self._replaced(move.restated | touched),
        )

    def _recaused(self, move: Move, touched: set[int]) -> tuple[int, ...]:
        for ended in [*move.closed, *(merged for merged, _ in move.merged)]:
            self._causes.pop(ended, None)
        found = []
        for root in move.roots | touched:
            group = self._ledger.group_of.get(root)
            if group is None or self._ledger.root_of[group] != root:
                continue
            cause = (root, self._lead(root))
            if self._causes.get(group, cause) != cause:
                found.append(group)
            self._causes[group] = cause
        return tuple(sorted(found))

    def _replaced(self, restated: set[int]) -> tuple[Placement, ...]:
        around = restated.union(*(self._ledger.children.get(resource, ()) for resource in restated))
        alarms = sorted(alarm for resource in around for alarm in self._on.get(resource, ()))
        anew = [now for alarm in alarms if (now := self.placement(alarm)) != self._placed.get(alarm)]
        self._placed.update((placement.alarm, placement) for placement in anew)
        return tuple(anew)
