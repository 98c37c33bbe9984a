"""Small typing errors still find what was meant, marked as such; what is opened comes nearer the top."""

from datetime import timedelta

import pytest

from mainstay.domain.actor import system
from mainstay.platform.search import queries
from mainstay.platform.search.actions import PROMOTED, SearchItem, index, note_use
from mainstay.platform.search.models import SearchEntry, SearchUse, Tier
from tests.cast import NOW, World

ALL = system("test")
THINGS = (
    SearchItem("customer", 1, "武汉楚天科技有限公司", "", ("张伟", "13871234567"), 10, 1, "4201"),
    SearchItem("customer", 2, "黄石东方贸易有限公司", "", ("李娜", "13900001111"), 10, 2, "4202"),
    SearchItem("circuit", 1, "WH-HS-E1-0017", "", (), 20, 1, "4201"),
    SearchItem("contact", 1, "张伟", "", (), 30, 1, "4201"),
)


@pytest.fixture
def things(db: None) -> None:
    index(THINGS)


def meant(text: str) -> set[tuple[str, str]]:
    answer = queries.answer(text, ALL)
    assert not answer.found, text
    return {(found.kind, found.id) for found in answer.like}


@pytest.mark.parametrize(
    "text",
    [
        "章伟", "伟张",  # the same sound; swapped
        "武汉楚天科计有限公司", "武汉楚天科有限公司", "武汉楚天科科技有限公司", "武汉天楚科技有限公司",
        "武汉楚无科技有限公司", "13871234568", "1387124567", "138712334567", "13872134567",
        "武汉楚天技科有限公司", "武汉楚天科技有限限公司",  # three neighbours are wrong, the others are asked for
        "wuhanchutiankjiyouxiango", "wuhnchutiankejiyouxiangongsi",  # the last syllable is not finished
        "wuhanchutain", "wuhancutian", "wuhanchutiann", "chutisn", "zahngwei", "zhengwei",
    ],
)  # fmt: skip
def test_a_slip_still_finds_the_customer(things: None, text: str) -> None:
    assert {("customer", "1"), ("contact", "1")} & meant(text)


@pytest.mark.parametrize("text", ["WH-HS-E1-0018", "WH-HS-E1-017", "WH-HS-E1-00177", "WHHSE10071", "WH-SH-E1-0017"])
def test_a_slip_still_finds_the_circuit(things: None, text: str) -> None:
    assert ("circuit", "1") in meant(text)


@pytest.mark.parametrize("text", ["魑魅魍魉", "qqxxzzqq", "99999999999", "", "—"])
def test_nothing_is_like_nonsense(things: None, text: str) -> None:
    assert meant(text) == set()


def test_what_is_found_is_not_said_to_be_like_it(things: None) -> None:
    answer = queries.answer("楚天", ALL)
    assert [found.id for found in answer.found] == ["1"]
    assert not {found.id for found in answer.like} & {"1"}


def test_only_what_one_may_see_is_meant(world: World) -> None:
    index(THINGS)
    assert not queries.answer("章伟", world.actor("huang.wei")).like
    assert queries.answer("章伟", world.actor("li.qiang")).like


def test_what_one_opens_comes_first_and_what_many_open_is_looked_through_first(world: World) -> None:
    index([SearchItem("customer", n, f"楚天{n}", rank=10, region_code="4201") for n in range(20, 60)])
    by = world.actor("li.qiang")
    last = str(max(range(20, 60), key=str))
    assert queries.find("楚天", by)[0].id != last
    assert note_use("customer", last, at=NOW, by=by)
    assert queries.find("楚天", by)[0].id == last
    for more in range(PROMOTED):
        note_use("customer", last, at=NOW + timedelta(minutes=more), by=world.actor("zhao.lei"))
    entry = SearchEntry.objects.get(object_kind="customer", object_id=last)
    assert (entry.uses, entry.tier) == (PROMOTED + 1, Tier.SECOND)
    index([SearchItem("customer", last, "楚天改名", rank=10, region_code="4201")])
    entry.refresh_from_db()
    assert (entry.uses, entry.tier) == (PROMOTED + 1, Tier.SECOND)


def test_what_one_may_not_see_is_not_noted(world: World) -> None:
    index([SearchItem("customer", 9, "楚天", rank=10, region_code="4201")])
    assert not note_use("customer", "9", at=NOW, by=world.actor("huang.wei"))
    assert not SearchUse.objects.exists()


def test_a_house_number_is_found_with_its_street(db: None) -> None:
    index(SearchItem("customer", n, f"客户{n}", words=(f"武汉市解放大道{n}号",)) for n in range(1, 40))
    assert [found.id for found in queries.find("解放大道23号", ALL)] == ["23"]


def test_more_than_are_weighed_are_said_to_be_many(db: None) -> None:
    index(SearchItem("customer", n, f"楚天{n}") for n in range(queries.WEIGHED + 1))
    assert queries.answer("楚天", ALL).many
    assert not queries.answer("楚天17", ALL).many
