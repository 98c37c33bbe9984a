"""From a bound changed to a grade held: draft, trial, approval by another, effect, explanation, history (B1, B2)."""

from datetime import UTC, datetime, timedelta

import pytest

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers import effects
from mainstay.accounts.tiers.actions import approving, drafting
from mainstay.accounts.tiers.errors import BadRules, NotYours, RulesMoved
from mainstay.accounts.tiers.models import HeldGrade, Proposal, RuleSet, RuleVersion, Run, Waiting
from mainstay.accounts.tiers.queries import explaining, proposals, rules, runs
from mainstay.accounts.tiers.queries import held as holding
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, NotFound, Refused
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.platform.timers.models import Timer
from tests.accounts.tiers.stage import AT, BY, TODAY, assess, bills, edited, finish, held, in_force, load, sign, tried
from tests.cast import World

pytestmark = pytest.mark.django_db
BOUND = {"billed_year_fen": {"low": 30_000_000, "low_in": True}}


@pytest.fixture
def graded(world: World) -> World:
    """Let the bank be Gold with 250,000 yuan a year, the logistics company VIP with 20,000."""
    load("postal-mail")
    bills(world.bank, billed_year_fen=25_000_000)
    bills(world.logistics, billed_year_fen=2_000_000)
    assess("postal-mail")
    return world


def test_it_works(graded: World) -> None:
    admin, leader = graded.actor("admin"), graded.actor("zhao.lei")
    assert held(graded.bank, "postal-mail") == ["gold"]
    draft = edited("postal-mail", {3: BOUND}, by=admin)
    assert tried(draft, by=admin) == {"fall": 1}
    assert held(graded.bank, "postal-mail") == ["gold"], "a trial changes nothing"
    drafting.propose(draft.pk, on=TODAY, why="界限上调", at=AT, by=admin)
    run = drafting.decide(draft.pk, True, at=AT, by=leader)
    assert run is not None
    finish(run)
    assert held(graded.bank, "postal-mail") == ["vip"]
    now = explaining.explain(graded.actor("wang.min"), graded.bank.pk, on=TODAY)[0]
    assert [one.grade.code for one in now.held] == ["vip"]
    assert now.held[0].reason.row == 5
    assert now.held[0].approved_by == "赵磊"
    assert [one.grade.code for one in now.past] == ["gold"]
    assert now.next is not None
    assert now.next.grade.code == "gold"
    assert [one.short for one in now.next.missing] == ["每年还差 50,000 元"]
    told = Message.objects.filter(user__username="wang.min").latest("pk")
    assert "下降 1" in told.body
    assert in_force("postal-mail").number == 2
    assert RuleVersion.objects.get(rule_set__code="postal-mail", number=1).status == "superseded"


def test_who_proposed_never_approves(graded: World) -> None:
    leader = graded.actor("zhao.lei")
    draft = edited("postal-mail", {3: BOUND}, by=leader)
    drafting.propose(draft.pk, on=TODAY, why="上调", at=AT, by=leader)
    with pytest.raises(NotYours):
        drafting.decide(draft.pk, True, at=AT, by=leader)
    assert not rules.to_approve(leader)
    assert rules.to_approve(graded.actor("admin"))


@pytest.mark.parametrize("name", ["wang.min", "li.qiang", "chen.tao", "zhou.ying"])
def test_others_neither_change_nor_approve_rules(graded: World, name: str) -> None:
    who = graded.actor(name)
    draft = edited("postal-mail", {3: BOUND}, by=graded.actor("admin"))
    with pytest.raises(NotAllowed):
        drafting.begin_draft("postal-mail", at=AT, by=who)
    with pytest.raises(NotAllowed):
        drafting.propose(draft.pk, on=TODAY, why="x", at=AT, by=who)
    drafting.propose(draft.pk, on=TODAY, why="x", at=AT, by=graded.actor("admin"))
    with pytest.raises(NotAllowed):
        drafting.decide(draft.pk, True, at=AT, by=who)


