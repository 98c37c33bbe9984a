"""Who changed what: the three-way comparison against the table it follows, and a slow, obvious reference."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.reconciling import Finding, Kind, Value, compare, route_steps, same, too_many, who_changed

FIELDS = ("name", "bandwidth", "working")
VALUES: Any = st.one_of(st.none(), st.sampled_from(["", "a", "b", 1, 2, (), ("x",), ("x", "y")]))
ROWS: Any = st.dictionaries(st.sampled_from("klmno"), st.tuples(VALUES, VALUES, VALUES), max_size=5)


def test_it_works() -> None:
    found = compare({"k": ("a", 1, ("x",))}, {"k": ("b", 1, ("x",))}, {"k": ("a", 1, ("x",))}, fields=FIELDS, full=True)
    assert found.findings == [Finding("k", "name", Kind.SOURCE_CHANGED, "a", "b", "a")]


@pytest.mark.parametrize(
    ("agreed", "theirs", "ours", "kind"),
    [
        (None, "b", "a", Kind.NEVER_AGREED),
        ("a", "b", "a", Kind.SOURCE_CHANGED),
        ("b", "b", "a", Kind.WE_CHANGED),
        ("c", "b", "a", Kind.CONFLICT),
        ("", "b", "", Kind.SOURCE_CHANGED),
        ("x", "", "a", Kind.CONFLICT),
        ((), ("x",), (), Kind.SOURCE_CHANGED),
    ],
)
def test_who_left_the_agreement_is_named(agreed: Value, theirs: Value, ours: Value, kind: Kind) -> None:
    assert who_changed(agreed, theirs, ours) == kind


def test_both_changing_to_the_same_is_agreement() -> None:
    found = compare({"k": ("a", 1, ())}, {"k": ("b", 1, ())}, {"k": ("b", 1, ())}, fields=FIELDS, full=True)
    assert not found.findings
    assert found.agreed == {"k": ("b", 1, ())}


def test_what_a_source_leaves_open_is_hand_kept() -> None:
    found = compare({}, {"k": (None, 1, None)}, {"k": ("ours", 1, ("x",))}, fields=FIELDS, full=True)
    assert not found.findings
    assert found.agreed == {"k": (None, 1, None)}


def test_what_a_source_never_delivered_cannot_vanish() -> None:
    assert not compare({}, {}, {"k": ("a", 1, ())}, fields=FIELDS, full=True).findings


def test_a_partial_export_lets_nothing_vanish() -> None:
    row = ("a", 1, ())
    assert not compare({"k": row}, {}, {"k": row}, fields=FIELDS, full=False).findings
    assert compare({"k": row}, {}, {"k": row}, fields=FIELDS, full=True).findings == [Finding("k", "", Kind.VANISHED)]


def obvious(agreed: Any, theirs: Any, ours: Any, *, full: bool) -> set[tuple[str, str, str]]:
    """Say the same field by field, as one would on paper."""
    found = set()
    for key in set(agreed) | set(theirs) | set(ours):
        if key in theirs and key not in ours:
            found.add((key, "", "gone-here" if key in agreed else "new"))
        if key not in theirs and key in ours and key in agreed and full:
            found.add((key, "", "vanished"))
        if key in theirs and key in ours:
            for place, name in enumerate(FIELDS):
                t, o = theirs[key][place], ours[key][place]
                a = agreed[key][place] if key in agreed else None
                if t is None or same(t, o):
                    continue
                word = "never-agreed" if a is None else "source-changed" if same(a, o) else ""
                found.add((key, name, word or ("we-changed" if same(a, t) else "conflict")))
    return found


@given(ROWS, ROWS, ROWS, st.booleans())
def test_it_says_what_the_obvious_reference_says(agreed: Any, theirs: Any, ours: Any, full: bool) -> None:
    found = compare(agreed, theirs, ours, fields=FIELDS, full=full)
    assert {(f.key, f.field, str(f.kind)) for f in found.findings} == obvious(agreed, theirs, ours, full=full)


@given(ROWS, ROWS, ROWS)
def test_after_the_source_has_won_everything_agrees(agreed: Any, theirs: Any, ours: Any) -> None:
    found = compare(agreed, theirs, ours, fields=FIELDS, full=True)
    after = {**ours, **{key: theirs[key] for key in theirs if key not in ours}}
    after = {key: row for key, row in after.items() if Finding(key, "", Kind.VANISHED) not in found.findings}
    for finding in found.findings:
        if finding.field:
            row = list(after[finding.key])
            row[FIELDS.index(finding.field)] = finding.theirs
            after[finding.key] = tuple(row)
    again = compare({**agreed, **found.agreed}, theirs, after, fields=FIELDS, full=True)
    assert not again.findings


@given(st.lists(st.sampled_from("abcdef"), max_size=8), st.lists(st.sampled_from("abcdef"), max_size=8))
def test_laid_side_by_side_both_routes_can_be_read(ours: list[str], theirs: list[str]) -> None:
    steps = list(route_steps(ours, theirs))
    assert [step.code for step in steps if step.side != "theirs"] == ours
    assert [step.code for step in steps if step.side != "ours"] == theirs


@pytest.mark.parametrize(("count", "among", "percent", "held"), [(6, 100, 5, True), (5, 100, 5, False), (3, 3, 5, False), (90, 100, 0, False)])  # fmt: skip  # noqa: E501
def test_more_than_its_share_stops_a_run(count: int, among: int, percent: int, held: bool) -> None:
    assert too_many(count, among, percent) is held
