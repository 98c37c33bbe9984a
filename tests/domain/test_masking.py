"""A masked value tells who knows it that it is the same, and nobody else what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.masking import Mask, is_masked, masked

CASES = [
    (Mask.PHONE, "13812345678", "138****5678"),
    (Mask.PHONE, "027-8555 0100", "027****0100"),
    (Mask.PHONE, "8555010", "****10"),
    (Mask.PHONE, "110", "****"),
    (Mask.EMAIL, "zhou.ying@example.com", "z****@example.com"),
    (Mask.EMAIL, "a@b.cn", "****@b.cn"),
    (Mask.EMAIL, "nonsense", "****"),
    (Mask.IDENTITY, "420106198503081234", "4****4"),
    (Mask.ACCOUNT, "6222 0202 0009 9887", "****9887"),
    (Mask.DATE, "1985-03-08", "****-**-**"),
    (Mask.WHOLE, "whatever", "****"),
]


@pytest.mark.parametrize(("mask", "value", "shown"), CASES)
def test_it_works(mask: Mask, value: str, shown: str) -> None:
    assert masked(mask, value) == shown


@pytest.mark.parametrize("mask", list(Mask))
def test_nothing_stays_nothing(mask: Mask) -> None:
    assert masked(mask, None) == masked(mask, "") == ""


@given(st.sampled_from(list(Mask)), st.text(min_size=1).filter(str.strip))
def test_a_masked_value_is_known_as_one_and_never_the_value(mask: Mask, value: str) -> None:
    shown = masked(mask, value)
    assert is_masked(shown)
    assert value.strip() not in shown.replace("*", "") or not value.strip("*@.- ")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_of_a_mobile_number_four_digits_are_gone(number: str) -> None:
    assert masked(Mask.PHONE, number) == f"{number[:3]}****{number[7:]}"