def test_what_cannot_be_is_refused(graded: World) -> None:
    admin = graded.actor("admin")
    draft = drafting.begin_draft("postal-mail", at=AT, by=admin)
    assert drafting.begin_draft("postal-mail", at=AT, by=admin).pk == draft.pk
    with pytest.raises(BadRules, match="Nothing differs"):
        drafting.propose(draft.pk, on=TODAY, why="x", at=AT, by=admin)
    changed = edited("postal-mail", {3: BOUND}, by=admin)
    for on, why in ((TODAY - timedelta(days=1), "x"), (TODAY, "  ")):
        with pytest.raises(BadRules):
            drafting.propose(draft.pk, on=on, why=why, at=AT, by=admin)
    with pytest.raises(RulesMoved):
        drafting.save_draft(draft.pk, changed.table, revision=1, at=AT, by=admin)
    for broken in (
        {"rows": []},
        {"rows": [{"grade": "none", "when": {}}]},
        {"rows": [{"grade": "vip", "when": {"x": {}}}]},
    ):
        with pytest.raises(Refused):
            drafting.save_draft(draft.pk, broken, revision=changed.revision, at=AT, by=admin)
    drafting.propose(draft.pk, on=TODAY, why="x", at=AT, by=admin)
    with pytest.raises(BadRules):
        drafting.begin_draft("postal-mail", at=AT, by=admin)
    with pytest.raises(BadRules, match="Say why"):
        drafting.decide(draft.pk, False, at=AT, by=graded.actor("zhao.lei"))
    drafting.decide(draft.pk, False, why="太高", at=AT, by=graded.actor("zhao.lei"))
    with pytest.raises(BadRules):
        drafting.decide(draft.pk, True, at=AT, by=graded.actor("zhao.lei"))


def test_a_version_waits_for_its_day(graded: World) -> None:
    draft = edited("postal-mail", {3: BOUND}, by=graded.actor("admin"))
    drafting.propose(draft.pk, on=TODAY + timedelta(days=3), why="x", at=AT, by=graded.actor("admin"))
    assert drafting.decide(draft.pk, True, at=AT, by=graded.actor("zhao.lei")) is None
    sweep(at=AT + timedelta(days=2), by=BY)
    assert in_force("postal-mail").number == 1
    day = AT + timedelta(days=3)
    while sweep(at=day, by=BY):
        pass
    assert in_force("postal-mail").number == 2
    assert held(graded.bank, "postal-mail") == ["vip"]
    row = HeldGrade.objects.get(customer=graded.bank, grade="vip")
    assert row.since_on == TODAY + timedelta(days=3)
    assert holding.held([graded.bank.pk], TODAY)[graded.bank.pk][0].grade == "gold"


def test_facts_that_change_are_judged_and_wait_for_approval_by_the_level(graded: World) -> None:
    bills(graded.bank, billed_year_fen=500_000_000)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    waiting = Proposal.objects.get()
    assert (waiting.level, waiting.standing) == ("province", "waiting")
    assert held(graded.bank, "postal-mail") == ["gold"]
    city = graded.actor("zhao.lei")
    object.__setattr__(city, "regions", ("4201",))
    with pytest.raises(NotYours):
        approving.decide(waiting.pk, True, at=AT, by=city)
    with pytest.raises(NotFound):
        approving.decide(waiting.pk, True, at=AT, by=_elsewhere(graded))
    assert proposals.waiting_for(graded.actor("zhao.lei")).count() == 1
    assert proposals.waiting_for(city).count() == 0
    approving.decide(waiting.pk, True, at=AT, by=graded.actor("zhao.lei"))
    assert held(graded.bank, "postal-mail") == ["diamond"]
    assert Message.objects.filter(user__username="wang.min", subject__contains="黄金 → 钻石").exists()
    assert Entry.objects.filter(action="customer.tier", customer_id=graded.bank.pk).count() == 2


def _elsewhere(world: World) -> Actor:
    actor = world.actor("zhao.lei")
    object.__setattr__(actor, "regions", ("44",))
    return actor


