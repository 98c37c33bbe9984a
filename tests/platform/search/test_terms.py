"""Texts become terms that hold nothing but letters, digits and Chinese characters."""

from hypothesis import given
from hypothesis import strategies as st

from mainstay.platform.search.asking import AllOf, AnyOf, Ask, Term, asked
from mainstay.platform.search.terms import spelled, starts_of, terms_of


def test_it_works() -> None:
    assert terms_of(["汉江"]) == ["汉江", "江", "han", "jiang", "hanjiang", "hj"]
    assert "hjy" in terms_of(["汉江银"])


def test_numbers_are_found_from_each_part_on() -> None:
    assert set(terms_of(["WH-E1-0001"])) == {"wh", "e", "1", "0001", "10001", "e10001", "whe10001"}


def test_overridden_readings_hold() -> None:
    assert spelled("单县") == ("shanxian", "sx")
    assert spelled("汉江银行") == ("hanjiangyinhang", "hjyh")


def test_letters_and_accents_and_widths_are_one() -> None:
    assert terms_of(["Ｚürich"]) == terms_of(["zurich"]) == ["zurich"]


def test_two_characters_are_one_term_and_one_is_a_beginning() -> None:
    assert asked("汉") == [Term("汉", begins=True, wide=True)]
    assert asked("汉江银 E1") == [Term("汉江"), Term("江银"), Term("e1", begins=True, wide=True)]


def test_letters_are_pinyin_or_initials_or_both() -> None:
    (hanjiang,) = asked("hanjiangyinh")
    assert isinstance(hanjiang, AnyOf)
    (spelled,) = [way for way in hanjiang.ways if isinstance(way, AllOf) and way.parts[0] == Term("hanjiang")]
    assert spelled.parts[1] == Term("jiangyin")
    assert isinstance(spelled.parts[2], AnyOf)
    assert {Term("yinhang"), Term("yinhe")} <= set(spelled.parts[2].ways)
    (both,) = asked("wuhanyh")
    assert isinstance(both, AnyOf)
    (way,) = [way for way in both.ways if isinstance(way, AllOf)]
    assert way.parts[0] == Term("wuhan")
    assert way.parts[2] == Term("yh")
    assert asked("yh") == [Term("yh")]


def test_numbers_are_one_with_or_without_gaps() -> None:
    assert asked("027-8555") == [Term("0278555", begins=True)]
    (mobile,) = asked("138 0000 0001")
    assert isinstance(mobile, AnyOf)
    assert mobile.ways[0] == Term("13800000001", begins=True)


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
    assert all(answered(part, terms) for part in asked(text))


def answered(ask: Ask, terms: list[str]) -> bool:
    """Say what the databases say."""
    if isinstance(ask, Term):
        return any(term.startswith(ask.text) for term in terms) if ask.begins else ask.text in terms
    if isinstance(ask, AnyOf):
        return any(answered(way, terms) for way in ask.ways)
    return all(answered(part, terms) for part in ask.parts)
