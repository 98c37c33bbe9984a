"""There are never more causes than the fewest that explain the symptoms: against all sets of causes, tried in turn."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.root_cause import Alarm, Role
from tests.domain.test_root_cause_properties import World, plants, worlds

WINDOW_S = 60.0


def explained_by(world: World, alarms: dict[int, Alarm], cause: int) -> set[int]:
    """List the alarmed resources that one fault explains by itself.

    What alarms explains itself and everything below it that is no worse and not raised more than the window earlier. A
    link that may have failed explains its two ends, alarmed with an effect within the window, and what these explain; a
    medium likewise most of what directly runs in it.
    """
    found: set[int] = set()
    if cause in alarms:
        own = alarms[cause]
        found = {cause} | {
            other
            for other, alarm in alarms.items()
            if cause in world.above(other)
            and own.level >= max(1, alarm.level)
            and alarm.raised_at >= own.raised_at - WINDOW_S
        }
    elif world.roles[cause] == Role.LINK:
        ends = [end for end in world.ends(cause) if end in alarms and alarms[end].level]
        if len(ends) == 2 and abs(alarms[ends[0]].raised_at - alarms[ends[1]].raised_at) <= WINDOW_S:
            found = set(ends).union(*(explained_by(world, alarms, end) for end in ends))
    elif world.roles[cause] == Role.MEDIUM:
        beneath = [child for child, parent in world.depends if parent == cause]
        failing = [child for child in beneath if child in alarms and alarms[child].level]
        raised = [alarms[child].raised_at for child in failing]
        if len(failing) >= max(2, 0.6 * len(beneath)) and max(raised) - min(raised) <= WINDOW_S:
            found = set(failing).union(*(explained_by(world, alarms, child) for child in failing))
    return found


def fewest(world: World, alarms: dict[int, Alarm]) -> int:
    reach = [explained_by(world, alarms, cause) for cause in range(len(world.roles))]
    reach = [each for each in reach if each]
    for size in range(len(alarms) + 1):
        if any(set().union(*chosen) >= alarms.keys() for chosen in combinations(reach, size)):
            return size
    raise AssertionError


@st.composite
def symptoms(draw: st.DrawFn) -> tuple[World, dict[int, Alarm]]:
    world = draw(st.one_of(worlds(), plants()))
    levels, instants = st.sampled_from([2, 2, 1]), st.integers(0, 5).map(lambda step: 20.0 * step)
    chosen = sorted(draw(st.sets(st.integers(0, len(world.roles) - 1), min_size=1, max_size=6)))
    return world, {r: Alarm(r, r, draw(levels), "LOS", draw(instants)) for r in chosen}


@settings(max_examples=500, deadline=None)
@given(symptoms(), st.randoms(use_true_random=False))
def test_there_are_no_more_causes_than_needed_in_whatever_order_alarms_come(
    told: tuple[World, dict[int, Alarm]], dice: object
) -> None:
    world, alarms = told
    book, order = world.book(), list(alarms.values())
    dice.shuffle(order)  # type: ignore[attr-defined]
    for alarm in order:
        book.add([alarm], at=1000.0)
    assert len(book.groups()) <= fewest(world, alarms)
