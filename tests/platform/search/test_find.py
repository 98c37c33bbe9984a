"""Anything is found by a few characters: Chinese, pinyin, initials, numbers; never what one may not see."""

from typing import Any

import pytest
from django.db import connection
from django.db.models import Q

from mainstay.domain.actor import NOBODY, Actor, system
from mainstay.network.inventory.models import Circuit
from mainstay.platform.search import queries
from mainstay.platform.search.actions import SearchItem, forget, index
from mainstay.platform.search.asking import asked
from mainstay.platform.search.matching import explained
from mainstay.platform.search.models import Tier
from tests.cast import World

ALL = system("test")
THINGS = (
    SearchItem("customer", 1, "汉江银行股份有限公司", "武汉市", ("汉江银行", "周颖", "027-8555 0100"), 10, 1, "4201"),
    SearchItem("customer", 2, "重庆单县长沙酒店", "", (), 10, 2, "4401"),
    SearchItem("circuit", 1, "WH-HS-E1-0001", "汉口—港区", ("汉江银行股份有限公司",), 20, 1, "4201"),
    SearchItem("circuit", 2, "WH-HS-E1-0012", "汉口—大冶", (), 20, 2, "4202"),
    SearchItem("contact", 7, "周颖", "汉江银行", ("13800000001",), 30, 1, "4201"),
    SearchItem("ticket", 9, "T-001042", "汉江银行 中断", (), 40, 1, "4201"),
    SearchItem("customer", 3, "江汉油田", "", (), 10, 3, "4290"),
)


@pytest.fixture
def things(db: None) -> None:
    index(THINGS)


def found(text: str, actor: Actor = ALL, **more: Any) -> list[tuple[str, str]]:
    return [(thing.kind, thing.id) for thing in queries.find(text, actor, **more)]


def test_it_works(things: None) -> None:
    first, *_ = queries.find("汉江银行", ALL)
    assert (first.kind, first.id, first.label, first.detail) == ("customer", "1", "汉江银行股份有限公司", "武汉市")


@pytest.mark.parametrize(
    "text",
    [
        "汉江", "江银", "银行股份", "有限公司 汉江", "hanjiang", "hanjiangyinhang", "HanJiang YinHang", "hjyh", "yhgf",
        "汉江yh", "汉江 yinhang", "zhouying", "zy", "8555", "02785550100", "027-8555", "85550100", "0100",
        "汉江银行，周颖", "ｈｊｙｈ", "司",
    ],
)  # fmt: skip
def test_a_customer_is_found_by(things: None, text: str) -> None:
    assert ("customer", "1") in found(text)


@pytest.mark.parametrize("text", ["重庆", "chongqing", "cq", "shanxian", "changsha", "cqsxcs", "庆单", "酒店", "jd"])
def test_names_with_several_readings_are_found_by(things: None, text: str) -> None:
    assert ("customer", "2") in found(text)


@pytest.mark.parametrize(
    "text",
    ["WH-HS-E1-0001", "wh-hs-e1-0001", "whhse10001", "wh hs e1 0001", "0001", "E1-0001", "e10001", "HSE1",
     "wh-hs-e1-000"],
)  # fmt: skip
def test_a_circuit_is_found_by(things: None, text: str) -> None:
    assert ("circuit", "1") in found(text)


@pytest.mark.parametrize("text", ["T-001042", "t1042", "1042", "t-1042", "001042"])
def test_a_ticket_is_found_by(things: None, text: str) -> None:
    assert ("ticket", "9") in found(text)


@pytest.mark.parametrize(
    "text", ["", " ", "—", "'", '"', "银江", "々", "汉银", "hyjh", "9999", "%", "*", "' OR 1=1 --", "\x00"]
)
def test_nothing_is_found_by(things: None, text: str) -> None:
    assert found(text) == []


def test_characters_in_another_order_are_another_name(things: None) -> None:
    assert found("江汉", kinds=["customer"]) == [("customer", "3")]


def test_a_phone_is_found_by_its_last_digits(things: None) -> None:
    assert found("13800000001") == found("138000") == [("contact", "7")]
    assert ("contact", "7") in found("0001")


def test_the_very_thing_comes_first(things: None) -> None:
    index([SearchItem("circuit", 3, "WH-HS-E1-00011", "", (), 1, 1, "4201")])
    assert found("WH-HS-E1-0001")[:2] == [("circuit", "1"), ("circuit", "3")]
    assert found("周颖")[0] == ("contact", "7")
    assert found("zhouying")[0] == ("contact", "7")


def test_equal_matches_are_ordered_by_rank_then_kind(things: None) -> None:
    index(
        [
            SearchItem("site", 1, "楚天", rank=50),
            SearchItem("duct", 1, "楚天", rank=50),
            SearchItem("a", 1, "楚天", rank=60),
        ]
    )
    assert found("楚天") == [("duct", "1"), ("site", "1"), ("a", "1")]


def test_kinds_limit_what_is_found(things: None) -> None:
    assert found("汉江银行", kinds=["circuit"]) == [("circuit", "1")]
    assert found("汉江银行", kinds=[]) == []


def test_the_limit_holds(things: None) -> None:
    assert len(found("0001", limit=1)) == 1


