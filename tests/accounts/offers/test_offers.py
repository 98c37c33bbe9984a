"""Offers: who is eligible and why, what they save, who grants them, what became of it (B5)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mainstay.accounts.customers.errors import NoSuchCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.offers import many
from mainstay.accounts.offers.actions import granting, offers
from mainstay.accounts.offers.actions.bonuses import give_bonuses
from mainstay.accounts.offers.actions.offers import NewOffer
from mainstay.accounts.offers.choices import GrantStatus
from mainstay.accounts.offers.conditions import Condition, check, parts_of
from mainstay.accounts.offers.errors import BadOffer, NoSuchGrant, NotEligible, SecondPersonNeeded, WrongStep
from mainstay.accounts.offers.models import Grant, Reckoning
from mainstay.accounts.offers.queries import savings
from mainstay.accounts.offers.queries.offers import grants, offer_list, possible
from mainstay.accounts.points.models import Transfer
from mainstay.accounts.revenue.models import Bill
from mainstay.accounts.revenue.rolling import note
from mainstay.accounts.revenue.windows import add_months
from mainstay.domain.actor import Actor, system
from mainstay.domain.errors import NotAllowed
from mainstay.platform.jobs import running
from tests.cast import World

AT = datetime(2026, 9, 10, 1, tzinfo=UTC)
ON = date(2026, 9, 10)
BY = system("test")
GOLD = NewOffer("gold", "金牌九折", "等级 == 'gold' 并且 在网月数 >= 12", "percent", Decimal(10), 12, date(2026, 1, 1))


def bills(customer: Customer, fen: int, months: int = 12, last: date = date(2026, 8, 1)) -> None:
    """Bill a customer the same each month."""
    note([customer.pk], at=AT)
    for back in range(months):
        month = add_months(last, -back)
        Bill.objects.create(
            number=f"B-{customer.pk}-{month}", customer=customer, month=month, issued_on=add_months(month, 1),
            due_on=add_months(month, 1) + timedelta(days=20), amount_fen=fen, source="t", received_at=AT,
        )  # fmt: skip


def opened(new: NewOffer = GOLD) -> int:
    """Open an offer."""
    row = offers.save_offer(new, at=AT, by=BY)
    offers.set_status(row.pk, "open", at=AT, by=BY)
    return row.pk


@pytest.fixture
def since(world: World) -> World:
    """Let the bank and its branch be customers since 2020."""
    Customer.objects.filter(pk__in=(world.bank.pk, world.branch.pk)).update(since_on=date(2020, 1, 1))
    return world


def test_it_works(since: World, manager: Actor, leader: Actor) -> None:
    row = granting.propose(opened(), since.bank.pk, "续约", at=AT, by=manager)
    assert (row.from_on, row.to_on, row.facts["grade"]) == (date(2026, 10, 1), date(2027, 9, 30), "gold")
    with pytest.raises(SecondPersonNeeded):
        granting.decide(row.pk, GrantStatus.APPROVED, "", at=AT, by=_able(manager))
    granting.decide(row.pk, GrantStatus.APPROVED, "同意", at=AT, by=leader)
    assert [(one.proposed, one.granted) for one in offer_list(manager)] == [(0, 1)]
    granting.end(row.pk, date(2026, 12, 31), "合同终止", at=AT, by=leader)
    assert Grant.objects.get().to_on == date(2026, 12, 31)


def _able(actor: Actor) -> Actor:
    """Return the same person with the right to approve."""
    from dataclasses import replace

    from mainstay.platform.identity.choices import Permission

    return replace(actor, permissions=actor.permissions | {Permission.APPROVE})


def test_a_customer_reads_why_and_why_not(since: World, manager: Actor) -> None:
    opened()
    opened(
        NewOffer("rich", "大额", "revenue_year > 1000 and grade == 'gold'", "amount", Decimal(100), 3, date(2026, 1, 1))
    )
    gold, rich = possible(manager, since.bank.pk, ON)
    assert gold.verdict.eligible is True
    assert [clause.text for clause in gold.clauses] == ["等级 == 'gold'", "在网月数 >= 12"]
    assert rich.verdict.eligible is None
    assert [clause.holds for clause in rich.clauses] == [None, True]
    bills(since.bank, 5_000)
    assert [one.verdict.eligible for one in possible(manager, since.bank.pk, ON)] == [True, False]


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        ("a and b", ["a", "b"]),
        ("(a or b) and c", ["(a or b)", "c"]),
        ("a or b", ["a or b"]),
        ("x == ' and ' and y", ["x == ' and '", "y"]),
        ("等级 属于 ['a'] 并且 月收入 > 1", ["等级 属于 ['a']", "月收入 > 1"]),
    ],
)
def test_a_condition_is_told_in_its_parts(condition: str, parts: list[str]) -> None:
    assert parts_of(condition) == parts


@pytest.mark.parametrize("wrong", ["", "nope > 3", "grade", "a >", "grade ==", "收成 > 3", "months + 1"])
def test_what_is_no_condition_is_refused(wrong: str) -> None:
    with pytest.raises(BadOffer):
        check(wrong)


def test_a_fact_that_is_not_known_decides_nothing() -> None:
    condition = Condition("revenue_year >= 100")
    assert condition.holds({"revenue_year": None}) is None
    assert condition.holds({"revenue_year": 100.0}) is True
    assert condition.holds({"revenue_year": 99.99}) is False


def test_nobody_gets_what_they_are_not_eligible_for(
    since: World, manager: Actor, outsider: Actor, officer: Actor
) -> None:
    row = opened()
    Customer.objects.filter(pk=since.bank.pk).update(service_grade="silver")
    with pytest.raises(NotEligible):
        granting.propose(row, since.bank.pk, "", at=AT, by=manager)
    with pytest.raises(NoSuchCustomer):
        granting.propose(row, since.bank.pk, "", at=AT, by=outsider)
    with pytest.raises(NotAllowed):
        granting.propose(row, since.branch.pk, "", at=AT, by=officer)


def test_an_offer_is_granted_once_at_a_time_and_an_open_one_is_not_changed(since: World, manager: Actor) -> None:
    row = opened()
    grant = granting.propose(row, since.bank.pk, "", at=AT, by=manager)
    with pytest.raises(WrongStep):
        granting.propose(row, since.bank.pk, "", at=AT, by=manager)
    with pytest.raises(WrongStep):
        offers.save_offer(NewOffer(**{**vars_of(GOLD), "value": Decimal(20)}), at=AT, by=BY, offer_id=row)
    granting.decide(grant.pk, GrantStatus.REJECTED, "撤回", at=AT, by=manager)
    granting.propose(row, since.bank.pk, "", at=AT, by=manager)


def vars_of(new: NewOffer) -> dict[str, Any]:
    """Return an offer's fields."""
    from dataclasses import asdict

    return asdict(new)


