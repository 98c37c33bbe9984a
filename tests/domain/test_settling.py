"""Which bills are settled, since when: nothing is lost, the past stays as it was."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mainstay.domain.settling import Owed, Paid, Settlement, settle

FIRST = date(2026, 1, 1)
DAYS = st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n))
BILLS = st.lists(st.tuples(DAYS, st.integers(0, 40), st.integers(-300, 600)), max_size=8).map(
    lambda rows: [Owed(n, on, on + timedelta(days=due), fen) for n, (on, due, fen) in enumerate(rows)]
)
PAYMENTS = st.lists(st.tuples(DAYS, st.integers(0, 500), st.none() | st.integers(0, 9)), max_size=8).map(
    lambda rows: [Paid(on, fen, bill) for on, fen, bill in rows]
)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def test_a_payment_goes_to_the_bill_it_names_and_the_rest_to_what_was_due_first() -> None:
    bills = [Owed(1, day(0), day(30), 100), Owed(2, day(0), day(20), 100), Owed(3, day(40), day(50), 50)]
    found = settle(bills, [Paid(day(10), 130, 1), Paid(day(35), 90)])
    assert found.bills == {
        1: Settlement(0, day(10)), 2: Settlement(0, day(35)), 3: Settlement(30, None),
    }  # fmt: skip
    assert found.credit_fen == 0


def test_credit_waits_for_the_next_bill() -> None:
    found = settle([Owed(1, day(5), day(30), 100)], [Paid(day(0), 150)])
    assert (found.bills[1], found.credit_fen) == (Settlement(0, day(5)), 50)


def test_a_credit_note_settles_what_is_open() -> None:
    found = settle([Owed(1, day(0), day(30), 100), Owed(2, day(9), day(9), -100)], [])
    assert found.bills == {1: Settlement(0, day(9)), 2: Settlement(0, day(9))}


@given(BILLS, PAYMENTS)
def test_nothing_is_lost(bills: list[Owed], payments: list[Paid]) -> None:
    found = settle(bills, payments)
    still_open = sum(each.open_fen for each in found.bills.values())
    owed, paid = sum(bill.amount_fen for bill in bills), sum(each.amount_fen for each in payments)
    assert still_open - found.credit_fen == owed - paid
    assert all(0 <= found.bills[bill.key].open_fen <= max(0, bill.amount_fen) for bill in bills)
    assert all((found.bills[bill.key].settled_on is None) == (found.bills[bill.key].open_fen > 0) for bill in bills)


@given(BILLS, PAYMENTS, DAYS)
def test_what_comes_later_changes_nothing_that_was(bills: list[Owed], payments: list[Paid], on: date) -> None:
    whole = settle(bills, payments).bills
    then = settle([bill for bill in bills if bill.issued_on <= on], [each for each in payments if each.paid_on <= on])
    for key, each in then.bills.items():
        settled_on = whole[key].settled_on
        settled_by_then = settled_on is not None and settled_on <= on
        assert settled_by_then == (each.settled_on is not None)
        assert each.settled_on in (None, whole[key].settled_on)


@given(BILLS, PAYMENTS)
def test_credit_waits_only_while_nothing_is_open(bills: list[Owed], payments: list[Paid]) -> None:
    found = settle(bills, payments)
    assert not (found.credit_fen and any(each.open_fen for each in found.bills.values()))
