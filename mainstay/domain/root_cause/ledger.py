"""Which group is this still, after its tree changed? Trees of symptoms under causes, and the identity of each.

A tree is a group. An alarmed resource always stands in a tree; an inferred one only while something stands under it.
When trees join, the oldest group survives; when one comes apart, the part with its old root keeps the group, or, with
that gone, the part whose alarm is earliest.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mainstay.domain.root_cause.facts import Facts, Pointer, put


@dataclass(slots=True)
class Move:
    """What one call did: groups that began, joined, came apart, ended; resources to be placed anew."""

    opened: list[int] = field(default_factory=list)
    merged: list[tuple[int, int]] = field(default_factory=list)
    split: list[tuple[int, int]] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    roots: set[int] = field(default_factory=set)
    restated: set[int] = field(default_factory=set)


class Ledger:
    """The trees and their groups; `group_of[resource]`, `root_of[group]`, `opened_at[group]`."""

    def __init__(self, facts: Facts, next_group: int) -> None:
        """Begin without trees."""
        self.facts = facts
        self.next_group = next_group
        self.pointers: dict[int, Pointer] = {}
        self.children: dict[int, set[int]] = {}
        self.group_of: dict[int, int] = {}
        self.root_of: dict[int, int] = {}
        self.opened_at: dict[int, float] = {}
        self._size: dict[int, int] = {}
        self._moved: set[int] = set()

    def settle(self, stirred: Iterable[int], at: float) -> Move:
        """Replant the stirred resources and name the trees they stand in."""
        move = Move()
        self._moved = set()
        for resource in sorted(stirred):
            self._replant(resource, move)
        emptied = {self.group_of[r] for r in self._moved if r in self.group_of and not self._lives(r)}
        for resource in [r for r in self._moved if not self._lives(r)]:
            self._label(resource, None)
        self._name(sorted(r for r in self._moved if self._lives(r)), move, at)
        joined = dict(move.merged)
        gone = {group for group in emptied | set(joined) if not self._size.get(group)}
        move.closed = sorted(gone - set(joined))
        for group in gone:
            del self.root_of[group], self.opened_at[group], self._size[group]
        return move

    def plant(self, resource: int, at: float) -> int:
        """Begin the group of a resource that is alone and stood in no tree; what `settle` would do."""
        group = self.next_group
        self.next_group += 1
        self.opened_at[group], self.root_of[group] = at, resource
        self.group_of[resource], self._size[group] = group, 1
        return group

    def fell(self, resource: int) -> int:
        """End the group of a resource that is alone and alarms no more; what `settle` would do."""
        group = self.group_of.pop(resource)
        del self.root_of[group], self.opened_at[group], self._size[group]
        return group

    def rename(self, known: Mapping[int, Counter[int]], next_group: int) -> None:
        """Give the trees (by root) the ids their alarms remember, as often as the counters say; see CauseBook."""
        opened = {root: self.opened_at[group] for group, root in self.root_of.items()}
        taken: dict[int, int] = {}
        given: set[int] = set()
        claims = [(-count, group, root) for root, names in known.items() for group, count in names.items()]
        for _, group, root in sorted(claims):
            if group not in given and root not in taken:
                taken[root] = group
                given.add(group)
        self.next_group = max([next_group, *(group + 1 for group in taken.values())])
        for root in sorted(known):
            if root not in taken:
                taken[root], self.next_group = self.next_group, self.next_group + 1
        self.group_of, self._size = {}, {}
        for root, group in taken.items():
            for resource in self.tree(root):
                self._label(resource, group)
        self.root_of = {group: root for root, group in taken.items()}
        self.opened_at = {group: opened[root] for root, group in taken.items()}

    def root(self, resource: int) -> int:
        """Give the resource at the top of the tree."""
        while resource in self.pointers:
            resource = self.pointers[resource].parent
        return resource

    def tree(self, root: int) -> list[int]:
        """List the resources under `root`, itself first."""
        return self._walk(root, lambda _: True)

    def _lives(self, resource: int) -> bool:
        return resource in self.facts.own or resource in self.children

    def _replant(self, resource: int, move: Move) -> None:
        waiting = [resource]
        while waiting:
            here = waiting.pop()
            lives = self._lives(here)
            old, new = self.pointers.get(here), self.facts.pointer(here) if lives else None
            if lives != (here in self.group_of):
                self._moved.add(here)
            if old == new:
                continue
            move.restated.add(here)
            put(self.pointers, here, new)
            waiting += self._rehang(here, old.parent if old else None, new.parent if new else None)

    def _rehang(self, resource: int, old: int | None, new: int | None) -> list[int]:
        """Move a tree from one parent to another; give the parents that thereby began or ceased to live."""
        if old == new:
            return []
        self._moved.add(resource)
        stirred = []
        if old is not None:
            self.children[old].discard(resource)
            if not self.children[old]:
                del self.children[old]
                stirred.append(old)
        if new is not None:
            if new not in self.children:
                stirred.append(new)
            self.children.setdefault(new, set()).add(resource)
        return stirred

    def _name(self, moved: list[int], move: Move, at: float) -> None:
        """Give each tree with a moved part its group: the oldest it owns, else a new one."""
        parts: dict[int, list[int]] = {}
        for resource in moved:
            parts.setdefault(self.root(resource), []).append(resource)
        claims: dict[int, list[tuple[float, int, int]]] = {}
        for root, pieces in parts.items():
            for piece in {root, *pieces}:
                if piece in self.group_of:
                    raised = self.facts.own.get(piece, (0, float("inf")))[1]
                    claims.setdefault(self.group_of[piece], []).append((raised, piece, root))
        owned: dict[int, list[int]] = {}
        claimed: dict[int, list[int]] = {}
        for group in sorted(claims):
            old_root = self.root_of[group]
            keeps = old_root in self.group_of and self.group_of[old_root] == group
            owned.setdefault(self.root(old_root) if keeps else min(claims[group])[2], []).append(group)
            for root in {claim[2] for claim in claims[group]}:
                claimed.setdefault(root, []).append(group)
        for root in sorted(parts):
            group = self._group_for(root, owned.get(root, []), claimed.get(root, []), move, at)
            for piece in {root, *parts[root]}:
                self._relabel(piece, group, move)
            self.root_of[group] = root
            move.roots.add(root)

    def _group_for(self, root: int, owned: list[int], claimed: list[int], move: Move, at: float) -> int:
        if owned:
            move.merged += [(group, owned[0]) for group in owned[1:]]
            return owned[0]
        group = self.next_group
        self.next_group += 1
        self.opened_at[group], self.root_of[group] = at, root
        move.opened.append(group)
        if claimed:
            move.split.append((group, claimed[0]))
        return group

    def _relabel(self, piece: int, group: int, move: Move) -> None:
        before = self.group_of.get(piece)
        if before == group:
            return
        for resource in self._walk(piece, lambda child: self.group_of.get(child) == before):
            self._label(resource, group)
            move.restated.add(resource)

    def _label(self, resource: int, group: int | None) -> None:
        before = self.group_of.get(resource)
        if before is not None:
            self._size[before] -= 1
        if group is not None:
            self._size[group] = self._size.get(group, 0) + 1
        put(self.group_of, resource, group)

    def _walk(self, start: int, enters: Callable[[int], bool]) -> list[int]:
        found = [start]
        for resource in found:
            found += [child for child in sorted(self.children.get(resource, ())) if enters(child)]
        return found
