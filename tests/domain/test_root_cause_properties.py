"""Grouping alarms under causes, on random networks and alarm stories, against a slow reading of the rules."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.impact import ImpactGraph
from mainstay.domain.root_cause import Alarm, CauseBook, Group, Placement, Reason, Regrouping, Role

E, M, L = Role.EQUIPMENT, Role.MEDIUM, Role.LINK


class World:
    """A random network with its roles, and the slow reading of the rules."""

    def __init__(self, roles: list[Role], depends: list[tuple[int, int]]) -> None:
        self.roles, self.depends = roles, sorted(set(depends))
        self.graph = ImpactGraph.from_paths(len(roles), self.depends, [])

    def book(self) -> CauseBook:
        return CauseBook(self.graph, self.roles)

    def above(self, resource: int) -> set[int]:
        return set(self.graph.ancestors([resource]).tolist())

    def joined(self) -> list[int]:
        """The ends of links: where most of the searching happens."""
        found = {end for link, role in enumerate(self.roles) if role == L for end in self.ends(link)}
        return sorted(found) or [0]

    def ends(self, link: int) -> set[int]:
        return {parent for child, parent in self.depends if child == link and self.roles[parent] == E}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any mixture: sites in sites, devices or ports as ends, media in media, links over links."""
    roles: list[Role] = []
    depends: list[tuple[int, int]] = []
    for here in range(draw(st.integers(1, 6))):
        roles.append(E)
        if here and draw(st.booleans()):
            depends.append((here, draw(st.integers(0, here - 1))))
    equipment = len(roles)
    for here in range(equipment, equipment + draw(st.integers(0, 4))):
        roles.append(M)
        if here > equipment and draw(st.booleans()):
            depends.append((here, draw(st.integers(equipment, here - 1))))
    below = len(roles)
    for here in range(below, below + draw(st.integers(0, 6))):
        roles.append(L)
        depends += [(here, end) for end in draw(st.sets(st.integers(0, equipment - 1), max_size=2))]
        if here > equipment:
            depends += [(here, other) for other in draw(st.sets(st.integers(equipment, here - 1), max_size=2))]
    return World(roles, depends)


@st.composite
def plants(draw: st.DrawFn) -> World:
    """Networks as they are built: devices, with or without ports, links between them, cables in a duct."""
    devices, with_ports = draw(st.integers(2, 5)), draw(st.booleans())
    ends = st.lists(st.integers(0, devices - 1), min_size=2, max_size=2, unique=True)
    joined = draw(st.lists(ends, min_size=1, max_size=6))
    roles: list[Role] = [E] * devices
    depends: list[tuple[int, int]] = []
    for pair in joined if with_ports else []:
        for place in (0, 1):
            depends.append((len(roles), pair[place]))
            pair[place] = len(roles)
            roles.append(E)
    duct, cables = len(roles), draw(st.integers(1, 3))
    roles += [M] * (1 + cables)
    depends += [(duct + n, duct) for n in range(1, cables + 1)]
    for pair in joined:
        medium = draw(st.one_of(st.none(), st.integers(1, cables)))
        depends += [(len(roles), parent) for parent in [*pair, *([duct + medium] if medium else [])]]
        roles.append(L)
    return World(roles, depends)


Call = tuple[list[Alarm], list[int]]


@st.composite
def stories(draw: st.DrawFn) -> tuple[World, list[Call]]:
    world = draw(st.one_of(worlds(), plants(), plants()))
    alarms = st.builds(
        Alarm,
        id=st.integers(1, 12),
        resource=st.integers(0, len(world.roles) - 1) | st.sampled_from(world.joined()),
        level=st.sampled_from([2, 2, 2, 1, 0]),
        kind=st.just("LOS"),
        raised_at=st.integers(0, 5).map(lambda step: 20.0 * step),
    )
    call = st.tuples(st.lists(alarms, max_size=6), st.lists(st.integers(1, 12), max_size=2))
    return world, draw(st.lists(call, min_size=2, max_size=6))


def tell(book: CauseBook, active: dict[int, Alarm], call: Call) -> list[Regrouping]:
    alarms, cleared = call
    active.update((alarm.id, alarm) for alarm in alarms)
    for gone in cleared:
        active.pop(gone, None)
    at = 1000.0
    return [book.add(alarms, at), book.clear(cleared, at)]


def shape(book: CauseBook) -> list[tuple[int, int | None, list[tuple[int, Reason, int | None, int | None]]]]:
    return sorted(
        (group.cause, group.cause_alarm, [(m.alarm, m.reason, m.by, m.via) for m in group.members])
        for group in book.groups()
    )


