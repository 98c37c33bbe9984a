"""Customers nobody looks after return to the pool by the rules: warned first, kept by a contact note."""

from datetime import timedelta

import pytest

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.actions import recalling, rules
from mainstay.accounts.portfolios.actions.notes import NewNote, note_contact
from mainstay.accounts.portfolios.errors import BadPortfolio
from mainstay.accounts.portfolios.models import Recall
from mainstay.accounts.portfolios.queries import last_contact
from mainstay.accounts.portfolios.queries.recalls import recalls, would_return
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.identity.actions import set_active
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.platform.timers.models import Timer
from tests.cast import NOW, World

LATER = NOW + timedelta(days=40)


@pytest.fixture
def gold(world: World, admin: Actor) -> None:
    """Let gold customers return after 30 days without a contact, a week after the warning."""
    rules.save_rule(rules.NewRule("no_note", "gold", 30, 7), at=NOW, by=admin)


def owner_of(customer: Customer) -> int | None:
    return Customer.objects.get(pk=customer.pk).account_manager_id


@pytest.mark.usefixtures("gold")
def test_it_works(world: World, machinery: Actor, leader: Actor, manager: Actor) -> None:
    assert recalling.review(at=NOW + timedelta(days=20), by=machinery).warned == 0
    assert recalling.review(at=LATER, by=machinery) == recalling.Reviewed(warned=2)
    assert recalling.review(at=LATER, by=machinery) == recalling.Reviewed()
    told = Message.objects.filter(object_kind="recall")
    assert {message.user_id for message in told} == {manager.user_id, leader.user_id}
    assert [recall.customer for recall in recalls(manager)] == [world.bank, world.branch]
    done = recalling.review(at=LATER + timedelta(days=7), by=machinery)
    assert (done.returned, owner_of(world.bank), owner_of(world.branch)) == (2, None, None)
    assert owner_of(world.logistics) is not None


@pytest.mark.usefixtures("gold")
def test_a_contact_note_keeps_a_customer(world: World, machinery: Actor, manager: Actor) -> None:
    recalling.review(at=LATER, by=machinery)
    note = NewNote(world.bank.pk, "visit", "good", LATER, contact_id=world.bank_contact.pk, text="走访")
    note_contact(note, at=LATER, by=manager)
    assert last_contact([world.bank.pk, world.branch.pk]) == {world.bank.pk: LATER}
    done = recalling.review(at=LATER + timedelta(days=7), by=machinery)
    assert (done.kept, done.returned, owner_of(world.bank)) == (1, 1, manager.user_id)
    assert set(Recall.objects.values_list("customer", "state")) == {
        (world.bank.pk, "kept"), (world.branch.pk, "returned")
    }  # fmt: skip


@pytest.mark.usefixtures("gold")
def test_a_dry_run_says_who_would_return_and_writes_nothing(world: World, leader: Actor, manager: Actor) -> None:
    (told,) = would_return(leader, at=LATER)
    assert (told.count, told.returns_at) == (2, LATER + timedelta(days=7))
    assert {(row.pk, row.account_manager_id) for row in told.customers} == {
        (world.branch.pk, manager.user_id), (world.bank.pk, manager.user_id)
    }  # fmt: skip
    assert not Recall.objects.exists()
    assert would_return(world.actor("huang.wei"), at=LATER)[0].count == 0


def test_customers_of_a_locked_manager_return(world: World, admin: Actor, machinery: Actor) -> None:
    rules.save_rule(rules.NewRule("locked", "", 3, 2), at=NOW, by=admin)
    set_active(world.users["wang.min"], False, at=NOW, by=admin)
    assert recalling.review(at=NOW + timedelta(days=2), by=machinery).warned == 0
    assert recalling.review(at=NOW + timedelta(days=3), by=machinery).warned == 2
    assert recalling.review(at=NOW + timedelta(days=5), by=machinery).returned == 2


def test_customers_of_a_manager_on_long_leave_return(
    world: World, admin: Actor, leader: Actor, machinery: Actor
) -> None:
    rules.save_rule(rules.NewRule("leave", "", 30, 0), at=NOW, by=admin)
    liu = world.users["liu.fang"].pk
    short = rules.note_absence(liu, NOW.date(), NOW.date() + timedelta(days=10), "年假", at=NOW, by=leader)
    assert recalling.review(at=NOW, by=machinery).warned == 0
    rules.end_absence(short.pk, at=NOW, by=leader)
    rules.note_absence(liu, NOW.date(), NOW.date() + timedelta(days=90), "产假", at=NOW, by=leader)
    assert recalling.review(at=NOW + timedelta(days=1), by=machinery).warned == 1
    assert recalling.review(at=NOW + timedelta(days=1), by=machinery).returned == 1
    with pytest.raises(BadPortfolio):
        rules.note_absence(liu, NOW.date(), NOW.date() - timedelta(days=1), "", at=NOW, by=leader)


def test_a_new_owner_has_time(world: World, admin: Actor, machinery: Actor) -> None:
    from mainstay.accounts.customers.actions.customers import hand_over

    rules.save_rule(rules.NewRule("no_note", "", 30, 7), at=NOW, by=admin)
    hand_over([world.bank.pk], "liu.fang", at=LATER - timedelta(days=1), by=admin)
    recalling.review(at=LATER, by=machinery)
    assert world.bank.pk not in set(Recall.objects.values_list("customer_id", flat=True))


@pytest.mark.usefixtures("gold")
def test_the_look_is_taken_every_morning(world: World, machinery: Actor) -> None:
    timer = Timer.objects.get(purpose=recalling.PURPOSE)
    assert timer.due_at == recalling.next_morning(NOW)
    sweep(at=timer.due_at, by=machinery)
    following = Timer.objects.get(purpose=recalling.PURPOSE, fired_at__isnull=True)
    assert following.due_at == timer.due_at + timedelta(days=1)


def test_who_may_not_set_rules(world: World, leader: Actor, manager: Actor) -> None:
    for actor in (leader, manager):
        with pytest.raises(NotAllowed):
            rules.save_rule(rules.NewRule("no_note", "", 30), at=NOW, by=actor)
    with pytest.raises(NotAllowed):
        rules.note_absence(world.users["liu.fang"].pk, NOW.date(), None, "", at=NOW, by=manager)
