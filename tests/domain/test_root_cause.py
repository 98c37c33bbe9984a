"""Which alarms stand under which cause: a cut duct, a site without power, both ends of a link, a radio hop."""

import numpy as np
import pytest

from mainstay.domain.errors import NotFound, Refused
from mainstay.domain.impact import BadTopology, ImpactGraph
from mainstay.domain.root_cause import SENTENCES, Alarm, CauseBook, Group, Reason, Regrouping, Role

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


def test_a_second_port_told_later_moves_the_first_under_the_cable() -> None:
    book = two_links_of_one_cable()
    book.add([alarm(1, 0)], at=1000)
    change = book.add([alarm(2, 2, 1010)], at=1010)
    assert (only_group(book).cause, only_group(book).cause_alarm) == (4, None)
    assert change.recaused == (only_group(book).id,)
    assert [placement.alarm for placement in change.placed] == [1, 2]


def test_a_late_cable_alarm_takes_the_ports_of_its_link() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0])], at=1000)
    book.add([alarm(2, CABLE[0], 1010)], at=1010)
    assert reasons(only_group(book)) == {1: (Reason.LINK_FAILED, CABLE[0]), 2: (Reason.CAUSE, None)}
    book.clear([2], at=1020)
    assert only_group(book).cause == PORT_W[0]


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


def test_an_old_minor_alarm_does_not_hide_that_the_device_failed() -> None:
    book = two_sites()
    book.add([alarm(1, PORT_W[0], 0, level=1)], at=0)
    book.add([alarm(2, PORT_W[0], 90_000), alarm(3, DEV_W, 90_001)], at=90_001)
    assert only_group(book).cause == DEV_W
    assert reasons(only_group(book))[1] == (Reason.SAME_RESOURCE, PORT_W[0])


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


def test_a_device_whose_neighbour_stands_under_an_earlier_pair_follows_it() -> None:
    book = radio([(0, 1), (0, 2), (0, 3), (1, 4)], 5)
    raised = {4: 990, 1: 1000, 0: 1005, 2: 1006, 3: 1007}
    book.add([alarm(device + 1, device, at) for device, at in raised.items()], at=1010)
    assert (only_group(book).cause, len(only_group(book).members)) == (8, 5)


def test_a_chain_of_hops_is_one_group() -> None:
    book = radio([(0, 1), (1, 2), (2, 3)], 4)
    book.add([alarm(device + 1, device, 1000 + device) for device in range(4)], at=1010)
    assert len(only_group(book).members) == 4


def test_an_alarm_without_effect_explains_nothing() -> None:
    book = two_sites()
    book.add([alarm(1, DEV_W, level=0), alarm(2, PORT_W[0], level=0), alarm(3, PORT_E[0])], at=1000)
    assert len(book.groups()) == 3


def test_every_reason_can_be_said() -> None:
    book = two_sites()
    book.add([alarm(n, cable) for n, cable in enumerate(CABLE)], at=1000)
    assert SENTENCES[Reason.MOST_OF].format(by="duct 7", **book.placement(0).params) == (
        "3 of the 3 that run in duct 7 failed within 60 s."
    )
    for reason in Reason:
        assert SENTENCES[reason].format(by="A", via="B", window_s=60.0, failing=2, of=3)


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
