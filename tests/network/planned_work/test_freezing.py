"""In a freeze work is refused or needs a mandate; the refusal names the rule and who may set it aside (I1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.planned_work.actions import NewWork, approve_work, move_work, plan_work
from mainstay.network.planned_work.actions.freezing import NewRule, add_rule, retire_rule
from mainstay.network.planned_work.errors import BadRule, Frozen
from mainstay.network.planned_work.models import Override
from mainstay.network.planned_work.queries.freezing import rules, rules_hit
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WORK = NewWork("GJ-1", "光缆割接", NOW + DAY, NOW + DAY + 4 * HOUR, ("link-BC",))
RULE = NewRule("国庆封网", NOW + 20 * HOUR, NOW + 3 * DAY, region_code="42", why="国庆期间停止一切割接。")


def test_it_works(world: World, officer: Actor, leader: Actor) -> None:
    add_rule(RULE, at=NOW, by=leader)
    with pytest.raises(Frozen) as refusal:
        plan_work(WORK, at=NOW, by=officer)
    said = refusal.value.explain(str)
    assert "国庆封网" in said
    assert "A leader may set the rule aside" in said
    assert "国庆期间停止一切割接" in said


def test_who_may_sets_it_aside_with_a_reason(world: World, leader: Actor) -> None:
    admin = world.actor("admin")
    add_rule(RULE, at=NOW, by=leader)
    with pytest.raises(Frozen):
        plan_work(WORK, at=NOW, by=admin)
    work = plan_work(WORK, at=NOW, by=admin.because("设备告警，必须更换"))
    kept = Override.objects.get(work=work)
    assert (kept.by, kept.why) == (admin.name, "设备告警，必须更换")
    assert Entry.objects.get(action="work.override").why == "设备告警，必须更换"


def test_a_mandate_is_due_at_the_approval(world: World, officer: Actor, leader: Actor) -> None:
    add_rule(replace(RULE, effect="mandate", kind="protection"), at=NOW, by=leader)
    work = plan_work(WORK, at=NOW, by=officer)
    with pytest.raises(Frozen):
        approve_work(work.pk, at=NOW, by=leader)
    assert approve_work(work.pk, at=NOW, by=leader.because("保障指挥部授权 3 号")).status == "approved"
    assert Override.objects.get(work=work).rule.name == "国庆封网"


def test_nobody_means_nobody(world: World, leader: Actor) -> None:
    add_rule(replace(RULE, overridden_by="nobody"), at=NOW, by=leader)
    with pytest.raises(Frozen, match="Nobody may"):
        plan_work(WORK, at=NOW, by=world.actor("admin").because("必须"))


@pytest.mark.parametrize(
    ("change", "hits"),
    [
        ({}, True),
        ({"region_code": "4201"}, True),
        ({"region_code": "42"}, True),
        ({"region_code": "44"}, False),
        ({"grades": ("AAA",)}, True),
        ({"grades": ("III",)}, False),
        ({"from_at": NOW + DAY + 4 * HOUR}, False),
        ({"to_at": NOW + DAY}, False),
        ({"to_at": NOW + DAY + HOUR}, True),
    ],
)
def test_period_region_and_grades_decide(
    world: World, officer: Actor, leader: Actor, change: dict[str, object], hits: bool
) -> None:
    add_rule(replace(RULE, **change), at=NOW, by=world.actor("admin"))  # type: ignore[arg-type]
    found = rules_hit(WORK.from_at, WORK.to_at, regions=["4201"], grades={"AAA", "A"})
    assert bool(found) is hits


def test_moving_into_a_freeze_is_refused(world: World, officer: Actor, leader: Actor) -> None:
    work = plan_work(replace(WORK, from_at=NOW + HOUR, to_at=NOW + 2 * HOUR), at=NOW, by=officer)
    add_rule(RULE, at=NOW, by=leader)
    with pytest.raises(Frozen):
        move_work(work.pk, WORK.from_at, WORK.to_at, at=NOW, by=officer.because("天气"))
    work.refresh_from_db()
    assert work.from_at == NOW + HOUR


def test_a_rule_taken_back_refuses_nothing(world: World, officer: Actor, leader: Actor) -> None:
    rule = add_rule(RULE, at=NOW, by=leader)
    retire_rule(rule.pk, at=NOW, by=leader.because("会议改期"))
    assert plan_work(WORK, at=NOW, by=officer).status == "planned"
    assert list(rules(at=NOW)) == []
    with pytest.raises(BadRule):
        retire_rule(rule.pk, at=NOW, by=leader)


def test_who_may_not_lay_down_rules(world: World, officer: Actor, leader: Actor) -> None:
    with pytest.raises(NotAllowed):
        add_rule(RULE, at=NOW, by=officer)
    with pytest.raises(NotAllowed):
        add_rule(replace(RULE, region_code="44"), at=NOW, by=leader)


@pytest.mark.parametrize(
    "change", [{"name": " "}, {"to_at": NOW + HOUR}, {"to_at": NOW - HOUR, "from_at": NOW - DAY}, {"grades": ("X",)}]
)
def test_rules_that_make_no_sense_are_refused(world: World, leader: Actor, change: dict[str, object]) -> None:
    with pytest.raises(BadRule):
        add_rule(replace(RULE, **change), at=NOW, by=leader)  # type: ignore[arg-type]