@settings(max_examples=600, deadline=None)
@given(stories())
def test_what_is_kept_equals_what_is_found_from_scratch(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    book, active = world.book(), {}
    for call in calls:
        tell(book, active, call)
        fresh = world.book()
        fresh.add([active[number] for number in sorted(active)], at=1000)
        assert shape(book) == shape(fresh)


class Reading:
    """The rules as a reader would check them: on the alarms that are active, without any memory."""

    def __init__(self, world: World, book: CauseBook, active: dict[int, Alarm]) -> None:
        self.world, self.book, self.active = world, book, active
        self.own: dict[int, tuple[int, float]] = {}
        for resource in {a.resource for a in active.values()}:
            here = [a for a in active.values() if a.resource == resource]
            worst = max(a.level for a in here)
            self.own[resource] = worst, min(a.raised_at for a in here if a.level == worst)

    def explains(self, cause: int, symptom: int) -> bool:
        soon = self.own[symptom][1] >= self.own[cause][1] - self.book.rules.window_s
        return soon and self.own[cause][0] >= max(1, self.own[symptom][0])

    def lead(self, resource: int) -> int | None:
        here = [a for a in self.active.values() if a.resource == resource]
        return min(here, key=lambda a: (-a.level, a.raised_at, a.id)).id if here else None

    def covers(self, resource: int) -> set[int]:
        """Everything alarmed above it that explains it; a link's own ends are judged apart."""
        own_ends = self.world.ends(resource) if self.world.roles[resource] == L else set()
        return {c for c in (self.world.above(resource) - own_ends) & set(self.own) if self.explains(c, resource)}

    def tops_at(self, link: int) -> list[int]:
        return [e for e in self.world.ends(link) if e in self.own and self.own[e][0] and not self.covers(e)]

    def is_true(self, group: Group, member: Placement) -> bool:
        here, by = self.active[member.alarm].resource, -1 if member.by is None else member.by
        via = -1 if member.via is None else member.via
        world, reason = self.world, member.reason
        if reason == Reason.CAUSE:
            return (here, member.alarm) == (group.cause, group.cause_alarm)
        if reason == Reason.SAME_RESOURCE:
            return here == by and member.alarm != self.lead(here)
        if reason in (Reason.CONTAINED, Reason.FED, Reason.END_FAILED):
            carried = world.roles[by] != E
            return by in world.above(here) and self.explains(by, here) and (reason == Reason.FED) == carried
        if reason == Reason.FAR_END:
            return by in world.above(via) - world.above(here) - {here} and self.explains(by, here)
        if reason == Reason.LINK_FAILED:
            return here in world.ends(via) and by in world.above(via) and world.roles[by] == M
        if reason == Reason.MOST_OF:
            return (here, by) in world.depends and self.most_fail(by)
        return self.at_the_same_time(here, by if reason == Reason.BOTH_ENDS else via)

    def at_the_same_time(self, here: int, link: int) -> bool:
        others = set(self.tops_at(link)) - {here}
        raised = self.own[here][1]
        together = any(abs(self.own[other][1] - raised) <= self.book.rules.window_s for other in others)
        return here == link or (here in self.tops_at(link) and together)

    def most_fail(self, medium: int) -> bool:
        """Enough of what runs in it alarms, has alarmed tops at its ends, or carries what does."""
        beneath = [child for child, parent in self.world.depends if parent == medium]
        failing = [child for child in beneath if self.could_fail(child)]
        return len(failing) >= max(self.book.rules.least, self.book.rules.most * len(beneath))

    def could_fail(self, resource: int) -> bool:
        if resource in self.own and self.own[resource][0]:
            return True
        if self.world.roles[resource] == L:
            return bool(self.tops_at(resource))
        return self.most_fail(resource)


@settings(max_examples=400, deadline=None)
@given(stories())
def test_every_alarm_stands_in_one_group_with_a_reason_that_is_true(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    book, active = world.book(), {}
    for call in calls:
        tell(book, active, call)
    reading = Reading(world, book, active)
    groups = book.groups()
    assert sorted(member.alarm for group in groups for member in group.members) == sorted(active)
    for group in groups:
        assert group.cause_alarm == reading.lead(group.cause)
        for member in group.members:
            assert (member.group, book.group_of(member.alarm)) == (group.id, group.id)
            assert reading.is_true(group, member), member


@settings(max_examples=400, deadline=None)
@given(stories())
def test_no_cause_could_be_explained_and_no_hop_joins_two_groups(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    book, active = world.book(), {}
    for call in calls:
        tell(book, active, call)
    reading = Reading(world, book, active)
    of_resource = {a.resource: book.group_of(a.id) for a in active.values()}
    for group in book.groups():
        assert group.cause not in reading.own or not reading.covers(group.cause)
        assert group.cause in reading.own or reading.could_fail(group.cause)
    for resource in reading.own:
        assert not reading.covers(resource) or of_resource[resource] in {
            of_resource[c] for c in reading.covers(resource)
        }
    for link in (r for r, role in enumerate(world.roles) if role == L):
        tops = sorted(reading.tops_at(link), key=lambda top: reading.own[top][1])
        reasons_of = {book.placement(reading.lead(top) or 0).reason for top in tops}
        alone = not reading.world.above(link) - set().union(*(reading.world.above(t) | {t} for t in tops)) & set(
            reading.own
        )
        near = len(tops) == 2 and reading.own[tops[1]][1] - reading.own[tops[0]][1] <= book.rules.window_s
        if near and alone and link not in reading.own and not reasons_of & {Reason.FAR_END, Reason.LINK_FAILED}:
            assert len({of_resource[top] for top in tops}) == 1


@settings(max_examples=300, deadline=None)
@given(stories())
def test_the_news_of_each_call_retells_the_book(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    book = world.book()
    causes: dict[int, tuple[int, int | None]] = {}
    where: dict[int, Placement] = {}
    for alarms, cleared in calls:
        for turn in range(2):
            change = book.clear(cleared, 1000.0) if turn else book.add(alarms, 1000.0)
            ended = {old for old, _ in change.merged} | set(change.closed)
            assert ended <= set(causes)
            assert not set(change.opened) & set(causes)
            assert all(old > survivor for old, survivor in change.merged)
            assert {new for new, _ in change.split} <= set(change.opened)
            now = {group.id: (group.cause, group.cause_alarm) for group in book.groups()}
            assert set(now) == (set(causes) - ended) | set(change.opened)
            assert {survivor for _, survivor in change.merged} <= set(now)
            assert set(change.recaused) == {g for g in set(now) & set(causes) if now[g] != causes[g]}
            causes = now
            where.update((placement.alarm, placement) for placement in change.placed)
            standing = {m.alarm: m for group in book.groups() for m in group.members}
            assert {number: where[number] for number in standing} == standing


@settings(max_examples=100, deadline=None)
@given(stories())
def test_the_same_calls_give_the_same_groups(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    one, other = world.book(), world.book()
    assert [tell(one, {}, call) for call in calls] == [tell(other, {}, call) for call in calls]
    assert one.groups() == other.groups()


class LongWay(CauseBook):
    """A book that takes the long way for what stands alone, too."""

    def _is_new_alone(self, alarm: Alarm) -> bool:
        return False

    def _is_last_alone(self, alarm: int) -> bool:
        return False


@settings(max_examples=600, deadline=None)
@given(stories())
def test_the_short_way_for_what_stands_alone_leads_to_the_same(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    short, long = world.book(), LongWay(world.graph, world.roles)
    for alarms, cleared in calls:
        for alarm in alarms:
            assert short.add([alarm], at=1000) == long.add([alarm], at=1000)
        for gone in cleared:
            assert short.clear([gone], at=1000) == long.clear([gone], at=1000)
        assert short.groups() == long.groups()


@settings(max_examples=500, deadline=None)
@given(stories(), st.data())
def test_a_changed_network_is_grouped_like_a_new_one_and_groups_stay(
    story: tuple[World, list[Call]], data: st.DataObject
) -> None:
    world, calls = story
    graph, active = world.graph, dict[int, Alarm]()
    book = CauseBook(graph, world.roles)
    for call in calls:
        tell(book, active, call)
        before = book.groups()
        assert moved(book, graph, world, {r: [p for c, p in world.depends if c == r] for r in range(3)}) == Regrouping()
        assert book.groups() == before
        world, parents = data.draw(altered(world))
        moved(book, graph, world, parents)
        fresh = world.book()
        fresh.add([active[number] for number in sorted(active)], at=1000)
        assert shape(book) == shape(fresh)
        assert sum(len(group.members) for group in book.groups()) == len(active)


@st.composite
def altered(draw: st.DrawFn, world: World) -> tuple[World, dict[int, list[int]]]:
    """Hang some resources elsewhere, add a link or a port; nothing comes to depend on what has a higher number."""
    roles = [*world.roles, *draw(st.lists(st.sampled_from([E, M, L]), max_size=2))]
    chosen = draw(st.sets(st.integers(0, len(roles) - 1), max_size=3)) | set(range(len(world.roles), len(roles)))
    parents: dict[int, list[int]] = {}
    for child in sorted(chosen):
        fit = [r for r in range(child) if roles[child] == L or roles[r] == roles[child]]
        parents[child] = sorted(draw(st.sets(st.sampled_from(fit), max_size=3))) if fit else []
    depends = [pair for pair in world.depends if pair[0] not in parents]
    depends += [(child, parent) for child, above in parents.items() for parent in above]
    return World(roles, depends), parents


def moved(book: CauseBook, graph: ImpactGraph, world: World, parents: dict[int, list[int]]) -> Regrouping:
    known = {child: above for child, above in parents.items() if child < len(world.roles)}
    change = graph.plan(resources=len(world.roles), parents=known)
    book.let_go(change)
    graph.apply(change)
    return book.take_up(change, world.roles, 3000.0)


@settings(max_examples=300, deadline=None)
@given(stories())
def test_a_book_that_is_written_down_and_read_again_goes_on_the_same(story: tuple[World, list[Call]]) -> None:
    world, calls = story
    book, again, active = world.book(), world.book(), dict[int, Alarm]()
    for call in calls:
        kept = tell(book, active, call)
        assert tell(again, {}, call) == kept
        where = {member.alarm: group.id for group in book.groups() for member in group.members}
        again = world.book()
        for number in sorted(active):
            again.add([active[number]], at=1000.0)
        again.recall(where, book._ledger.next_group)
        assert again.groups() == book.groups()
