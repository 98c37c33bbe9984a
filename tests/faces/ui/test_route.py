"""The route is drawn from A to Z, whatever mix of nodes and links comes in."""

from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.faces.ui.route import LINKS, draw, wrap
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
        st.sampled_from([*sorted(LINKS), "device", "site", "ring", "node"]),
        st.text(max_size=30),
    ),
    max_size=12,
)


@given(elements, elements)
def test_every_line_runs_unbroken_from_a_to_z(working: list[Any], protection: list[Any]) -> None:
    drawing = draw({"paths": [{"elements": working}, {"elements": protection}]})
    for lane, given_elements in zip(drawing.lanes, (working, protection), strict=True):
        links = [part for part in lane.parts if part.is_link]
        assert all(left.x2 == right.x for left, right in pairwise(links))
        assert links[-1].x2 == drawing.ends[1].x
        drawn = [part.given for part in lane.parts]
        assert [each for each in drawn if "label" in each] == given_elements


@given(st.text(max_size=60), st.integers(20, 200), st.integers(1, 3))
def test_wrapped_text_keeps_to_its_lines(text: str, width: int, lines: int) -> None:
    assert len(wrap(text, width, lines)) <= lines
