"""The tariff that holds is chosen by region, reach, speed and day; a slow reference says the same."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.tariff_choice import Asked, Fate, Tariff, choose, overlap

DAY = date(2026, 9, 1)
REGIONS = ("", "42", "4201", "4202", "44")
REACHES = ("", "local", "province")
SPEEDS = (0, 2_048, 10_240, 102_400)


def tariff(number: int, **more: object) -> Tariff:
    columns = {"speed_kbps": 0, "reach": "", "region": "", "valid_from": DAY, "valid_to": None} | more
    return Tariff(number, one_time_fen=0, monthly_fen=number, **columns)  # type: ignore[arg-type]


def test_the_narrower_region_wins_then_the_reach_then_the_smallest_step() -> None:
    asked = Asked(5_000, "local", "420106", DAY)
    everywhere = tariff(1, reach="local", speed_kbps=10_240)
    city = tariff(2, region="4201")
    reach = tariff(3, region="4201", reach="local")
    large = tariff(4, region="4201", reach="local", speed_kbps=102_400)
    step = tariff(5, region="4201", reach="local", speed_kbps=10_240)
    slow = tariff(6, region="4201", reach="local", speed_kbps=2_048)
    choice = choose([everywhere, city, reach, large, step, slow], asked)
    assert choice.tariff == step
    assert {each.tariff.id: each.fate for each in choice.judged} == {
        5: Fate.CHOSEN, 4: Fate.LARGER_STEP, 3: Fate.LARGER_STEP, 2: Fate.ANY_REACH, 1: Fate.WIDER_REGION,
        6: Fate.TOO_SLOW,
    }  # fmt: skip


def test_validity_is_half_open() -> None:
    old, new = tariff(1, valid_from=DAY - timedelta(9), valid_to=DAY), tariff(2)
    assert choose([old, new], Asked(0, "", "42", DAY)).tariff == new
    assert choose([old, new], Asked(0, "", "42", DAY - timedelta(1))).tariff == old
    assert not overlap(old, new)
    assert choose([old], Asked(0, "", "42", DAY)).tariff is None


drawn = st.builds(
    Tariff, st.integers(1, 10_000), st.sampled_from(SPEEDS), st.sampled_from(REACHES), st.sampled_from(REGIONS),
    st.sampled_from([DAY - timedelta(20), DAY - timedelta(1), DAY, DAY + timedelta(1)]),
    st.sampled_from([None, DAY, DAY + timedelta(1), DAY + timedelta(30)]), st.just(0), st.just(0),
)  # fmt: skip


@given(st.lists(drawn, max_size=12, unique_by=lambda each: each.id),
       st.builds(Asked, st.sampled_from((0, 64, 2_048, 5_000, 10_240)), st.sampled_from(REACHES),
                 st.sampled_from(("42", "4201", "420106", "44")), st.just(DAY)))  # fmt: skip
def test_a_slow_reference_chooses_the_same(tariffs: list[Tariff], asked: Asked) -> None:
    fits = [
        t for t in tariffs
        if t.valid_from <= asked.on and (t.valid_to is None or asked.on < t.valid_to)
        and asked.region.startswith(t.region) and t.reach in ("", asked.reach)
        and (t.speed_kbps == 0 or (asked.speed_kbps and t.speed_kbps >= asked.speed_kbps))
    ]  # fmt: skip
    for key in (lambda t: len(t.region), lambda t: t.reach != "", lambda t: t.speed_kbps != 0,
                lambda t: -t.speed_kbps, lambda t: t.valid_from, lambda t: t.id):  # fmt: skip
        best = max(map(key, fits), default=None)
        fits = [t for t in fits if key(t) == best]
    choice = choose(tariffs, asked)
    assert choice.tariff == (fits[0] if fits else None)
    assert len(choice.judged) == len(tariffs)


sound = drawn.filter(lambda each: each.valid_to is None or each.valid_to > each.valid_from)


@given(sound, sound)
def test_overlap_means_a_day_on_which_both_hold(one: Tariff, other: Tariff) -> None:
    def holds(t: Tariff, day: date) -> bool:
        return t.valid_from <= day and (t.valid_to is None or day < t.valid_to)

    days = [DAY + timedelta(n) for n in range(-25, 60)]
    same = (one.speed_kbps, one.reach, one.region) == (other.speed_kbps, other.reach, other.region)
    assert overlap(one, other) == (same and any(holds(one, day) and holds(other, day) for day in days))
