"""Arrears, bills, credit and reconciliation on pages: figures, links, queries, what is refused where."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from mainstay.accounts.credit import actions as credit
from mainstay.accounts.credit.models import CreditEdition, HandCredit
from mainstay.accounts.credit.rolling import score_everyone
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.models import Bill
from mainstay.accounts.revenue.rolling import roll_all
from mainstay.accounts.revenue.windows import add_months, first_of
from mainstay.domain.actor import system
from tests.accounts.revenue.stage import bill, pay, rolled
from tests.cast import NOW, World
from tests.faces.web.conftest import SignIn

BILLING = system("billing")


@pytest.fixture
def late(world: World) -> Bill:
    """A bill of the bank, due half a year ago and half paid."""
    found = bill(world.bank.pk, add_months(first_of(timezone.localdate()), -6), 1_000_000, due_after=5)
    pay(world.bank.pk, found.due_on + timedelta(days=20), 400_000, found)
    rolled([world.bank.pk], timezone.localdate())
    credit.ship(at=timezone.now(), by=BILLING)
    return found


def test_the_list_shows_who_owes_how_much_and_since_when(signed_in: SignIn, world: World, late: Bill) -> None:
    page = signed_in("wang.min").get("/arrears").content.decode()
    assert "汉江银行" in page
    assert page.count("6,000.00") >= 2
    assert "6,000.00" in signed_in("wang.min").get("/arrears?age=overdue_more_fen").content.decode()
    assert "6,000.00" not in signed_in("wang.min").get("/arrears?age=overdue_30_fen").content.decode()


def test_the_file_holds_figures(signed_in: SignIn, world: World, late: Bill) -> None:
    answer = signed_in("zhao.lei").get("/arrears?export=csv")
    text = answer.getvalue().decode()
    assert world.bank.code in text
    assert "6000.0" in text


def test_the_list_costs_the_same_queries_for_two_rows_and_for_many(
    signed_in: SignIn, world: World, late: Bill, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in("zhao.lei")
    month = add_months(first_of(timezone.localdate()), -4)
    many = Customer.objects.bulk_create(
        Customer(code=f"X{n}", name=f"客户{n}", region_id="4201", created_at=NOW, changed_at=NOW) for n in range(30)
    )
    for each in many:
        bill(each.pk, month, 100_000)
    rolled([each.pk for each in many], timezone.localdate())
    client.get("/arrears")
    with django_assert_max_num_queries(10):
        page = client.get("/arrears").content.decode()
    assert page.count('data-row-id="') == 31


def test_the_tab_tells_the_trend_the_bills_and_the_credit(signed_in: SignIn, world: World, late: Bill) -> None:
    page = signed_in("wang.min").get(f"/customers/{world.bank.pk}?tab=revenue").content.decode()
    assert late.number in page
    assert "6,000.00" in page
    assert "ms-money" in page
    assert "to begin with" in page


def test_the_tab_costs_the_same_queries_for_one_bill_and_for_many(
    signed_in: SignIn, world: World, late: Bill, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = signed_in("wang.min")
    for back in range(1, 13):
        bill(world.bank.pk, add_months(first_of(timezone.localdate()), -back), 100)
    rolled([world.bank.pk], timezone.localdate())
    client.get(f"/customers/{world.bank.pk}?tab=revenue")
    with django_assert_max_num_queries(50):
        client.get(f"/customers/{world.bank.pk}?tab=revenue")


def test_who_may_not_see_revenue_has_no_such_tab(signed_in: SignIn, world: World, late: Bill) -> None:
    page = signed_in("li.qiang").get(f"/customers/{world.bank.pk}?tab=revenue").content.decode()
    assert late.number not in page
    assert 'href="?tab=revenue"' not in page


def test_both_languages_explain_the_credit(signed_in: SignIn, world: World, late: Bill) -> None:
    client = signed_in("wang.min")
    for language, words in (("zh-hans", "12 个月内逾期 1 次"), ("en", "late 1 time in 12 months")):
        client.cookies["django_language"] = language
        assert words in client.get(f"/customers/{world.bank.pk}?tab=revenue").content.decode()


def test_credit_is_set_by_hand_and_left_to_the_rules_again(signed_in: SignIn, world: World, late: Bill) -> None:
    client, path = signed_in("zhao.lei"), f"/customers/{world.bank.pk}/credit"
    until = timezone.localdate() + timedelta(days=30)
    refused = client.post(path, {"score": "900", "why": "担保", "until_on": "2020-01-01"})
    assert refused.status_code == 200
    assert not HandCredit.objects.exists()
    client.post(path, {"score": "900", "why": "担保", "until_on": f"{until}"})
    assert "担保" in client.get(f"/customers/{world.bank.pk}?tab=revenue").content.decode()
    client.post(f"{path}/withdraw")
    assert HandCredit.objects.get().withdrawn_at is not None


RULES = {
    "name": "从严", "base": "500", "rule_fact": ["late_payments_year", ""], "rule_at_least": ["", ""],
    "rule_below": ["", ""], "rule_points": ["−30", ""], "rule_per": ["1", ""], "rule_most": ["300", ""],
    "band_name": ["A", "B", ""], "band_from_score": ["600", "0", ""],
}  # fmt: skip


def test_rules_are_tried_on_a_customer_before_they_are_laid_down(signed_in: SignIn, world: World, late: Bill) -> None:
    client, tomorrow = signed_in("admin"), timezone.localdate() + timedelta(days=1)
    given = {**RULES, "valid_from": f"{tomorrow}", "customer": world.bank.code}
    page = client.post("/settings/credit/new", {**given, "preview": "1"}).content.decode()
    assert "470 · B" in page
    assert CreditEdition.objects.count() == 1
    assert client.post("/settings/credit/new", given).status_code == 302
    assert [row.base for row in CreditEdition.objects.order_by("number")] == [700, 500]


@pytest.mark.parametrize("wrong", [{"rule_points": ["x", ""]}, {"band_from_score": ["600", "1", ""]}, {"base": "-1"}])
def test_wrong_rules_are_said_and_what_was_typed_stays(signed_in: SignIn, world: World, wrong: dict[str, Any]) -> None:
    given = {**RULES, "valid_from": f"{timezone.localdate()}"} | wrong
    page = signed_in("admin").post("/settings/credit/new", given).content.decode()
    assert "从严" in page
    assert not CreditEdition.objects.exists()


def test_the_portal_shows_ones_own_bills_only(world: World, late: Bill) -> None:
    theirs = bill(world.logistics.pk, date(2026, 7, 1), 4_200)
    client = Client()
    client.force_login(world.bank_contact.user)  # type: ignore[arg-type]
    page = client.get("/portal/bills").content.decode()
    assert late.number in page
    assert theirs.number not in page
    assert client.get(f"/portal/bills/{late.pk}").status_code == 200
    assert client.get(f"/portal/bills/{theirs.pk}").status_code == 404


def test_everybodys_page_of_a_bill_says_where_it_came_from(signed_in: SignIn, world: World, late: Bill) -> None:
    with translation.override("zh-hans"):
        page = signed_in("wang.min").get(f"/bills/{late.pk}").content.decode()
    assert "test" in page
    assert "6,000.00" in page


def test_the_credit_column_shows_the_last_score(signed_in: SignIn, world: World, late: Bill) -> None:
    roll_all(on=timezone.localdate())
    score_everyone(on=timezone.localdate())
    assert "<strong>" in signed_in("wang.min").get("/arrears").content.decode()
