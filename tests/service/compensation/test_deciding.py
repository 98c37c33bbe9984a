"""A second person decides; what was granted is taken back by a reversal; states follow a table (H8, P1, P7)."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.running import advance
from mainstay.platform.journal.models import Entry
from mainstay.platform.journal.registry import handlers_of, listen
from mainstay.service.compensation.actions import deciding, proposing
from mainstay.service.compensation.choices import TRANSITIONS, ClaimStatus
from mainstay.service.compensation.errors import BadClaim, NoSuchClaim, SecondPersonNeeded, WrongStep
from mainstay.service.compensation.events import ClaimGranted
from mainstay.service.compensation.models import Claim
from mainstay.service.compensation.queries import claims as queries
from tests.cast import World
from tests.service.service_levels.stage import OVER, SEPTEMBER

NewClaim = Callable[..., Claim]


@pytest.fixture
def propose(world: World) -> NewClaim:
    """Give a way to enter a compensation for the bank."""

    def made(by: str = "wang.min", fen: int = 10_000) -> Claim:
        new = proposing.NewClaim(world.bank.pk, SEPTEMBER, fen, "协商", world.circuit.pk)
        return proposing.propose_by_hand(new, at=OVER, by=world.actor(by))

    return made


def test_it_works(propose: NewClaim, leader: Actor) -> None:
    claim = deciding.approve(propose().pk, at=OVER, by=leader)
    assert (claim.status, claim.decided_by, claim.revision) == ("approved", "赵磊", 2)
    assert Entry.objects.filter(action="compensation.approve", object_label=claim.number).count() == 1


def test_nobody_decides_on_what_they_proposed(propose: NewClaim, leader: Actor, admin: Actor) -> None:
    for by in ("zhao.lei", "admin"):
        with pytest.raises(SecondPersonNeeded):
            deciding.approve(propose(by).pk, at=OVER, by={"zhao.lei": leader, "admin": admin}[by])


def test_who_may_not_approve_is_refused(propose: NewClaim, officer: Actor, manager: Actor, customer: Actor) -> None:
    pk = propose("admin").pk
    for actor in (officer, manager, customer):
        with pytest.raises(NotAllowed):
            deciding.approve(pk, at=OVER, by=actor)


def test_others_do_not_know_of_it(world: World, propose: NewClaim, outsider: Actor) -> None:
    pk = propose().pk
    for actor in (world.actor("liu.fang"), world.actor("huang.wei"), outsider):
        with pytest.raises(NoSuchClaim):
            queries.claim(actor, pk)
        assert not queries.visible_to(actor).exists()


def test_customers_read_what_was_granted_and_nothing_before(propose: NewClaim, leader: Actor, customer: Actor) -> None:
    pk = propose().pk
    with pytest.raises(NoSuchClaim):
        queries.claim(customer, pk)
    deciding.approve(pk, at=OVER, by=leader)
    assert queries.claim(customer, pk).row.amount_fen == 10_000


def test_a_rejection_says_why(propose: NewClaim, leader: Actor) -> None:
    pk = propose().pk
    with pytest.raises(BadClaim):
        deciding.reject(pk, " ", at=OVER, by=leader)
    assert deciding.reject(pk, "已另行补偿", at=OVER, by=leader).decided_why == "已另行补偿"
    with pytest.raises(WrongStep):
        deciding.approve(pk, at=OVER, by=leader)


def test_a_proposer_may_take_it_back(propose: NewClaim, manager: Actor, officer: Actor) -> None:
    with pytest.raises(NotAllowed):
        deciding.reject(propose().pk, "x", at=OVER, by=officer)
    assert deciding.reject(propose().pk, "写错了", at=OVER, by=manager).status == "rejected"


def test_a_reversal_needs_a_second_person_too_and_deletes_nothing(
    propose: NewClaim, manager: Actor, leader: Actor, admin: Actor
) -> None:
    claim = deciding.approve(propose().pk, at=OVER, by=leader)
    reversal = proposing.ask_reversal(claim.pk, "重复赔付", at=OVER, by=leader)
    assert (reversal.amount_fen, reversal.status) == (-10_000, "proposed")
    with pytest.raises(SecondPersonNeeded):
        deciding.approve(reversal.pk, at=OVER, by=leader)
    with pytest.raises(WrongStep):
        proposing.ask_reversal(claim.pk, "again", at=OVER, by=manager)
    deciding.approve(reversal.pk, at=OVER, by=admin)
    claim.refresh_from_db()
    assert (claim.status, claim.amount_fen) == ("reversed", 10_000)
    assert Claim.objects.get(pk=reversal.pk).status == "offset"  # billing never had it


def test_what_was_only_proposed_is_not_reversed(propose: NewClaim, leader: Actor) -> None:
    with pytest.raises(WrongStep):
        proposing.ask_reversal(propose().pk, "x", at=OVER, by=leader)


def test_somebody_elses_decision_in_between_is_noticed(propose: NewClaim, leader: Actor) -> None:
    claim = propose()
    with pytest.raises(WrongStep):
        deciding.approve(claim.pk, at=OVER, by=leader, revision=claim.revision + 1)


def test_it_is_announced(propose: NewClaim, leader: Actor) -> None:
    heard, before = [], handlers_of(ClaimGranted)
    listen(ClaimGranted, lambda event, _by: heard.append(event))
    try:
        claim = deciding.approve(propose().pk, at=OVER, by=leader)
    finally:
        listen(ClaimGranted, *before)
    assert heard == [ClaimGranted(claim.pk, claim.customer_id, SEPTEMBER, 10_000)]


def test_many_are_approved_by_a_job_and_ones_own_are_refused(world: World, propose: NewClaim, leader: Actor) -> None:
    ids = [propose().pk for _ in range(3)] + [propose("zhao.lei").pk]
    job = jobs.ask("compensation.approve", ids, {}, at=OVER, by=leader)
    while advance(job.pk, at=OVER):
        pass
    job.refresh_from_db()
    assert (job.done, job.failed, job.state) == (3, 1, "done")
    assert Claim.objects.filter(status="approved").count() == 3


def test_the_table_of_states_knows_every_state() -> None:
    assert set(TRANSITIONS) == set(ClaimStatus.values)
    assert all(after <= set(ClaimStatus.values) for after in TRANSITIONS.values())


def test_the_database_refuses_two_reversals_and_negative_grants(propose: NewClaim, leader: Actor) -> None:
    claim = deciding.approve(propose().pk, at=OVER, by=leader)
    proposing.ask_reversal(claim.pk, "x", at=OVER, by=leader)
    for wrong in (
        proposing.reversed_row(claim, at=OVER, by=leader),
        Claim(kind="manual", customer_id=claim.customer_id, region_code="42", month=SEPTEMBER, amount_fen=-1,
              proposed_by="x", proposed_at=OVER),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()
