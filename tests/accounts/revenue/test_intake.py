"""What billing delivers: kept once, corrected by number, told who and when, undone."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.revenue import importing
from mainstay.accounts.revenue.actions import intake
from mainstay.accounts.revenue.events import RevenueChanged
from mainstay.accounts.revenue.models import Bill, BillLine, Payment, Touched, Usage
from mainstay.accounts.revenue.queries.facts import facts_of
from mainstay.accounts.revenue.rolling import roll_all
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.registry import Given, Taken, Written
from mainstay.platform.journal import registry
from mainstay.platform.journal.models import Entry
from tests.accounts.revenue.stage import AT, ON
from tests.cast import World

LATER = AT + timedelta(hours=1)


def row(world: World, number: str = "ZD-1", amount: str = "100.00", **more: Any) -> Given:
    values = {
        "number": number, "customer": world.bank.code, "month": date(2026, 8, 15), "issued_on": date(2026, 9, 2),
        "due_on": date(2026, 9, 5), "amount": Decimal(amount), **more,
    }  # fmt: skip
    return Given(int(number.rsplit("-", maxsplit=1)[-1]), values)


def paid(world: World, number: str = "SK-1", amount: str = "100.00", **more: Any) -> Given:
    values = {"number": number, "customer": world.bank.code, "paid_on": date(2026, 9, 4), "amount": Decimal(amount)}
    return Given(int(number.rsplit("-", maxsplit=1)[-1]), values | more)


def take(world: World, shape: Any, *rows: Given, at: Any = AT) -> list[Written]:
    return intake.take(shape, rows, source="billing", at=at, by=world.actor("admin"))


def outcomes(done: list[Written]) -> list[str]:
    return [each.outcome for each in done]


def test_it_works(world: World) -> None:
    assert outcomes(take(world, intake.BILL, row(world))) == ["created"]
    assert outcomes(take(world, intake.PAYMENT, paid(world, bill="ZD-1"))) == ["created"]
    kept = Bill.objects.get()
    assert (kept.month, kept.amount_fen, kept.source, kept.received_at) == (date(2026, 8, 1), 10_000, "billing", AT)
    assert facts_of([world.bank.pk], ON)[world.bank.pk].arrears_fen == 0
    roll_all(on=ON)
    kept.refresh_from_db()
    assert (kept.open_fen, kept.settled_on) == (0, date(2026, 9, 4))


def test_the_same_again_changes_nothing(world: World) -> None:
    take(world, intake.BILL, row(world))
    roll_all(on=ON)
    assert outcomes(take(world, intake.BILL, row(world), at=LATER)) == ["unchanged"]
    assert Bill.objects.get().received_at == AT
    assert not Touched.objects.exists()


def test_a_known_number_is_corrected_and_the_trail_says_from_what_to_what(world: World) -> None:
    take(world, intake.BILL, row(world))
    assert outcomes(take(world, intake.BILL, row(world, amount="90"), at=LATER)) == ["updated"]
    entry = Entry.objects.order_by("id").last()
    assert (entry.action, entry.before, entry.after) == (
        "bill.correct", {"amount_fen": 10_000}, {"amount_fen": 9_000},
    )  # fmt: skip
    assert (entry.at, entry.customer_id) == (LATER, world.bank.pk)
    assert Bill.objects.get().received_at == LATER


def test_bad_rows_spoil_no_good_ones(world: World) -> None:
    bad = [
        row(world, "ZD-2", customer="nobody"),
        row(world, "ZD-3", "1.005"),
        row(world, "ZD-4", issued_on=date(2026, 9, 20), due_on=date(2026, 9, 30)),
        row(world, "ZD-5", due_on=date(2026, 9, 1)),
    ]
    done = take(world, intake.BILL, row(world), *bad, Given(99, row(world).values))
    assert outcomes(done) == ["created", *["refused"] * 5]
    assert Bill.objects.count() == 1


def test_a_number_of_another_customer_is_refused(world: World) -> None:
    take(world, intake.BILL, row(world))
    assert outcomes(take(world, intake.BILL, row(world, customer=world.trade.code))) == ["refused"]


def test_a_payment_names_a_bill_of_its_own_customer_only(world: World) -> None:
    take(world, intake.BILL, row(world))
    done = take(world, intake.PAYMENT, paid(world, customer=world.trade.code, bill="ZD-1"), paid(world, "SK-2", "-5"))
    assert outcomes(done) == ["refused", "refused"]
    assert not Payment.objects.exists()


def test_lines_and_usage(world: World) -> None:
    take(world, intake.BILL, row(world))
    line = Given(1, {"bill": "ZD-1", "position": 1, "circuit": "X1", "amount": Decimal(100)})
    assert outcomes(take(world, intake.LINE, line)) == ["created"]
    used = Given(1, {"customer": world.bank.code, "month": date(2026, 8, 3), "service": "voice",
                     "quantity": Decimal("12.5"), "unit": "min"})  # fmt: skip
    assert outcomes(take(world, intake.USAGE, used)) == ["created"]
    assert outcomes(take(world, intake.USAGE, used)) == ["unchanged"]
    assert (BillLine.objects.get().amount_fen, Usage.objects.get().quantity) == (10_000, Decimal("12.5"))


def test_who_may_not_deliver_delivers_nothing(world: World) -> None:
    with pytest.raises(NotAllowed):
        intake.take(intake.BILL, [row(world)], source="billing", at=AT, by=world.actor("wang.min"))


def test_it_is_announced_whose_revenue_changed_in_which_months(world: World) -> None:
    heard: list[Any] = []
    before = registry.handlers_of(RevenueChanged)
    registry.listen(RevenueChanged, lambda event, _by: heard.append(event))
    try:
        take(world, intake.BILL, row(world))
        take(world, intake.PAYMENT, paid(world))
    finally:
        registry.listen(RevenueChanged, *before)
    assert heard == [RevenueChanged((world.bank.pk,), (date(2026, month, 1),)) for month in (8, 9)]


def test_an_import_is_undone(world: World) -> None:
    first = take(world, intake.BILL, row(world), row(world, "ZD-2"))
    second = take(world, intake.BILL, row(world, amount="90"), at=LATER)
    taken = [Taken("bill", each.object_id or 0, each.label, each.outcome == "created", each.before, each.after)
             for each in (second[0], first[1])]  # fmt: skip
    assert importing.BILLS.take_back(taken, at=LATER, by=world.actor("admin")) == [None, None]
    assert [(each.number, each.amount_fen) for each in Bill.objects.all()] == [("ZD-1", 10_000)]
    roll_all(on=ON)
    assert facts_of([world.bank.pk], ON)[world.bank.pk].billed_month_fen == 10_000


def test_what_is_given_can_be_taken_in_again(world: World) -> None:
    take(world, intake.BILL, row(world))
    take(world, intake.PAYMENT, paid(world, bill="ZD-1"))
    for kind, shape in ((importing.BILLS, intake.BILL), (importing.PAYMENTS, intake.PAYMENT)):
        given = list(kind.give(world.actor("admin")))
        assert outcomes(take(world, shape, *(Given(n, each) for n, each in enumerate(given)))) == ["unchanged"]
    assert list(importing.BILLS.give(world.actor("huang.wei"))) == []


def test_queries_do_not_grow_with_rows(world: World, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    many = [row(world, f"ZD-{n}") for n in range(1, 60)]
    actor = world.actor("admin")
    with django_assert_max_num_queries(12):
        intake.take(intake.BILL, many, source="billing", at=AT, by=actor)