def test_a_written_mandate_lets_the_city_approve_diamond(graded: World) -> None:
    city = graded.actor("zhao.lei")
    object.__setattr__(city, "regions", ("4201",))
    new = approving.NewMandate("postal-mail", "diamond", "4201", "鄂邮〔2026〕12 号", TODAY)
    with pytest.raises(NotYours):
        approving.give_mandate(new, at=AT, by=city)
    given = approving.give_mandate(new, at=AT, by=graded.actor("zhao.lei"))
    bills(graded.bank, billed_year_fen=500_000_000)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    waiting = Proposal.objects.get()
    assert waiting.level == "city"
    approving.decide(waiting.pk, True, at=AT, by=city)
    assert held(graded.bank, "postal-mail") == ["diamond"]
    with pytest.raises(BadRules):
        approving.give_mandate(approving.NewMandate("postal-mail", "gold", "4201", "x", TODAY), at=AT,
                               by=graded.actor("zhao.lei"))  # fmt: skip
    approving.end_mandate(given.pk, at=AT, by=graded.actor("zhao.lei"))
    assert not rules.mandates(city, RuleSet.objects.get(code="postal-mail"), on=TODAY)


def test_what_waits_is_withdrawn_when_the_facts_change_back(graded: World) -> None:
    bills(graded.bank, billed_year_fen=500_000_000)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    assert Proposal.objects.filter(standing="waiting").count() == 1, "the same change is proposed once"
    bills(graded.bank, billed_year_fen=25_000_000)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    assert list(Proposal.objects.values_list("standing", flat=True)) == ["withdrawn"]


def test_news_of_contracts_and_customers_lead_to_judging(graded: World, admin: Actor) -> None:
    from mainstay.accounts.contracts.actions import NewContract, end_contract, register_contracts

    bills(graded.trade, billed_year_fen=25_000_000)
    new = NewContract("HT-9", "C0004", "协议", TODAY, TODAY)
    contract = register_contracts([new], at=AT, by=admin)[0]
    assert set(Waiting.objects.values_list("pk", flat=True)) == {graded.trade.pk}
    assert effects.judge_waiting(at=AT, by=BY) == 1
    assert effects.judge_waiting(at=AT, by=BY) == 0
    assert Proposal.objects.get(customer=graded.trade).move == 3
    end_contract(contract.pk, on=TODAY, at=AT, by=admin)
    effects.judge_waiting(at=AT, by=BY)
    assert not Proposal.objects.filter(standing="waiting").exists()


def test_everybody_is_judged_on_the_sixth_of_a_month(graded: World) -> None:
    bills(graded.bank, billed_year_fen=50_000)
    day = datetime(2026, 9, 7, tzinfo=UTC)
    while sweep(at=day, by=BY):
        pass
    assert Run.objects.filter(trial=False).count() == 2
    assert Proposal.objects.get(customer=graded.bank).after == 0
    assert Timer.objects.filter(purpose="tiers.night", fired_at__isnull=True).exists()


def test_a_grade_set_by_hand_stands_above_the_table_until_its_day(graded: World) -> None:
    leader = graded.actor("zhao.lei")
    with pytest.raises(BadRules):
        approving.name_grade(graded.bank.pk, "postal-mail", "platinum", why=" ", at=AT, by=leader)
    approving.name_grade(graded.bank.pk, "postal-mail", "platinum", why="省公司重点", until=TODAY + timedelta(days=30),
                         at=AT, by=leader)  # fmt: skip
    assert held(graded.bank, "postal-mail") == ["platinum"]
    now = explaining.explain(leader, graded.bank.pk, on=TODAY)[0]
    assert now.held[0].by_hand
    effects.judge_some([graded.bank.pk], on=TODAY + timedelta(days=30), at=AT + timedelta(days=30), by=BY)
    assert Proposal.objects.get(standing="waiting").after == 0b100


