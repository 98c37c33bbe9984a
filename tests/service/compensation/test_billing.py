"""What was granted goes to billing once, in a file that stays the same; billing's answer comes back row by row (H8)."""

import hashlib

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.service.compensation.actions import billing, deciding, proposing
from mainstay.service.compensation.errors import BadAnswer, NoSuchRun, WrongStep
from mainstay.service.compensation.models import Claim
from mainstay.service.compensation.queries import billing as queries
from tests.cast import World
from tests.service.service_levels.stage import OVER, SEPTEMBER


@pytest.fixture
def granted(world: World, manager: Actor, leader: Actor) -> list[Claim]:
    """Grant two compensations to the bank."""
    made = [proposing.NewClaim(world.bank.pk, SEPTEMBER, fen, "协商", world.circuit.pk) for fen in (10_000, 2_345)]
    rows = [proposing.propose_by_hand(new, at=OVER, by=manager) for new in made]
    return [deciding.approve(row.pk, at=OVER, by=leader) for row in rows]


def answer(run_number: str, *rows: str) -> str:
    head = f"H,MAINSTAY-COMPENSATION-ANSWER,1,{run_number}"
    return "\r\n".join([head, *(f"D,{row}" for row in rows), f"T,{run_number},{len(rows)}", ""])


def statuses() -> list[str]:
    return list(Claim.objects.order_by("pk").values_list("status", flat=True))


def test_it_works(granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    name, content = queries.file_of(leader, run.pk)
    lines = content.decode().split("\r\n")
    assert name == f"{run.number}.csv"
    assert lines[0] == f"H,MAINSTAY-COMPENSATION,1,{run.number},2026-10-03T02:00:00Z,2,12345"
    assert lines[2] == (f"D,1,{granted[0].number},C0001,HT-2026-0001,1,WH-HS-E1-0001,2026-09,manual,10000,CNY,")
    assert lines[4] == f"T,{run.number},2,12345"
    assert hashlib.sha256(content).hexdigest() == run.digest
    assert statuses() == ["exported", "exported"]


def test_a_file_fetched_again_is_the_same_and_nothing_goes_twice(granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    first = queries.file_of(leader, run.pk)
    assert queries.file_of(leader, run.pk) == first
    with pytest.raises(WrongStep):
        billing.export(at=OVER, by=leader)


def test_billing_answers_row_by_row_and_what_it_refused_goes_again(granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    said = answer(run.number, f"{granted[0].number},accepted", f"{granted[1].number},refused,账户已销")
    billing.take_answer(said, at=OVER, by=leader)
    assert statuses() == ["credited", "returned"]
    row, rows = queries.run_page(leader, run.pk)
    assert (row.accepted, row.refused, [one.why for one in rows]) == (1, 1, ["", "账户已销"])
    again = billing.export(at=OVER, by=leader)
    assert (again.count, again.sum_fen) == (1, 2_345)


def test_the_same_answer_again_changes_nothing_and_another_is_refused(granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    said = answer(run.number, *(f"{claim.number},accepted" for claim in granted))
    billing.take_answer(said, at=OVER, by=leader)
    billing.take_answer(said, at=OVER, by=leader)
    other = answer(run.number, *(f"{claim.number},refused,x" for claim in granted))
    with pytest.raises(BadAnswer):
        billing.take_answer(other, at=OVER, by=leader)
    assert statuses() == ["credited", "credited"]


def test_what_was_credited_is_reversed_through_billing(granted: list[Claim], manager: Actor, leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    billing.take_answer(answer(run.number, *(f"{c.number},accepted" for c in granted)), at=OVER, by=leader)
    reversal = proposing.ask_reversal(granted[0].pk, "重复", at=OVER, by=manager)
    deciding.approve(reversal.pk, at=OVER, by=leader)
    assert statuses() == ["reversed", "credited", "approved"]
    later = billing.export(at=OVER, by=leader)
    assert later.sum_fen == -10_000
    assert later.content.split("\r\n")[2].endswith(f"reversal,-10000,CNY,{granted[0].number}")


def test_a_reversal_of_what_billing_then_refuses_does_not_go(
    granted: list[Claim], manager: Actor, leader: Actor
) -> None:
    run = billing.export(at=OVER, by=leader)
    reversal = proposing.ask_reversal(granted[0].pk, "重复", at=OVER, by=manager)
    deciding.approve(reversal.pk, at=OVER, by=leader)
    said = answer(run.number, f"{granted[0].number},refused,x", f"{granted[1].number},accepted")
    billing.take_answer(said, at=OVER, by=leader)
    assert statuses() == ["reversed", "credited", "offset"]
    with pytest.raises(WrongStep):
        billing.export(at=OVER, by=leader)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "number,answer",
        "H,MAINSTAY-COMPENSATION-ANSWER,2,{run}\nT,{run},0",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},accepted\nD,{two},accepted",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},accepted\nD,{two},accepted\nT,{run},3",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},accepted\nT,{run},1",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},accepted\nD,{one},accepted\nT,{run},2",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},accepted\nD,CP-999999,accepted\nT,{run},2",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},maybe\nD,{two},accepted\nT,{run},2",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,{run}\nD,{one},refused\nD,{two},accepted\nT,{run},2",
        "H,MAINSTAY-COMPENSATION-ANSWER,1,BR-999999\nD,{one},accepted\nD,{two},accepted\nT,BR-999999,2",
    ],
)
def test_a_bad_answer_changes_nothing(granted: list[Claim], leader: Actor, text: str) -> None:
    run = billing.export(at=OVER, by=leader)
    said = text.format(run=run.number, one=granted[0].number, two=granted[1].number)
    with pytest.raises((BadAnswer, NoSuchRun)):
        billing.take_answer(said, at=OVER, by=leader)
    assert statuses() == ["exported", "exported"]


def test_a_long_why_that_looks_like_a_formula_is_only_text(granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    assert all(cell[:1] not in "=+@" for line in run.content.split("\r\n") for cell in line.split(",") if cell)


def test_who_may_not_approve_neither_gives_nor_takes(
    granted: list[Claim], officer: Actor, manager: Actor, leader: Actor
) -> None:
    for actor in (officer, manager):
        with pytest.raises(NotAllowed):
            billing.export(at=OVER, by=actor)
    run = billing.export(at=OVER, by=leader)
    with pytest.raises(NoSuchRun):
        queries.file_of(manager, run.pk)


def test_another_region_sees_no_run(world: World, granted: list[Claim], leader: Actor) -> None:
    run = billing.export(at=OVER, by=leader)
    assert run.region_code == "42"
    with pytest.raises(NoSuchRun):
        queries.run_page(world.actor("huang.wei"), run.pk)
