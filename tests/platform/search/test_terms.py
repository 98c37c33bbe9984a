"""Texts become terms that hold nothing but letters, digits and Chinese characters."""

from hypothesis import given
from hypothesis import strategies as st

from mainstay.platform.search.terms import asked, spelled, starts_of, terms_of


def test_it_works() -> None:
    assert terms_of(["汉江"]) == ["汉江", "江", "jiang", "hanjiang", "j", "hj"]


def test_numbers_are_found_from_each_part_on() -> None:
    assert set(terms_of(["WH-E1-0001"])) == {"1", "0001", "10001", "e10001", "whe10001"}


def test_overridden_readings_hold() -> None:
    assert spelled("单县") == ("shanxian", "sx")
    assert spelled("汉江银行") == ("hanjiangyinhang", "hjyh")


def test_letters_and_accents_and_widths_are_one() -> None:
    assert terms_of(["Ｚürich"]) == terms_of(["zurich"]) == ["zurich"]


def test_a_question_of_one_character_is_a_beginning() -> None:
    assert asked("汉") == [("汉", True)]
    assert asked("汉江银 E1") == [("汉江", False), ("江银", False), ("e", True), ("1", True)]


def test_a_label_marks_its_beginning() -> None:
    assert starts_of("汉江 2 号") == ["々汉江2号", "々hanjiang2hao", "々hj2h"]
    assert starts_of("WH-1") == ["々wh1", "々w1"]


@given(st.text(max_size=60))
def test_terms_are_clean_and_never_empty(text: str) -> None:
    for term in terms_of([text]):
        assert term
        assert term.isalnum(), term
        assert "'" not in term
        assert '"' not in term


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd", "Lo"]), min_size=1, max_size=20))
def test_a_text_is_found_by_itself(text: str) -> None:
    terms = terms_of([text])
    for term, begins in asked(text):
        assert any(t.startswith(term) for t in terms) if begins else term in terms
