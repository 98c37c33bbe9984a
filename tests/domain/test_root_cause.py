"""Grouping alarms under causes: scenarios, and properties against a slow reading of the rules."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.errors import NotFound, Refused
from mainstay.domain.impact import BadTopology, ImpactGraph
from mainstay.domain.root_cause import Alarm, CauseBook, Group, Placement, Reason, Regrouping, Role

E, M, L = Role.EQUIPMENT, Role.MEDIUM, Role.LINK

# A duct with three cables, a fibre in each, a link on each fibre; every link joins a port of WEST to a port of EAST.
SITE_W, DEV_W, CARD_W, PORT_W = 0, 1, 2, (3, 4, 5)
SITE_E, DEV_E, CARD_E, PORT_E = 6, 7, 8, (9, 10, 11)
DUCT, CABLE, FIBRE, LINK = 12, (13, 14, 15), (16, 17, 18), (19, 20, 21)
ROLES = [E] * 12 + [M] * 7 + [L] * 3
DEPENDS = [
    *[(DEV_W, SITE_W), (CARD_W, DEV_W), (DEV_E, SITE_E), (CARD_E, DEV_E)],
    *[(port, CARD_W) for port in PORT_W],
    *[(port, CARD_E) for port in PORT_E],
    *[(cable, DUCT) for cable in CABLE],
    *zip(FIBRE, CABLE, strict=True),
    *zip(LINK, FIBRE, strict=True),
    *zip(LINK, PORT_W, strict=True),
    *zip(LINK, PORT_E, strict=True),
]


def two_sites() -> CauseBook:
    return CauseBook(ImpactGraph.from_paths(22, DEPENDS, []), ROLES)


def alarm(number: int, resource: int, raised_at: float = 1000.0, level: int = 2) -> Alarm:
    return Alarm(number, resource, level, "LOS", raised_at)


def reasons(group: Group) -> dict[int, tuple[Reason, int | None]]:
    return {member.alarm: (member.reason, member.by) for member in group.members}


def only_group(book: CauseBook) -> Group:
    (group,) = book.groups()
    return group


def test_it_works() -> None:
    book = two_sites()
    change = book.add([alarm(1, DEV_W), alarm(2, PORT_W[0], 1002)], at=1003)
    group = only_group(book)
    assert change.opened == (group.id,)
    assert (group.cause, group.cause_alarm, group.opened_at, group.began_at) == (DEV_W, 1, 1003, 1000)
    assert reasons(group) == {1: (Reason.CAUSE, None), 2: (Reason.CONTAINED, DEV_W)}


def test_a_device_does_not_stand_under_its_port() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0], 1000), alarm(2, DEV_W, 5000)], at=5000)
    assert sorted(group.cause for group in book.groups()) == [DEV_W, PORT_W[0]]


def test_site_power_loss_takes_in_everything_within_and_the_far_ends() -> None:
    book = two_sites()
    book.add([alarm(1, SITE_W), alarm(2, DEV_W, 1001), alarm(3, PORT_W[0], 1002), alarm(4, PORT_E[0], 1003)], at=1003)
    group = only_group(book)
    assert group.cause == SITE_W
    assert reasons(group)[2] == (Reason.CONTAINED, SITE_W)
    assert reasons(group)[3] == (Reason.CONTAINED, SITE_W)
    assert reasons(group)[4] == (Reason.FAR_END, SITE_W)


def test_two_ports_of_one_link_make_the_link_the_inferred_cause() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0])], at=1000)
    book.add([alarm(2, PORT_E[0], 1010)], at=1011)
    group = only_group(book)
    assert (group.cause, group.cause_alarm) == (LINK[0], None)
    assert reasons(group) == {1: (Reason.BOTH_ENDS, LINK[0]), 2: (Reason.BOTH_ENDS, LINK[0])}


def test_two_ports_of_one_link_alarming_far_apart_in_time_are_two_causes() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0]), alarm(2, PORT_E[0], 2000)], at=2000)
    assert [group.cause for group in book.groups()] == [PORT_W[0], PORT_E[0]]


def test_a_link_alarm_between_two_alarmed_ports_is_the_cause() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0]), alarm(2, PORT_E[0], 1010), alarm(3, LINK[0], 1020)], at=1020)
    assert (only_group(book).cause, only_group(book).cause_alarm) == (LINK[0], 3)


def test_a_link_alarm_with_one_alarmed_port_stands_under_the_port() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0]), alarm(3, LINK[0], 1020)], at=1020)
    assert reasons(only_group(book)) == {1: (Reason.CAUSE, None), 3: (Reason.END_FAILED, PORT_W[0])}


def test_a_cut_duct_is_inferred_from_its_three_cables() -> None:
    book = two_sites()
    book.add([alarm(1, CABLE[0]), alarm(2, CABLE[1], 1001), alarm(3, CABLE[2], 1002)], at=1002)
    group = only_group(book)
    assert (group.cause, group.cause_alarm) == (DUCT, None)
    assert {reason for reason, _ in reasons(group).values()} == {Reason.MOST_OF}
    assert book.placement(1).params == {"window_s": 60.0, "failing": 3, "of": 3}


def test_one_cable_of_three_does_not_blame_the_duct() -> None:
    book = two_sites()
    book.add([alarm(1, CABLE[0])], at=1002)
    assert only_group(book).cause == CABLE[0]


def test_an_alarmed_duct_takes_cables_links_and_ports() -> None:
    book = two_sites()
    book.add([alarm(1, DUCT), alarm(2, CABLE[0]), alarm(3, LINK[1]), alarm(4, PORT_W[2]), alarm(5, PORT_E[2])], at=1001)
    group = only_group(book)
    assert group.cause == DUCT
    assert reasons(group)[2] == (Reason.FED, DUCT)
    assert reasons(group)[3] == (Reason.FED, DUCT)
    assert reasons(group)[4] == (Reason.LINK_FAILED, DUCT)
    assert book.placement(4).via == LINK[2]


def two_links_of_one_cable() -> CauseBook:
    # 0..3 ports, 4 cable, 5 6 links
    depends = [(5, 0), (5, 1), (6, 2), (6, 3), (5, 4), (6, 4)]
    return CauseBook(ImpactGraph.from_paths(7, depends, []), [E, E, E, E, M, L, L])


def test_ports_of_several_links_in_one_cable_blame_the_cable() -> None:
    book = two_links_of_one_cable()
    book.add([alarm(n + 1, port, 1000 + n) for n, port in enumerate(range(4))], at=1010)
    assert (only_group(book).cause, only_group(book).cause_alarm) == (4, None)


def test_one_port_of_each_link_is_enough_to_blame_the_cable() -> None:
    book = two_links_of_one_cable()
    book.add([alarm(1, 0), alarm(2, 2, 1010)], at=1010)
    group = only_group(book)
    assert group.cause == 4
    assert reasons(group) == {1: (Reason.LINK_FAILED, 4), 2: (Reason.LINK_FAILED, 4)}


def test_a_late_cause_takes_over_two_groups_and_the_older_one_survives() -> None:
    book = two_sites()
    first = book.add([alarm(1, PORT_W[0], 1000)], at=1000).opened
    second = book.add([alarm(2, CARD_W, 1050, level=1)], at=1050).opened
    assert len(book.groups()) == 2
    change = book.add([alarm(3, DEV_W, 990)], at=1100)
    group = only_group(book)
    assert (group.id, group.cause, group.cause_alarm) == (first[0], DEV_W, 3)
    assert change.merged == ((second[0], first[0]),)
    assert change.recaused == first
    assert {placement.alarm for placement in change.placed} == {1, 2, 3}


def test_a_cleared_cause_leaves_its_symptoms_standing_by_themselves() -> None:
    book = two_sites()
    book.add([alarm(1, DEV_W), alarm(2, PORT_W[0], 1001), alarm(3, PORT_W[1], 1002)], at=1002)
    before = only_group(book).id
    change = book.clear([1], at=1100)
    assert [(group.cause, len(group.members)) for group in book.groups()] == [(PORT_W[0], 1), (PORT_W[1], 1)]
    assert book.group_of(2) == before
    assert change.split == ((change.opened[0], before),)
    assert book.clear([2, 3], at=1200).closed == (before, change.opened[0])
    assert book.groups() == []


def test_two_alarms_on_one_resource_are_one_cause() -> None:
    book = two_sites()
    book.add([alarm(1, DEV_W, 1000), alarm(2, DEV_W, 90_000)], at=90_000)
    assert reasons(only_group(book)) == {1: (Reason.CAUSE, None), 2: (Reason.SAME_RESOURCE, DEV_W)}
    assert book.clear([1], at=90_001).recaused == (only_group(book).id,)
    assert only_group(book).cause_alarm == 2


def radio(links: list[tuple[int, int]], devices: int) -> CauseBook:
    depends = [(devices + n, end) for n, ends in enumerate(links) for end in ends]
    return CauseBook(ImpactGraph.from_paths(devices + len(links), depends, []), [E] * devices + [L] * len(links))


def test_both_devices_of_a_radio_hop_make_the_hop_the_cause() -> None:
    book = radio([(0, 1), (1, 2)], 3)
    book.add([alarm(1, 0, level=1), alarm(2, 1, 1020, level=1)], at=1020)
    assert (only_group(book).cause, only_group(book).cause_alarm) == (3, None)


def test_neighbours_of_one_device_stand_under_that_device() -> None:
    book = radio([(0, 1), (0, 2), (0, 3), (0, 4)], 5)
    book.add([alarm(n + 1, device, 1000 + n) for n, device in enumerate([3, 1, 0, 2, 4])], at=1010)
    group = only_group(book)
    assert (group.cause, group.cause_alarm) == (0, 3)
    assert reasons(group)[1] == (Reason.NEIGHBOUR, 0)


def test_a_chain_of_hops_is_one_group() -> None:
    book = radio([(0, 1), (1, 2), (2, 3)], 4)
    book.add([alarm(device + 1, device, 1000 + device) for device in range(4)], at=1010)
    assert len(only_group(book).members) == 4


def test_an_alarm_without_effect_explains_nothing() -> None:
    book = two_sites()
    book.add([alarm(1, DEV_W, level=0), alarm(2, PORT_W[0], level=0), alarm(3, PORT_E[0])], at=1000)
    assert len(book.groups()) == 3


def test_unknown_things_are_refused() -> None:
    book = two_sites()
    with pytest.raises(NotFound, match="resource 99"):
        book.add([alarm(1, 99)], at=1000)
    with pytest.raises(NotFound, match="Alarm 1"):
        book.placement(1)
    with pytest.raises(NotFound, match="Group 7"):
        book.group(7)
    with pytest.raises(Refused, match="2 roles for 3 resources"):
        CauseBook(ImpactGraph.from_paths(3, [], []), [E, E])
    assert book.clear([5], at=1000) == Regrouping()


# Properties.


class World:
    """A random network with its roles, and the slow reading of the rules."""

    def __init__(self, roles: list[Role], depends: list[tuple[int, int]]) -> None:
        self.roles, self.depends = roles, sorted(set(depends))
        self.graph = ImpactGraph.from_paths(len(roles), self.depends, [])

    def book(self) -> CauseBook:
        return CauseBook(self.graph, self.roles)

    def above(self, resource: int) -> set[int]:
        return set(self.graph.ancestors([resource]).tolist())

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


Call = tuple[list[Alarm], list[int]]


@st.composite
def stories(draw: st.DrawFn) -> tuple[World, list[Call]]:
    world = draw(worlds())
    alarms = st.builds(
        Alarm,
        id=st.integers(1, 12),
        resource=st.integers(0, len(world.roles) - 1),
        level=st.integers(0, 2),
        kind=st.just("LOS"),
        raised_at=st.integers(0, 12).map(lambda step: 20.0 * step),
    )
    call = st.tuples(st.lists(alarms, max_size=5), st.lists(st.integers(1, 12), max_size=3))
    return world, draw(st.lists(call, min_size=1, max_size=6))


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
            self.own[resource] = max(a.level for a in here), min(a.raised_at for a in here)

    def explains(self, cause: int, symptom: int) -> bool:
        soon = self.own[symptom][1] >= self.own[cause][1] - self.book.rules.window_s
        return soon and self.own[cause][0] >= max(1, self.own[symptom][0])

    def lead(self, resource: int) -> int | None:
        here = [a for a in self.active.values() if a.resource == resource]
        return min(here, key=lambda a: (a.raised_at, a.id)).id if here else None

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


def test_a_circle_of_resources_is_refused_before_any_search() -> None:
    with pytest.raises(BadTopology):
        ImpactGraph.from_paths(2, [(0, 1), (1, 0)], [])


def test_a_storm_within_one_site_is_one_group() -> None:
    ports = np.arange(1, 3001)
    graph = ImpactGraph.build(
        resources=3001,
        depends=np.stack([ports, np.zeros_like(ports)], axis=1),
        circuits=0,
        path_circuits=[],
        path_lengths=[],
        path_resources=[],
    )
    book = CauseBook(graph, [E] * 3001)
    book.add([alarm(int(port), int(port)) for port in ports], at=1000)
    assert len(book.groups()) == 3000
    change = book.add([alarm(5000, 0)], at=1001)
    assert len(change.merged) == 2999
    assert only_group(book).id == 1
