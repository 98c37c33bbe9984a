"""Short messages are counted as networks bill them (3GPP TS 23.038, 23.040)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.short_message import measured


@pytest.mark.parametrize(
    ("text", "units", "parts", "gsm"),
    [
        ("", 0, 0, True),
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("a" * 306, 306, 2, True),
        ("a" * 307, 307, 3, True),
        ("电" * 70, 70, 1, False),
        ("电" * 71, 71, 2, False),
        ("电" * 134, 134, 2, False),
        ("电" * 135, 135, 3, False),
        ("€" * 80, 160, 1, True),
        ("€" * 81, 162, 2, True),
        ("𠮷" * 35, 70, 1, False),
        ("𠮷" * 36, 72, 2, False),
    ],
)
def test_parts_and_units(text: str, units: int, parts: int, gsm: bool) -> None:
    found = measured(text)
    assert (found.units, found.parts, found.is_gsm) == (units, parts, gsm)


def test_a_letter_of_two_units_never_lies_across_two_parts() -> None:
    assert measured("a" * 152 + "€" + "a" * 152).parts == 3


@given(st.text(max_size=400))
def test_the_parts_hold_the_units(text: str) -> None:
    found = measured(text)
    assert found.units <= found.parts * found.per_part
    assert measured(text + "x").parts >= found.parts