def test_a_fact_given_by_hand_decides_at_once(graded: World) -> None:
    manager = graded.actor("wang.min")
    approving.give_fact(graded.bank.pk, "registered_upstream", "是", why="省公司登记", at=AT, by=manager)
    assert Proposal.objects.get().after == 1
    approving.give_fact(graded.bank.pk, "registered_upstream", "", why="登记注销", at=AT, by=manager)
    assert Proposal.objects.filter(standing="waiting").count() == 0
    with pytest.raises(NotFound):
        approving.give_fact(graded.logistics.pk, "contested", "是", why="x", at=AT, by=manager)
    for name, text in (("billed_year_fen", "1"), ("months_since_visit", "gestern")):
        with pytest.raises(MainstayError):
            approving.give_fact(graded.bank.pk, name, text, why="x", at=AT, by=manager)


def test_vip_is_reported_upward_to_who_approves_in_the_city(graded: World) -> None:
    reported = Message.objects.filter(user__username="zhao.lei", subject__contains="VIP")
    assert reported.count() == 1, "the logistics company became VIP when all were judged"


def test_overlapping_kinds_make_the_customer_special(world: World) -> None:
    load("telecom-kinds")
    sign(world.trade)
    bills(world.bank, billed_quarter_fen=3 * 300_000)
    Customer.objects.filter(pk=world.logistics.pk).update(parent=world.bank)
    assess("telecom-kinds")
    assert held(world.bank, "telecom-kinds") == ["special", "high_value", "group"]
    assert Customer.objects.get(pk=world.bank.pk).is_special
    bills(world.bank)
    assess("telecom-kinds")
    assert not Customer.objects.get(pk=world.bank.pk).is_special
    assert held(world.bank, "telecom-kinds") == ["group"]


def test_the_service_grade_is_written_to_the_archive_with_its_reason(world: World) -> None:
    load("service-grade")
    bills(world.logistics, billed_year_fen=100_000_000)
    assess("service-grade")
    world.logistics.refresh_from_db()
    assert world.logistics.service_grade == "gold"
    assert "1,000,000" in world.logistics.grade_reason
    world.trade.refresh_from_db()
    assert world.trade.service_grade == "standard"


def test_switching_off_keeps_what_is_held_and_judges_nobody(graded: World) -> None:
    admin = graded.actor("admin")
    assert drafting.switch("postal-mail", False, at=AT, by=admin) is None
    bills(graded.bank, billed_year_fen=0)
    effects.judge_some([graded.bank.pk], on=TODAY, at=AT, by=BY)
    assert held(graded.bank, "postal-mail") == ["gold"]
    run = drafting.switch("postal-mail", True, at=AT, by=admin)
    assert run is not None
    finish(run)
    assert Proposal.objects.get(standing="waiting").customer == graded.bank


def test_another_region_and_another_portfolio_see_nothing(graded: World) -> None:
    run = Run.objects.latest("pk")
    assert runs.visible_changes(graded.actor("admin"), run).count() == 2
    assert runs.visible_changes(graded.actor("wang.min"), run).count() == 1
    assert runs.visible_changes(graded.actor("huang.wei"), run).count() == 0
    assert sum(n for _m, _w, n in runs.figures(graded.actor("huang.wei"), run, at=AT).moves) == 0
    assert runs.visible_changes(graded.actor("wu.tong"), run).count() == 0
    with pytest.raises(NotFound):
        explaining.explain(graded.actor("huang.wei"), graded.bank.pk, on=TODAY)
    with pytest.raises(NotFound):
        holding.panel(graded.actor("wu.tong"), graded.bank.pk)
    assert [one.grade.code for one in holding.panel(graded.actor("wang.min"), graded.bank.pk)] == ["gold"]
    assert all(row.held_in_all == 0 for row in rules.rule_sets(graded.actor("huang.wei")))


def test_the_bench_judges_with_facts_changed_by_hand(graded: World) -> None:
    manager, version = graded.actor("wang.min"), in_force("postal-mail")
    trial = explaining.try_out(manager, version, "C0001", {}, on=TODAY)
    assert [grade.code for grade in trial.grades] == ["gold"]
    assert [row.number for row in trial.rows if row.hit] == [4]
    trial = explaining.try_out(manager, version, "汉江银行", {"billed_year_fen": 200_000_000}, on=TODAY)
    assert [grade.code for grade in trial.grades] == ["platinum"]
    with pytest.raises(NotFound):
        explaining.try_out(manager, version, "C0003", {}, on=TODAY)
