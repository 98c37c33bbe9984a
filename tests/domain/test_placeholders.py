"""Gaps in texts are filled in and nothing else happens."""

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.placeholders import filled, gaps_in, in_one_line, unknown_in


def test_it_works() -> None:
    assert filled("Dear {name},\nback at {eta}.", {"name": "周颖", "eta": "08:30"}) == "Dear 周颖,\nback at 08:30."


def test_a_line_whose_gap_says_nothing_is_left_out() -> None:
    assert (
        filled("Repair goes on.\nBack at {eta}.\nDesk {phone}", {"eta": "", "phone": "1"}) == "Repair goes on.\nDesk 1"
    )


def test_what_is_filled_in_is_never_read_again() -> None:
    assert filled("{doing} {name}", {"doing": "{name}", "name": "x"}) == "{name} x"


def test_a_gap_nobody_fills_is_named_as_it_was_written() -> None:
    assert unknown_in("{name} {nmae} { name } {x.__class__} }", ["name"]) == [
        "{nmae}",
        "{ name }",
        "{x.__class__}",
        "}",
    ]


def test_lines_are_joined_for_short_messages() -> None:
    assert in_one_line("a\n\n b \nc", between="") == "abc"


@given(st.text(), st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), st.text(), max_size=3))
def test_anything_typed_is_filled_without_an_error(text: str, words: dict[str, str]) -> None:
    known = {name: words.get(name, "") for name in gaps_in(text)}
    assert isinstance(filled(text, known), str)