def test_a_change_of_name_is_found_at_once_and_the_old_name_no_longer(things: None) -> None:
    index([SearchItem("customer", 1, "楚江银行", customer_id=1, region_code="4201")])
    assert ("customer", "1") in found("楚江")
    assert ("customer", "1") not in found("汉江")


def test_what_is_forgotten_is_not_found(things: None) -> None:
    forget("customer", [1])
    assert ("customer", "1") not in found("汉江")
    assert ("circuit", "1") in found("汉江")


def test_indexing_the_same_thing_twice_in_one_call_keeps_the_last(db: None) -> None:
    assert index([SearchItem("customer", 1, "甲乙"), SearchItem("customer", 1, "丙丁")]) == 1
    assert found("丙丁") == [("customer", "1")]
    assert found("甲乙") == []


def test_each_finds_only_what_they_may_see(world: World) -> None:
    index(
        SearchItem("circuit", c.pk, c.number, words=("江楚天粤",), customer_id=c.customer_id, region_code=c.region_code)
        for c in world.circuits
    )
    bank, branch, logistics, trade = ([("circuit", str(c.pk))] for c in world.circuits)
    for who, expected in (
        ("zhou.ying", bank + branch),
        ("wang.min", bank + branch),
        ("wu.tong", logistics),
        ("li.qiang", bank + branch + logistics),
        ("huang.wei", trade),
        ("admin", bank + branch + logistics + trade),
    ):
        assert sorted(found("江楚", world.actor(who))) == sorted(expected), who
    assert found("汉江", NOBODY) == []


def test_a_search_costs_the_same_however_much_is_found(things: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found("汉江")
    for many in (700, 1400):
        index(SearchItem("circuit", n, f"XY-{n:05d}", words=("汉江",)) for n in range(1000, 1000 + many))
        with django_assert_num_queries(4):
            assert len(queries.find("汉江", ALL, limit=50)) == 50
    with django_assert_num_queries(0):
        assert queries.find("  ", ALL) == []


@pytest.mark.parametrize("text", ["楚天", "chutian", "ct"])
def test_the_very_thing_comes_first_even_among_more_than_are_weighed(db: None, text: str) -> None:
    index(SearchItem("circuit", n, f"XY-{n:05d}", words=("楚天",)) for n in range(queries.WEIGHED + 50))
    index([SearchItem("customer", 1, "楚天物流"), SearchItem("customer", 2, "楚天")])
    assert found(text)[:2] == [("customer", "2"), ("customer", "1")]
    assert found(text, kinds=["customer"]) == [("customer", "2"), ("customer", "1")]


def test_where_thousands_of_labels_begin_so_the_first_tiers_are_looked_through(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COMMON", 3)
    index(SearchItem("circuit", n, f"XY-{n:05d}", words=("楚天",)) for n in range(queries.WEIGHED + 50))
    index([SearchItem("customer", 1, "楚天物流"), SearchItem("customer", 2, "楚天")])
    assert found("楚天")[:2] == [("customer", "2"), ("customer", "1")]
    index(SearchItem("customer", n, f"楚天{n}号", prominence=1) for n in range(3, 6))
    assert found("楚天")[:4] == [("customer", "2"), *(("customer", str(n)) for n in range(3, 6))]
    assert found("楚天物流") == [("customer", "1")]


def test_what_half_of_all_firms_are_called_is_needed_all_the_same(db: None) -> None:
    index([SearchItem("customer", 1, "楚天有限公司"), SearchItem("customer", 2, "楚天商行")])
    assert found("楚天有限公司") == [("customer", "1")]
    assert found("chutianyouxiangongsi") == [("customer", "1")]
    assert found("有限公司") == [("customer", "1")]
    index([SearchItem("customer", 3, "楚天股份有限公司"), SearchItem("customer", 4, "楚天有限责任公司")])
    assert found("楚天股份有限公司") == [("customer", "3")]
    assert found("楚天 有限责任公司") == [("customer", "4")]


@pytest.mark.parametrize("told", [0, 1, 5_000])
def test_a_list_is_told_the_keys_of_few_and_how_to_find_many(
    world: World, monkeypatch: pytest.MonkeyPatch, told: int
) -> None:
    index(SearchItem("circuit", circuit.pk, circuit.number, words=("江楚",)) for circuit in world.circuits[:3])
    index([SearchItem("customer", world.circuits[3].pk, "江楚")])
    monkeypatch.setattr(queries, "LOOKED_UP", told)
    found = Circuit.objects.filter(queries.is_found("江楚", "circuit")).order_by("-number")
    assert {circuit.pk for circuit in found} == {circuit.pk for circuit in world.circuits[:3]}
    assert found.count() == 3
    assert not Circuit.objects.filter(queries.is_found("—", "circuit")).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of the planner of PostgreSQL")
@pytest.mark.django_db
@pytest.mark.parametrize("text", ["楚天", "chutian", "ct"])
def test_a_word_of_many_things_is_looked_up_in_the_index_not_the_table(text: str) -> None:
    index(SearchItem("circuit", n, f"XY-{n:05d}", words=("楚天",), region_code="4201") for n in range(3_000))
    index(SearchItem("site", n, f"QT-{n:05d}", words=("荆山",), region_code="4201") for n in range(3_000))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_searchentry")
    for tier in (Tier.SAMPLE, Tier.REST):
        assert f"search_index_{tier}" in explained(tier, asked(text), Q(region_code__startswith="42"))
