"""What do the alarms that stand say about each resource near them? Each fact follows from its neighbourhood alone.

In this order, so that nothing depends on itself:
own      the worst level of the alarms on a resource and the earliest `raised_at` at that level (an old minor alarm
does not
         hide that something new broke).
cover    the alarmed resource above that explains it: at least as bad, and not raised more than the window later. For
a link its
         own ends do not count here. Equipment that alarms with an effect and has no cover is a *top*.
far      for a top at the end of a link: the alarmed medium under that link, or equipment around its other end, that
explains it
         and was raised within the window. Its last cover must not itself be the end of a link.
pair     the tops at the ends of a link that were raised within one window, when none is explained by `far` through
this link
         and the link has no cover. Two make the link suspect.
began    since when a link or medium is taken to fail: by its own alarm, its pair, the one alarmed end that has no
other link,
         or because it is inferred; not when something alarmed explains it.
inferred a medium of whose direct dependants enough (Rules.least, Rules.most) began to fail within one window.
chosen   what a top stands under: `far` if any, else the best of its suspect links (those in inferred media first,
then the
         earliest). Links are in one total order and each top takes its best, so the chain from pair to pair ends.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from mainstay.domain.root_cause.groups import Reason, Role, Rules
from mainstay.domain.root_cause.layout import Layout

T = TypeVar("T")
Own = tuple[int, float]
"""Worst level, earliest raised_at at that level."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Under which resource one stands, and why; see Reason for `by` and `via`."""

    parent: int
    reason: Reason
    by: int
    via: int | None = None


@dataclass(frozen=True, slots=True)
class LinkFact:
    """The pair at a link's ends (empty: none) and since when the link is taken to fail (None: it is not)."""

    pair: frozenset[int]
    began: float | None


@dataclass(frozen=True, slots=True)
class Inferred:
    """The dependants of an inferred medium that fail together, and since when."""

    members: frozenset[int]
    began: float


