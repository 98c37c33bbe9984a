"""The route is drawn from A to Z, whatever mix of nodes and links comes in."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.faces.ui.route import LINKS, MOST_LINKS, draw, wrap
from tests.faces.ui.rendering import rendered

WORKING = [
    {"kind": "access", "label": "接入 1"},
    {"kind": "device", "label": "汉口 ADM"},
    {"kind": "cable", "label": "武汉–黄石 2#", "state": "down", "fault": "光缆中断", "ducts": ["沿江 12"]},
    {"kind": "device", "label": "黄石 ADM"},
    {"kind": "access", "label": "接入 2"},
]
PROTECTION = [{"kind": "cable", "label": "武汉–大冶 4#", "ducts": ["沿江 12"]}]
ROUTE: dict[str, Any] = {
    "a": {"label": "总行"},
    "z": {"label": "支行"},
    "paths": [
        {"role": "working", "active": False, "elements": WORKING},
        {"role": "protection", "active": True, "elements": PROTECTION},
    ],
}


def test_it_works() -> None:
    html = rendered("{% route_diagram route %}", route=ROUTE)
    for said in ("总行", "支行", "工作", "保护", "汉口 ADM", "光缆中断", "✕", "共用管道 沿江 12"):
        assert said in html


def test_working_lies_above_protection() -> None:
    working, protection = draw(ROUTE).lanes
    assert working.y < protection.y


def test_a_shared_duct_joins_the_two_links() -> None:
    assert [band.name for band in draw(ROUTE).bands] == ["沿江 12"]


def test_a_route_without_paths_has_two_ends() -> None:
    drawing = draw({"a": {"label": "总行"}, "z": {}})
    assert [end.name for end in drawing.ends] == ["A", "Z"]
    assert rendered("{% route_diagram route %}", route={}).count("ms-end-name") == 2


elements = st.lists(
    st.builds(
        lambda kind, label: {"kind": kind, "label": label},
        st.sampled_from([*sorted(LINKS - {"fold"}), "device", "site", "ring", "node"]),
        st.text(max_size=30),
    ),
    max_size=12,
)


@given(elements, elements)
def test_every_line_runs_unbroken_from_a_to_z(working: list[Any], protection: list[Any]) -> None:
    drawing = draw({"paths": [{"elements": working}, {"elements": protection}]}, fold=False)
    for lane, given_elements in zip(drawing.lanes, (working, protection), strict=True):
        links = [part for part in lane.parts if part.is_link]
        assert all(left.x2 == right.x for left, right in pairwise(links))
        assert links[-1].x2 == drawing.ends[1].x
        drawn = [part.given for part in lane.parts]
        assert [each for each in drawn if "label" in each] == given_elements


def long_path(at: int = 0, more: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    path: list[dict[str, Any]] = [{"kind": "access", "label": "接入 A"}]
    for number in range(12):
        path += [{"kind": "device", "label": f"站 {number}"}, {"kind": "cable", "label": f"缆 {number}"}]
    path[at] |= more or {}
    return path


def drawn(*paths: list[dict[str, Any]]) -> list[list[str]]:
    lanes = draw({"paths": [{"elements": path} for path in paths]}).lanes
    return [[str(part.given.get("label", "")) for part in lane.parts] for lane in lanes]


def test_a_long_path_folds_its_well_middle_so_that_both_ends_show() -> None:
    (labels,) = drawn(long_path())
    assert labels[:3] == ["接入 A", "站 0", "缆 0"]
    assert labels[-3:] == ["缆 10", "站 11", "缆 11"]
    assert [label for label in labels if label.startswith("+")] == ["+7"]
    assert sum(part.is_link for part in draw({"paths": [{"elements": long_path()}]}).lanes[0].parts) == MOST_LINKS


def test_a_fault_is_never_folded_away() -> None:
    (labels,) = drawn(long_path(10, {"state": "down", "fault": "光缆中断"}))
    assert "缆 4" in labels


def test_a_shared_duct_is_never_folded_away() -> None:
    upper, lower = long_path(10, {"ducts": ["沿江 12"]}), long_path(14, {"ducts": ["沿江 12"]})
    assert [band.name for band in draw({"paths": [{"elements": upper}, {"elements": lower}]}).bands] == ["沿江 12"]


def test_all_of_a_folded_route_can_be_unfolded() -> None:
    html = rendered("{% route_diagram route %}", route={"paths": [{"elements": long_path()}]})
    assert html.count("<svg") == 2
    assert "站 5" in html.split("full-route")[-1]


@given(elements, elements)
def test_a_folded_line_runs_unbroken_too(working: list[Any], protection: list[Any]) -> None:
    for lane in draw({"paths": [{"elements": working}, {"elements": protection}]}).lanes:
        assert [part.is_link for part in lane.parts] == [number % 2 == 0 for number in range(len(lane.parts))]


@given(st.text(max_size=60), st.integers(20, 200), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_lines(text: str, width: int, lines: int) -> None:
    assert len(wrap(text, width, lines)) <= lines
