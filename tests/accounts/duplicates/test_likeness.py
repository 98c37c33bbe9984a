"""What speaks for two customers being one, and what does not (pure)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.accounts.duplicates.likeness import SUSPECTED, Facts, core, dialled, keys_of, likeness

BANK = Facts(1, "汉江银行股份有限公司", "汉江银行", "4201", phone="027-8555 0100", address="武汉市江汉区建设大道100号")
TEXT = st.text("汉江银行第一二医院 Co.Ltd有限公司武", max_size=14)
FACTS = st.builds(
    Facts, st.integers(1, 9), TEXT, TEXT, st.sampled_from(["4201", "4202", "42"]),
    phone=st.sampled_from(["", "8555010"]), address=st.sampled_from(["", "建设大道100号", "建设大道 100 号"]),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("汉江银行股份有限公司", "汉江银行"),
        ("汉江银行（集团）", "汉江银行"),
        ("ACME Co., Ltd.", "acme"),
        ("公司", "公司"),
    ],
)
def test_a_name_without_its_legal_form(name: str, bare: str) -> None:
    assert core(name) == bare


def test_telephones_are_compared_by_their_digits() -> None:
    assert dialled("+86 027-8555 0100") == dialled("027-85550100") == "2785550100"
    assert dialled("110") == ""


@pytest.mark.parametrize(
    "other",
    [
        replace(BANK, name="汉江银行有限责任公司", phone="", address=""),
        replace(BANK, name="汉江银行（武汉）", phone="02785550100", address="建设大道100号，武汉市江汉区"),
        replace(BANK, name="汉江商业银行股份有限公司", phone="027-85550100"),
        replace(BANK, name="别的名字", identifiers=("91420100X",)),
    ],
)
def test_these_are_suspected(other: Facts) -> None:
    one = replace(BANK, identifiers=("91420100x",))
    assert likeness(one, replace(other, id=2)).score >= SUSPECTED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Facts(1, "江城第一医院", region_code="4201"), Facts(2, "江城第二医院", region_code="4201")),
        (Facts(1, "汉江银行", region_code="4201"), Facts(2, "汉江银行黄石分行", region_code="4202", parent_id=1)),
        (Facts(1, "楚天物流", address="武昌区"), Facts(2, "武昌区教育局", address="武昌区")),
        (Facts(1, "汉江银行宜昌分行", parent_id=9, phone="95500-1234"),
         Facts(2, "汉江银行荆州分行", parent_id=9, phone="95500-1234")),
    ],
)  # fmt: skip
def test_these_are_not(one: Facts, other: Facts) -> None:
    assert likeness(one, other).score < SUSPECTED


@given(FACTS, FACTS)
def test_likeness_goes_both_ways_and_is_a_share(one: Facts, other: Facts) -> None:
    there, back = likeness(one, other), likeness(other, one)
    assert there.score == back.score
    assert 0 <= there.score <= 100


@given(FACTS)
def test_who_is_the_same_meets_itself(one: Facts) -> None:
    assert set(keys_of(one)) == set(keys_of(replace(one, id=10)))
    assert all(0 <= key < 1 << 63 for key in keys_of(one))
