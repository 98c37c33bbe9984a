"""Payments earn by the rules of their time, each once; days bring years, birthdays, expiry and word of it (B4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.points.actions import books
from mainstay.accounts.points.actions.days import days_due, do_day, keep_up
from mainstay.accounts.points.actions.earning import earn_due, on_revenue_changed
from mainstay.accounts.points.actions.posting import Wanted, post
from mainstay.accounts.points.errors import BadRules
from mainstay.accounts.points.models import EarningDue, Purse, Transfer
from mainstay.accounts.points.queries.preview import preview
from mainstay.accounts.points.queries.verifying import verify
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.revenue.models import Bill, BillLine, Payment
from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotAllowed
from mainstay.domain.points.rules import Book
from mainstay.platform.messages.models import Message
from tests.cast import World

AT = datetime(2026, 9, 1, 1, tzinfo=UTC)
BY = system("test")
AUGUST = date(2026, 8, 1)
BOOK = Book(Decimal(1), 0, {"gold": Decimal(2)}, {"leased-line": Decimal(3)}, ((5, 700),), 90, warn_days=60)


def lay(valid_from: date = date(2026, 1, 1), book: Book = BOOK) -> Any:
    """Lay rules down."""
    return books.lay_down(book, valid_from, at=AT, by=BY)


def pay(customer: Customer, fen: int, number: str = "P1", bill: Bill | None = None) -> Payment:
    """Let a customer pay in August, and tell."""
    paid = Payment.objects.create(
        number=number,
        customer=customer,
        bill=bill,
        paid_on=date(2026, 8, 20),
        amount_fen=fen,
        source="t",
        received_at=AT,
    )
    on_revenue_changed(RevenueChanged((customer.pk,), (AUGUST,)), BY)
    return paid


def held(customer: Customer) -> int:
    """Return what is available."""
    return Purse.objects.get(pk=customer.pk).available


def test_it_works(world: World) -> None:
    lay()
    pay(world.bank, 10_050)
    assert earn_due(at=AT, by=BY) == 1
    assert held(world.bank) == 201
    row = Transfer.objects.get()
    assert (row.source, row.ref, row.book.version) == ("payment", "2026-08", 1)
    assert (row.lot.earned_on, row.lot.expires_on) == (date(2026, 8, 31), date(2028, 12, 31))


def test_told_again_nothing_changes_and_more_paid_earns_the_difference(world: World) -> None:
    lay()
    pay(world.bank, 10_000)
    for _ in range(3):
        earn_due(at=AT, by=BY)
        on_revenue_changed(RevenueChanged((world.bank.pk,), (AUGUST,)), BY)
    pay(world.bank, 5_000, "P2")
    earn_due(at=AT, by=BY)
    assert held(world.bank) == 300
    assert Transfer.objects.count() == 2
    assert not EarningDue.objects.exists()


def test_a_payment_taken_back_takes_points_as_far_as_they_are_there(world: World) -> None:
    lay()
    paid = pay(world.bank, 10_000)
    earn_due(at=AT, by=BY)
    post(Wanted("spent", world.bank.pk, "redeem", 150), at=AT, by=BY)
    paid.delete()
    on_revenue_changed(RevenueChanged((world.bank.pk,), (AUGUST,)), BY)
    earn_due(at=AT, by=BY)
    assert held(world.bank) == 0
    assert verify() == []


def test_products_count_by_the_lines_of_the_bill(world: World) -> None:
    lay()
    bill = Bill.objects.create(
        number="B1", customer=world.branch, month=AUGUST, issued_on=AUGUST, due_on=AUGUST, amount_fen=10_000,
        source="t", received_at=AT,
    )  # fmt: skip
    for position, (product, fen) in enumerate((("leased-line", 4_000), ("other", 6_000)), 1):
        BillLine.objects.create(bill=bill, position=position, product_code=product, amount_fen=fen)
    pay(world.branch, 5_000, bill=bill)
    earn_due(at=AT, by=BY)
    assert held(world.branch) == (20 * 3 + 30) * 2


def test_each_month_goes_by_the_rules_of_its_end(world: World) -> None:
    pay(world.bank, 10_000)
    earn_due(at=AT, by=BY)
    assert not Transfer.objects.exists()
    lay()
    lay(date(2026, 9, 1), Book(Decimal(10)))
    pay(world.bank, 10_000, "P2")
    earn_due(at=AT, by=BY)
    assert held(world.bank) == 400


def test_a_version_cannot_begin_before_an_earlier_one(world: World, manager: Actor) -> None:
    lay(date(2026, 6, 1))
    with pytest.raises(BadRules):
        lay(date(2026, 5, 31))
    with pytest.raises(NotAllowed):
        books.lay_down(BOOK, date(2026, 7, 1), at=AT, by=manager)


def test_years_and_birthdays_are_given_once_on_their_day(world: World) -> None:
    lay()
    Customer.objects.filter(pk=world.bank.pk).update(since_on=date(2021, 9, 1))
    Contact.objects.filter(pk=world.bank_contact.pk).update(role="decision_maker", birthday_on=date(1980, 9, 1))
    for _ in range(2):
        do_day(date(2026, 9, 1), at=AT, by=BY)
    do_day(date(2026, 9, 2), at=AT, by=BY)
    assert sorted(Transfer.objects.values_list("source", "amount")) == [("birthday", 90), ("years", 700)]


def test_missed_days_are_made_good(world: World) -> None:
    lay()
    assert days_due(date(2026, 9, 1)) == [date(2026, 9, 1)]
    assert keep_up(at=AT, by=BY)
    assert not keep_up(at=AT, by=BY)
    assert days_due(date(2026, 9, 4)) == [date(2026, 9, 2), date(2026, 9, 3), date(2026, 9, 4)]


def test_people_are_told_before_points_expire_and_then_they_do(world: World) -> None:
    lay()
    until = date(2026, 10, 15)
    post(Wanted("e", world.bank.pk, "earn", 80, on=date(2024, 1, 1), expires_on=until), at=AT, by=BY)
    do_day(until - timedelta(days=61), at=AT, by=BY)
    assert not Message.objects.exists()
    for back in (60, 59):
        do_day(until - timedelta(days=back), at=AT, by=BY)
    told = {message.user_id for message in Message.objects.all()}
    assert told == {world.users["wang.min"].pk, world.users["zhou.ying"].pk}
    assert Message.objects.count() == 2
    do_day(until, at=AT, by=BY)
    assert held(world.bank) == 80
    do_day(until + timedelta(days=1), at=AT, by=BY)
    assert held(world.bank) == 0


def test_a_preview_writes_nothing_and_shows_both_rules(world: World, manager: Actor) -> None:
    lay()
    pay(world.bank, 10_000)
    seen = preview(manager, world.bank.pk, Book(Decimal(5)), date(2026, 9, 10))
    assert (seen.now, seen.then) == (200, 500)
    assert [month.paid_fen for month in seen.months if month.paid_fen] == [10_000]
    assert not Transfer.objects.exists()