def test_others_see_no_grant(since: World, manager: Actor, outsider: Actor, leader: Actor) -> None:
    grant = granting.propose(opened(), since.bank.pk, "", at=AT, by=manager)
    assert not grants(outsider).exists()
    with pytest.raises(NoSuchGrant):
        granting.decide(grant.pk, GrantStatus.REJECTED, "x", at=AT, by=since.actor("huang.wei"))


def test_it_says_what_a_customer_would_save_month_by_month(since: World, manager: Actor) -> None:
    row = opened()
    bills(since.bank, 10_000, months=6)
    last = savings.simulate(manager, row, since.bank.pk, ON)
    assert [month.saved_fen for month in last.months] == [0] * 6 + [1_000] * 6
    assert last.months[0].billed_fen is None
    ahead = savings.simulate(manager, row, since.bank.pk, ON, ahead=True)
    assert (ahead.billed_fen, ahead.saved_fen, ahead.months[0].month) == (120_000, 12_000, date(2026, 9, 1))


def test_on_all_customers_as_a_job_within_the_askers_scope(since: World, manager: Actor, leader: Actor) -> None:
    row = opened()
    for customer in (since.bank, since.branch, since.logistics):
        bills(customer, 10_000)
    job = many.ask(row, at=AT, by=manager)
    while running.advance(job.pk, at=AT):
        pass
    found = Reckoning.objects.get()
    assert (found.looked_at, found.eligible, found.saved_fen) == (2, 2, 24_000)
    assert found.figures == {"gold": [2, 24_000, 0]}


def test_those_who_got_it_are_compared_with_those_who_did_not(since: World, manager: Actor, leader: Actor) -> None:
    row = opened()
    bills(since.bank, 10_000, months=12)
    Bill.objects.filter(month__gte=date(2026, 6, 1)).update(amount_fen=12_000)
    bills(since.branch, 20_000, months=12)
    assert savings.effect(manager, row, ON).since is None
    grant = granting.propose(row, since.bank.pk, "", at=AT, by=manager, from_on=date(2026, 6, 1))
    granting.decide(grant.pk, GrantStatus.APPROVED, "", at=AT, by=leader)
    seen = savings.effect(manager, row, ON)
    assert (seen.granted.customers, seen.granted.before_fen, seen.granted.after_fen) == (1, 10_000, 12_000)
    assert (seen.others.customers, seen.others.change) == (1, 0.0)


def test_bonus_points_come_once_a_month(since: World, manager: Actor, leader: Actor) -> None:
    row = opened(NewOffer("p", "赠分", "true", "points", Decimal(50), 3, date(2026, 1, 1)))
    grant = granting.propose(row, since.bank.pk, "", at=AT, by=manager, from_on=date(2026, 8, 1))
    granting.decide(grant.pk, GrantStatus.APPROVED, "", at=AT, by=leader)
    assert [give_bonuses(at=AT, by=BY) for _ in range(2)] == [1, 0]
    assert give_bonuses(at=AT + timedelta(days=120), by=BY) == 0
    assert Transfer.objects.get().amount == 50
