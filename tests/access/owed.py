"""What stands behind the addresses of compensation: clauses of the bank, one granted, one proposed, a billing run."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from mainstay.domain.compensation import ClauseSet
from mainstay.service.compensation.actions import billing, clauses, deciding, proposing
from mainstay.service.compensation.actions.clauses import NewTerms, Place

if TYPE_CHECKING:
    from tests.access.stage import Stage

MONTH = date(2026, 9, 1)


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, world = timezone.now(), stage.world
    manager, leader = stage.actor("wang.min"), stage.actor("zhao.lei")
    own = NewTerms("汉江银行赔偿条款", ClauseSet(), date(2026, 1, 1), place=Place(customer_id=world.bank.pk))
    stage.ids["clauses"] = clauses.lay_down(own, at=at, by=manager).pk
    stage.ids["granted_claim"] = _propose(stage)
    deciding.approve(stage.ids["granted_claim"], at=at, by=leader)
    stage.ids["billing_run"] = billing.export(at=at, by=leader).pk
    stage.ids["open_claim"] = _propose(stage)


def _propose(stage: "Stage") -> int:
    world, why = stage.world, "汉江银行 WH-HS-E1-0001，周颖来函"
    new = proposing.NewClaim(world.bank.pk, MONTH, 12_300, why, world.circuit.pk)
    return proposing.propose_by_hand(new, at=timezone.now(), by=stage.actor("wang.min")).pk
