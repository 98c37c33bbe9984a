"""Divisions and industries are loaded, and loaded again without harm."""

from mainstay.platform.places import actions, queries
from mainstay.platform.places.models import Industry, Region


def test_it_works(db: None) -> None:
    actions.load_regions(
        [Region(code="42", name="湖北省"), Region(code="4201", name="武汉市"), Region(code="44", name="广东省")]
    )
    assert [region.code for region in queries.regions("42")] == ["42", "4201"]
    assert queries.names(["44", "99"]) == {"44": "广东省"}


def test_loading_again_brings_names_up_to_date(db: None) -> None:
    for name in ("湖北", "湖北省"):
        actions.load_regions([Region(code="42", name=name)])
        actions.load_industries([Industry(code="J", name=name, level=1)])
    assert queries.names(["42"]) == {"42": "湖北省"}
    assert [industry.name for industry in queries.industries()] == ["湖北省"]


def test_nothing_to_load_is_no_error(db: None) -> None:
    actions.load_regions([])
    actions.load_industries([])
