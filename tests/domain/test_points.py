"""What payments, years and birthdays earn, and when points end (B4)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.offers import Benefit, in_english, savings
from mainstay.domain.points.purse import Account, BadAmount, Lot, NotEnough, Purse
from mainstay.domain.points.rules import BadBook, Book, book_of, earned, last_day, plain, years_bonus

BOOK = Book(Decimal("0.1"), 10_000, {"gold": Decimal("1.5")}, {"line": Decimal(2)}, ((5, 5_000),), 500)


def test_it_works() -> None:
    points, parts = earned(BOOK, {"line": 100_000, "": 50_000}, "gold")
    assert points == 1000 // 10 * 2 * 3 // 2 + 500 // 10 * 3 // 2
    assert [(part.product, part.points) for part in parts] == [("", Decimal("75.00")), ("line", Decimal("300.00"))]


@pytest.mark.parametrize(("paid", "points"), [(9_999, 0), (10_000, 10), (10_990, 10), (11_000, 11)])
def test_a_month_earns_from_its_least_payment_on_and_rounds_down(paid: int, points: int) -> None:
    assert earned(BOOK, {"": paid}, "standard")[0] == points


@pytest.mark.parametrize(
    ("life", "whole", "day", "last"),
    [
        (3, True, date(2026, 1, 1), date(2028, 12, 31)),
        (3, True, date(2026, 12, 31), date(2028, 12, 31)),
        (3, False, date(2026, 3, 5), date(2029, 3, 4)),
        (1, False, date(2024, 2, 29), date(2025, 2, 28)),
        (0, True, date(2026, 1, 1), None),
    ],
)
def test_points_live_until_the_last_day_the_rules_say(life: int, whole: bool, day: date, last: date | None) -> None:
    assert last_day(Book(life_years=life, whole_years=whole), day) == last


def test_years_with_us_count_on_their_day_only() -> None:
    since = date(2020, 2, 29)
    assert years_bonus(BOOK, since, date(2025, 3, 1)) == (5, 5_000)
    assert years_bonus(BOOK, since, date(2025, 2, 28)) == (0, 0)
    assert years_bonus(BOOK, since, date(2026, 3, 1)) == (0, 0)
    assert years_bonus(BOOK, None, date(2025, 3, 1)) == (0, 0)


def test_a_book_is_kept_and_read_back() -> None:
    assert book_of(plain(BOOK)) == BOOK


@pytest.mark.parametrize(
    "wrong",
    [{"per_yuan": "-1"}, {"per_yuan": "x"}, {"grades": {"gold": "1000"}}, {"years": [[0, 5]]},
     {"years": [[5, 5], [5, 6]]}, {"birthday": -1}, {"per_yuan": "NaN"}],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadBook):
        book_of(wrong)


def test_the_oldest_lot_is_used_first_and_given_back_to_where_it_came_from() -> None:
    purse = Purse()
    purse.gain(Lot(1, date(2026, 1, 1), date(2026, 6, 30), 10))
    purse.gain(Lot(2, date(2025, 1, 1), None, 10))
    spent = purse.spend(15)
    assert spent.uses == ((2, 10), (1, 5))
    assert (spent.debit, spent.credit) == (Account.AVAILABLE, Account.REDEMPTION)
    purse.take_back(spent)
    assert [lot.left for lot in purse.lots] == [10, 10]
    assert purse.expirable(date(2026, 6, 30)) == 0
    assert purse.expirable(date(2026, 7, 1)) == 10


def test_what_is_frozen_does_not_expire() -> None:
    purse = Purse()
    purse.gain(Lot(1, date(2026, 1, 1), date(2026, 6, 30), 10))
    purse.freeze(7)
    gone = purse.expire(date(2026, 7, 1))
    assert gone is not None
    assert (gone.amount, purse.available, purse.frozen) == (3, 0, 7)


def test_more_than_there_is_cannot_be_asked_for() -> None:
    purse = Purse()
    with pytest.raises(NotEnough):
        purse.freeze(1)
    with pytest.raises(BadAmount):
        purse.spend(0)


def test_chinese_names_of_facts_are_read_outside_of_quotation_marks_only() -> None:
    assert in_english("年收入 >= 5 并且 产品 属于 ['年收入']").split() == [
        "revenue_year",
        ">=",
        "5",
        "and",
        "products",
        "in",
        "['年收入']",
    ]


@given(
    st.lists(st.integers(-1_000, 10_000_000), min_size=1, max_size=30), st.sampled_from(Benefit), st.integers(1, 100)
)
def test_an_offer_never_saves_more_than_is_billed(billed: list[int], benefit: Benefit, value: int) -> None:
    given_back = savings(benefit, min(value, 12) if benefit == Benefit.FREE_MONTHS else value, billed)
    assert all(0 <= one.saved_fen <= max(fen, 0) for one, fen in zip(given_back, billed, strict=True))
