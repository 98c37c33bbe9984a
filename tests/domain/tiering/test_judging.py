"""What a table gives: hit policies, overlaps, demotion by time, factors; the fast way never differs from zen."""

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.domain.tiering.conditions import Condition
from mainstay.domain.tiering.facts import FactKind, Unit, Value
from mainstay.domain.tiering.judging import Judge, Outcome
from mainstay.domain.tiering.moving import Move, grades_in, mask_of, moves
from mainstay.domain.tiering.segments import FastJudge
from mainstay.domain.tiering.tables import Decay, Effect, HitPolicy, Row, Table

GRADES = ("S", "A", "B", "C", "gone")
KINDS = {
    kind.name: kind
    for kind in (
        FactKind("x", Unit.YUAN), FactKind("y", Unit.COUNT), FactKind("flag", Unit.FLAG),
        FactKind("trade", Unit.CHOICE, ("J", "G", "S")), FactKind("city_group", Unit.COUNT),
    )
}  # fmt: skip


def at_least(value: int) -> Condition:
    return Condition(low=value)


def test_the_first_row_that_fits_decides() -> None:
    table = Table(GRADES, (Row("A", {"x": at_least(10)}), Row("B", {"x": at_least(5)})))
    judge = Judge(table)
    assert judge.outcome({"x": 10}) == Outcome((("A", 0),), (0,))
    assert judge.outcome({"x": 9}) == Outcome((("B", 1),), (1,))
    assert judge.outcome({"x": 4}) == Outcome()
    assert judge.outcome({"x": None}) == Outcome() == judge.outcome({})


def test_two_kinds_of_a_customer_make_the_overlap_grade() -> None:
    rows = (Row("A", {"flag": Condition(among=(True,))}), Row("B", {"x": at_least(5)}), Row("B", {"y": at_least(1)}))
    judge = Judge(Table(GRADES, rows, HitPolicy.COLLECT, overlap="S"))
    assert judge.outcome({"flag": True, "x": 5}).codes == ("S", "A", "B")
    assert judge.outcome({"x": 5, "y": 1}) == Outcome((("B", 1),), (1, 2)), "two rows of one kind do not overlap"


def test_time_takes_one_class_down_or_lapses() -> None:
    decays = (Decay(Effect.LAPSE, {"y": at_least(12)}), Decay(Effect.DOWN, {"y": at_least(6)}))
    judge = Judge(Table(GRADES, (Row("A", {"x": at_least(1)}), Row("C")), decays=decays, lapsed="gone"))
    assert judge.outcome({"x": 1, "y": 5}).codes == ("A",)
    assert judge.outcome({"x": 1, "y": 6}) == Outcome((("B", 0),), (0,), 1)
    assert judge.outcome({"x": 0, "y": 6}).codes == ("C",), "the lowest class stays"
    assert judge.outcome({"x": 1, "y": 12}) == Outcome((("gone", 0),), (0,), 0)


def test_factors_multiply_the_lower_bounds_of_scaled_rows() -> None:
    rows = (Row("B", {"x": at_least(100)}), Row("C", {"x": at_least(10)}, scaled=True))
    judge = Judge(Table(GRADES, rows, factors={2: Decimal("0.9"), 3: Decimal("0.8")}))
    assert judge.outcome({"x": 9, "city_group": 2}) == Outcome((("C", 1),), (1,))
    assert judge.outcome({"x": 8, "city_group": 3}).codes == ("C",)
    assert judge.outcome({"x": 8, "city_group": 2}).codes == ()
    assert judge.outcome({"x": 9, "city_group": 1}).codes == judge.outcome({"x": 9}).codes == ()
    assert judge.outcome({"x": 99, "city_group": 3}).codes == ("C",), "the bound above is not moved"


def conditions(kind: FactKind) -> st.SearchStrategy[Condition]:
    known = st.booleans().map(lambda known: Condition(known=known))
    if kind.unit == Unit.FLAG:
        return st.one_of(known, st.booleans().map(lambda yes: Condition(among=(yes,))))
    if kind.unit == Unit.CHOICE:
        some = st.lists(st.sampled_from(kind.options), min_size=1, unique=True)
        return st.one_of(known, some.map(lambda among: Condition(among=tuple(among))))
    bound = st.one_of(st.none(), st.integers(-3, 12))
    both = st.builds(Condition, low=bound, high=bound, low_in=st.booleans(), high_in=st.booleans())
    return st.one_of(known, both.filter(lambda c: c.low is not None or c.high is not None))


def whens() -> st.SearchStrategy[dict[str, Condition]]:
    return st.fixed_dictionaries({}, optional={name: conditions(kind) for name, kind in KINDS.items()})


TABLES = st.builds(
    Table,
    grades=st.just(GRADES),
    rows=st.lists(
        st.builds(Row, grade=st.sampled_from(GRADES[1:4]), when=whens(), scaled=st.booleans()), min_size=1, max_size=6
    ).map(tuple),
    policy=st.sampled_from(HitPolicy),
    decays=st.lists(st.builds(Decay, effect=st.sampled_from(Effect), when=whens()), max_size=2).map(tuple),
    factors=st.sampled_from([{}, {2: Decimal("0.9"), 3: Decimal("0.5")}]),
    overlap=st.sampled_from(["", "S"]),
    lapsed=st.sampled_from(["", "gone"]),
)


def values(kind: FactKind) -> st.SearchStrategy[Value]:
    if kind.unit == Unit.FLAG:
        return st.one_of(st.none(), st.booleans())
    return st.one_of(st.none(), st.sampled_from(kind.options) if kind.options else st.integers(-4, 13))


PEOPLE = st.lists(st.fixed_dictionaries({name: values(kind) for name, kind in KINDS.items()}), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(TABLES, PEOPLE)
def test_the_fast_way_says_what_zen_says_of_each(table: Table, people: list[dict[str, Value]]) -> None:
    columns = {name: np.array([kind.code(facts[name]) for facts in people], np.int64) for name, kind in KINDS.items()}
    fast, judge = FastJudge(table, KINDS), Judge(table)
    for _again in range(2):
        found = fast.judged(columns, len(people))
        assert [found.outcomes[place] for place in found.which] == [judge.outcome(facts) for facts in people]


@settings(max_examples=60, deadline=None)
@given(TABLES, PEOPLE)
def test_zen_reads_conditions_as_we_explain_them(table: Table, people: list[dict[str, Value]]) -> None:
    judge = Judge(table)
    for facts in people:
        rules = [place for place, row in table.rules() if all(c.holds(facts[n]) for n, c in row.when.items())]
        fits = tuple(dict.fromkeys(rules if table.policy == HitPolicy.COLLECT else rules[:1]))
        assert judge.outcome(facts).fits == fits


def test_moves_between_grades_have_names() -> None:
    table = Table(GRADES, (Row("A"),), lapsed="gone")
    before = np.array([mask_of(table, held) for held in [(), ("B",), ("A",), ("A",), ("A",), ("gone",), ("B",)]])
    after = np.array([mask_of(table, held) for held in [("A",), ("A",), ("B",), (), ("gone",), ("B",), ("A", "B")]])
    assert list(moves(table, before, after)) == [
        Move.NEW, Move.RISE, Move.FALL, Move.LAPSE, Move.LAPSE, Move.NEW, Move.RISE,
    ]  # fmt: skip
    assert list(moves(table, after, after)) == [0] * 7
    assert grades_in(GRADES, mask_of(table, ("A", "gone"))) == ["A", "gone"]
