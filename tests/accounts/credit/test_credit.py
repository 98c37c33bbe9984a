"""Credit: scored by the rules in force, explained in figures, kept current, set by hand with a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from mainstay.accounts.credit import actions, queries
from mainstay.accounts.credit.errors import BadCredit
from mainstay.accounts.credit.models import CreditEdition, CreditScore, Rescoring, ScoreChange
from mainstay.accounts.credit.rolling import note, score_everyone, score_some
from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.revenue.actions import intake
from mainstay.accounts.revenue.rolling import roll_all
from mainstay.domain.credit_score import Band, Rule
from mainstay.domain.errors import NotAllowed
from mainstay.platform.imports.registry import Given
from mainstay.platform.journal.models import Entry
from tests.accounts.revenue.stage import AT, ON, bill, pay, rolled
from tests.cast import World

RULES = actions.NewEdition(
    "Test", ON, 700, (Rule("late_payments_year", -20, per=1, most=100), Rule("arrears_days", -40, at_least=1)),
    (Band("A", 700), Band("B", 0)),
)  # fmt: skip


@pytest.fixture
def rules(world: World) -> CreditEdition:
    return actions.lay_down(RULES, at=AT, by=world.actor("admin"))


def settle_all(on: date = ON) -> None:
    roll_all(on=on)
    while score_some(on=on, at=AT):
        pass


def late_payer(world: World) -> int:
    pk = world.bank.pk
    for month in (5, 6, 7):
        owed = bill(pk, date(2026, month, 1), 10_000, due_after=10)
        pay(pk, owed.due_on + timedelta(days=2), 10_000, owed)
    rolled([pk])
    return pk


def test_it_works_and_says_why_in_figures(world: World, rules: CreditEdition) -> None:
    pk = late_payer(world)
    score_everyone(on=ON)
    with translation.override("en"):
        found = queries.score_of(world.actor("wang.min"), pk)
        assert queries.explained(world.actor("wang.min"), pk, on=ON) == found
    assert (found.score, found.band, found.on) == (640, "B", ON)
    assert found.reasons == (("", 700), ("late 3 times in 12 months", -60))


def test_everybody_is_scored_and_the_history_keeps_changes_only(world: World, rules: CreditEdition) -> None:
    assert score_everyone(on=ON) == Customer.objects.count() == CreditScore.objects.count()
    before = ScoreChange.objects.count()
    score_everyone(on=ON + timedelta(days=1))
    assert ScoreChange.objects.count() == before
    pk = late_payer(world)
    score_everyone(on=ON + timedelta(days=2))
    steps = queries.history(world.actor("wang.min"), pk)
    assert [(each.score, each.before) for each in steps] == [(640, 700), (700, None)]


def test_what_billing_delivers_leads_to_a_new_score(world: World, rules: CreditEdition) -> None:
    score_everyone(on=ON)
    values = {"number": "ZD-1", "customer": world.bank.code, "month": date(2026, 8, 1), "issued_on": date(2026, 9, 2),
              "due_on": date(2026, 9, 5), "amount": Decimal(100)}  # fmt: skip
    intake.take(intake.BILL, [Given(1, values)], source="billing", at=AT, by=world.actor("admin"))
    assert Rescoring.objects.filter(pk=world.bank.pk).exists()
    settle_all()
    assert queries.scores([world.bank.pk]) == {world.bank.pk: (640, "B")}
    assert not Rescoring.objects.exists()


def test_time_alone_makes_a_score_old(world: World, rules: CreditEdition) -> None:
    bill(world.bank.pk, date(2026, 8, 1), 100, due_after=10)
    rolled([world.bank.pk])
    score_everyone(on=ON)
    assert queries.scores([world.bank.pk])[world.bank.pk] == (700, "A")
    settle_all(date(2026, 9, 13))
    assert queries.scores([world.bank.pk])[world.bank.pk] == (640, "B")


def test_new_rules_hold_from_their_day_and_everybody_follows(world: World, rules: CreditEdition) -> None:
    pk = late_payer(world)
    score_everyone(on=ON)
    later = ON + timedelta(days=3)
    actions.lay_down(replace(RULES, valid_from=later, base=800), at=AT, by=world.actor("admin"))
    settle_all(ON + timedelta(days=2))
    assert queries.scores([pk]) == {pk: (640, "B")}
    settle_all(later)
    assert queries.scores([pk]) == {pk: (740, "A")}
    assert queries.score_of(world.actor("wang.min"), pk).edition == 2


def test_credit_set_by_hand_holds_until_its_day(world: World, rules: CreditEdition) -> None:
    pk, by = late_payer(world), world.actor("zhao.lei")
    until = ON + timedelta(days=30)
    actions.set_by_hand(pk, 900, "省政府来函担保", until_on=until, at=AT, by=by)
    settle_all()
    found = queries.score_of(world.actor("wang.min"), pk)
    assert (found.score, found.band, found.by_hand) == (900, "A", True)
    assert "省政府来函担保" in found.reasons[0][0]
    assert Entry.objects.filter(action="credit.set", why="省政府来函担保", customer_id=pk).exists()
    settle_all(until)
    assert queries.scores([pk]) == {pk: (640, "B")}


def test_credit_set_by_hand_can_be_withdrawn(world: World, rules: CreditEdition) -> None:
    pk, by = late_payer(world), world.actor("zhao.lei")
    actions.set_by_hand(pk, 900, "担保", until_on=ON + timedelta(days=30), at=AT, by=by)
    actions.withdraw_by_hand(pk, at=AT, by=by)
    settle_all()
    assert queries.scores([pk]) == {pk: (640, "B")}
    with pytest.raises(BadCredit):
        actions.withdraw_by_hand(pk, at=AT, by=by)


def test_it_needs_a_reason_a_day_to_come_and_the_permission(world: World, rules: CreditEdition) -> None:
    by, until = world.actor("zhao.lei"), ON + timedelta(days=30)
    for score, why, day in ((900, " ", until), (1_001, "x", until), (900, "x", ON)):
        with pytest.raises(BadCredit):
            actions.set_by_hand(world.bank.pk, score, why, until_on=day, at=AT, by=by)
    with pytest.raises(NotAllowed):
        actions.set_by_hand(world.bank.pk, 900, "x", until_on=until, at=AT, by=world.actor("wang.min"))


def test_others_see_no_score_and_no_history(world: World, rules: CreditEdition) -> None:
    score_everyone(on=ON)
    for name in ("liu.fang", "huang.wei"):
        for ask in (queries.score_of, queries.history):
            with pytest.raises(NoSuchCustomer):
                ask(world.actor(name), world.bank.pk)
        with pytest.raises(NoSuchCustomer):
            queries.explained(world.actor(name), world.bank.pk, on=ON)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"base": 1_001},
        {"rules": ()},
        {"rules": (Rule("nonsense", 5),)},
        {"rules": (Rule("late_payments_year", 0),)},
        {"rules": (Rule("arrears_days", 5, 10, 10),)},
        {"bands": (Band("A", 5),)},
        {"bands": (Band("A", 0), Band("A", 500))},
        {"valid_from": ON - timedelta(days=1)},
    ],
)
def test_rules_that_make_no_sense_are_refused(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadCredit):
        actions.lay_down(replace(RULES, **wrong), at=AT, by=world.actor("admin"))


def test_shipped_rules_are_laid_down_once(world: World) -> None:
    by = world.actor("admin")
    assert actions.ship(at=AT, by=by) is not None
    assert actions.ship(at=AT, by=by) is None
    late_payer(world)
    score_everyone(on=ON)
    assert {score for score, _ in queries.scores([world.bank.pk, world.trade.pk]).values()} <= set(range(1_001))


def test_a_draft_is_tried_on_a_customer_and_not_kept(world: World, rules: CreditEdition) -> None:
    pk = late_payer(world)
    made = actions.draft(replace(RULES, base=500))
    assert queries.explained(world.actor("admin"), pk, on=ON, draft=made).score == 440
    assert CreditEdition.objects.count() == 1


def test_few_queries_for_many(world: World, rules: CreditEdition, django_assert_max_num_queries: Any) -> None:
    late_payer(world)
    note([world.bank.pk, world.trade.pk, world.logistics.pk], at=AT)
    asked: Callable[[int], Any] = django_assert_max_num_queries
    with asked(16):
        score_some(on=ON, at=AT)