class Facts:
    """The facts, kept current; `settle` computes again only what the changed resources can reach."""

    def __init__(self, layout: Layout, rules: Rules) -> None:
        """Begin without alarms."""
        self.layout = layout
        self.rules = rules
        self.own: dict[int, Own] = {}
        self.cover: dict[int, int] = {}
        self.links: dict[int, LinkFact] = {}
        self.inferred: dict[int, Inferred] = {}
        self.chosen: dict[int, Pointer] = {}
        self._near: defaultdict[int, set[int]] = defaultdict(set)
        self._evident: dict[int, dict[int, float]] = {}

    def settle(self, changed: Mapping[int, Own | None]) -> set[int]:
        """Take in new own facts (None: no alarm any more); give the resources whose pointer may have changed."""
        touched = set(changed)
        for resource, own in changed.items():
            self._set_own(resource, own)
        around = touched.union(*(self._near.get(resource, ()) for resource in touched))
        for resource in around:
            put(self.cover, resource, self._find_cover(resource))
        layout = self.layout
        links = {r for r in around if layout.roles[r] == Role.LINK}.union(*(layout.links(r) for r in around))
        for link in links:
            put(self.links, link, self._find_link(link))
        media = {r for r in around if layout.roles[r] == Role.MEDIUM}
        stirred = self._settle_media(links | media)
        links |= {r for r in stirred if layout.roles[r] == Role.LINK}
        tops = around.union(*(layout.ends(link) for link in links))
        for top in tops:
            put(self.chosen, top, self._choose(top))
        wider = links.union(*(layout.links(top) for top in tops))
        return tops.union(stirred, media, wider, *(layout.ends(link) for link in wider))

    def alone(self, resource: int) -> bool:
        """Say whether a resource has no link, and nothing else that alarms lies above it or hangs below it.

        Its alarms then speak of nothing but itself, and nothing else speaks of it.
        """
        layout = self.layout
        if layout.roles[resource] != Role.EQUIPMENT or layout.links(resource):
            return False
        near = self._near.get(resource)
        if near is not None and (len(near) > 1 or resource not in near):
            return False
        return self.own.keys().isdisjoint(layout.above(resource))

    def set_alone(self, resource: int, own: Own | None) -> None:
        """Take in the own fact of a resource that is alone: nothing follows from it, see `settle`."""
        known = resource in self.own
        put(self.own, resource, own)
        if known != (own is not None):
            self._watch(resource, self.layout.above(resource), own)

    def hangs_on(self, resources: Iterable[int]) -> set[int]:
        """List the alarmed resources whose facts may follow from what lies around `resources`."""
        return set().union(*(self._near.get(resource, ()) for resource in resources))

    def pointer(self, resource: int) -> Pointer | None:
        """Say under what `resource` stands, given the facts; None: it is a cause."""
        by = self.cover.get(resource)
        if by is not None:
            return Pointer(by, self._why_covered(resource, by), by)
        role = self.layout.roles[resource]
        if role == Role.EQUIPMENT:
            chosen = self.chosen.get(resource)
            return None if chosen is None or self._hub(chosen.parent) == resource else chosen
        medium = self.serving(resource)
        if medium is not None:
            return Pointer(medium, Reason.MOST_OF, medium)
        return self._link_pointer(resource) if role == Role.LINK else None

    def serving(self, resource: int) -> int | None:
        """Give the inferred medium that explains a link or medium, the one with most members first."""
        found = [m for m in self.layout.media(resource) if m in self.inferred and resource in self.inferred[m].members]
        return min(found, key=lambda m: (-len(self.inferred[m].members), self.inferred[m].began, m), default=None)

    def _set_own(self, resource: int, own: Own | None) -> None:
        known = resource in self.own
        put(self.own, resource, own)
        if known == (own is not None):
            return
        layout = self.layout
        watched = set(layout.above(resource))
        for link in layout.links(resource):
            watched |= {link, *layout.above(link)}
        self._watch(resource, watched - {resource}, own)

    def _watch(self, resource: int, others: Iterable[int], own: Own | None) -> None:
        """Note that a resource lies near itself and these others while it alarms."""
        near = self._near
        for other in (resource, *others):
            if own is not None:
                near[other].add(resource)
                continue
            near[other].discard(resource)
            if not near[other]:
                del near[other]

    def _explains(self, cause: int, symptom: int) -> bool:
        if cause not in self.own:
            return False
        level, raised = self.own[cause]
        return level >= max(1, self.own[symptom][0]) and self.own[symptom][1] >= raised - self.rules.window_s

    def _first(self, causes: Iterable[int]) -> int | None:
        return min(causes, key=lambda cause: (self.own[cause][1], self.layout.rank(cause), cause), default=None)

    def _find_cover(self, resource: int) -> int | None:
        if resource not in self.own:
            return None
        above = self.layout.above(resource)
        if self.layout.roles[resource] == Role.LINK:
            above = above - self.layout.ends(resource)
        return self._first(cause for cause in above if self._explains(cause, resource))

    def _why_covered(self, resource: int, by: int) -> Reason:
        if self.layout.roles[by] != Role.EQUIPMENT:
            return Reason.FED
        return Reason.END_FAILED if self.layout.roles[resource] == Role.LINK else Reason.CONTAINED

    def _is_top(self, resource: int) -> bool:
        return resource in self.own and self.own[resource][0] > 0 and resource not in self.cover

    def _far(self, top: int, link: int) -> int | None:
        layout = self.layout
        around = layout.above(link) - layout.ends(link) - layout.above(top) - {top}
        return self._first(
            cause
            for cause in around
            if self._explains(cause, top)
            and self.own[top][1] <= self.own[cause][1] + self.rules.window_s
            and layout.roles[cause] != Role.LINK
            and self._stands_alone(cause)
        )

    def _stands_alone(self, cause: int) -> bool:
        while cause in self.cover:
            cause = self.cover[cause]
        return self.layout.roles[cause] != Role.LINK and not self.layout.links(cause)

    def _find_link(self, link: int) -> LinkFact | None:
        """Judge the pair and the begin of a link; None when nothing speaks of it."""
        if link in self.cover:
            return None
        tops = [end for end in self.layout.ends(link) if self._is_top(end)]
        raised = {end: self.own[end][1] for end in tops if self._far(end, link) is None}
        pair = densest(raised, self.rules.window_s) if len(raised) == len(tops) else frozenset()
        pair = pair if len(pair) > 1 else frozenset()
        began = None
        if self.own.get(link, (0, 0.0))[0]:
            began = self.own[link][1]
        elif pair:
            began = min(raised[end] for end in pair)
        else:
            lone = [raised[end] for end in raised if len(self.layout.links(end)) == 1]
            began = min(lone) if lone and len(raised) == len(tops) else None
        return LinkFact(pair, began) if pair or began is not None else None

    def _settle_media(self, below: set[int]) -> set[int]:
        """Carry what began to fail upward through the media; give all whose serving medium may have changed."""
        stirred: set[int] = set()
        waiting = set(below)
        while waiting:
            deepest = max(self.layout.rank(resource) for resource in waiting)
            layer = {resource for resource in waiting if self.layout.rank(resource) == deepest}
            waiting -= layer
            for resource in layer:
                if self.layout.roles[resource] == Role.MEDIUM:
                    stirred |= self._infer(resource)
                began = self._began(resource)
                for medium in self.layout.media(resource):
                    evident = self._evident.setdefault(medium, {})
                    if evident.get(resource) != began:
                        put(evident, resource, began)
                        waiting.add(medium)
                    if not evident:
                        del self._evident[medium]
        return stirred

    def _began(self, resource: int) -> float | None:
        if self.layout.roles[resource] == Role.LINK:
            fact = self.links.get(resource)
            return None if fact is None else fact.began
        if self._is_top(resource):
            return self.own[resource][1]
        found = self.inferred.get(resource)
        return None if found is None or resource in self.cover else found.began

    def _infer(self, medium: int) -> set[int]:
        evident = self._evident.get(medium, {})
        members = densest(evident, self.rules.window_s)
        enough = max(self.rules.least, self.rules.most * self.layout.dependants(medium))
        new = Inferred(members, min(evident[m] for m in members)) if len(members) >= enough else None
        old = self.inferred.get(medium)
        if new == old:
            return set()
        put(self.inferred, medium, new)
        return {medium, *(old.members if old else ()), *(new.members if new else ())}

    def _choose(self, top: int) -> Pointer | None:
        if not self._is_top(top) or self.layout.roles[top] != Role.EQUIPMENT:
            return None
        far = {cause: link for link in reversed(self.layout.links(top)) if (cause := self._far(top, link)) is not None}
        cause = self._first(far)
        if cause is not None:
            equipment = self.layout.roles[cause] == Role.EQUIPMENT
            return Pointer(cause, Reason.FAR_END if equipment else Reason.LINK_FAILED, cause, far[cause])
        suspects = [link for link in self.layout.links(top) if self._suspects(top, link)]
        if not suspects:
            return None
        link = min(suspects, key=self._order)
        medium = self.serving(link)
        if top in self.links[link].pair or medium is None:
            return Pointer(link, Reason.BOTH_ENDS, link)
        return Pointer(link, Reason.LINK_FAILED, medium, link)

    def _suspects(self, top: int, link: int) -> bool:
        fact = self.links.get(link)
        if fact is None or fact.began is None:
            return False
        soon = abs(self.own[top][1] - fact.began) <= self.rules.window_s
        return top in fact.pair or (soon and self.serving(link) is not None)

    def _order(self, link: int) -> tuple[bool, float, int]:
        began = self.links[link].began
        return self.serving(link) is None, 0.0 if began is None else began, link

    def _link_pointer(self, link: int) -> Pointer | None:
        fact = self.links.get(link)
        if fact is not None and fact.pair:
            elsewhere = [end for end in fact.pair if self._elsewhere(end, link)]
            by = self._first(elsewhere) if elsewhere else self._hub(link)
            return None if by is None else Pointer(by, Reason.NEIGHBOUR, by, link)
        if link not in self.own:
            return None
        by = self._first(end for end in self.layout.ends(link) if self._explains(end, link))
        return None if by is None else Pointer(by, Reason.END_FAILED, by)

    def _elsewhere(self, end: int, link: int) -> bool:
        chosen = self.chosen.get(end)
        return chosen is not None and chosen.parent != link

    def _hub(self, link: int) -> int | None:
        """Give the end that is the cause in place of its link: most of its links, three or more, have a pair."""
        fact = self.links.get(link)
        if fact is None or not fact.pair or self.serving(link) is not None:
            return None
        if any(self._elsewhere(end, link) for end in fact.pair):
            return None
        pairs = {end: self._pairs_at(end) for end in fact.pair}
        hubs = [end for end, n in pairs.items() if n >= max(3, self.rules.most * len(self.layout.links(end)))]
        return min(hubs, key=lambda end: (-pairs[end], self.own[end][1], end), default=None)

    def _pairs_at(self, end: int) -> int:
        facts = (self.links.get(link) for link in self.layout.links(end))
        return sum(fact is not None and end in fact.pair for fact in facts)


def densest(instants: Mapping[int, float], window_s: float) -> frozenset[int]:
    """Give the most keys whose instants lie within one window; of several such sets the earliest."""
    ordered = sorted(instants, key=lambda key: (instants[key], key))
    best, first = (0, 0), 0
    for last, key in enumerate(ordered):
        while instants[key] - instants[ordered[first]] > window_s:
            first += 1
        if last + 1 - first > best[1] - best[0]:
            best = (first, last + 1)
    return frozenset(ordered[best[0] : best[1]])


def put(facts: dict[int, T], key: int, value: T | None) -> None:
    """Note a fact, or forget it when there is none."""
    if value is None:
        facts.pop(key, None)
    else:
        facts[key] = value
