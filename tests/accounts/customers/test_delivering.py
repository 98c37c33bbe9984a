"""Other systems keep customers up to date: rules, source, time, what waits for a person (A4)."""

from datetime import timedelta

import pytest

from mainstay.accounts.customers import archive
from mainstay.accounts.customers.actions.delivering import SourceSettings, Word, deliver, save_source, settle, source_of
from mainstay.accounts.customers.errors import BadCustomer, NoSuchDifference, NoSuchSource
from mainstay.accounts.customers.models import ArchiveDifference, ArchiveSource, Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.identity.queries import actor_of
from tests.cast import NOW, World

RULES = {"address": "overwrite", "employer": "ignore"}


@pytest.fixture
def billing(world: World) -> Actor:
    user = User.objects.create(username="billing", display_name="计费", date_joined=NOW)
    DutyAssignment.objects.create(user=user, duty="system_client", region_code="42")
    save_source("billing", SourceSettings("计费", "fill", RULES, user_id=user.pk), at=NOW, by=world.actor("admin"))
    return actor_of(user)


@pytest.fixture
def source(billing: Actor) -> ArchiveSource:
    return source_of(billing)


def test_it_works(world: World, billing: Actor, source: ArchiveSource) -> None:
    said = {
        "address": "武汉市新址",
        "bank_name": "工行",
        "phone": "027-1111",
        "employer": "无",
        "name": world.bank.name,
    }
    word = Word(said, NOW - timedelta(hours=1), "B-7")
    made = deliver(source, world.bank.pk, word, at=NOW, by=billing)
    assert made.became == {"address": "taken", "bank_name": "taken", "phone": "asked", "employer": "ignored",
                           "name": "same"}  # fmt: skip
    bank = Customer.objects.get(pk=world.bank.pk)
    assert (bank.address, bank.bank_name, bank.phone) == ("武汉市新址", "工行", world.bank.phone)
    change = archive.latest_changes(world.actor("wang.min"), world.bank.pk)["address"]
    assert (change.who, change.source, change.as_of, change.why) == (
        "计费",
        "计费",
        NOW - timedelta(hours=1),
        "计费 · B-7",
    )


def test_what_is_older_does_not_count_and_the_same_again_changes_nothing(
    world: World, billing: Actor, source: ArchiveSource
) -> None:
    deliver(source, world.bank.pk, Word({"address": "新"}, NOW - timedelta(hours=1)), at=NOW, by=billing)
    late = deliver(source, world.bank.pk, Word({"address": "旧"}, NOW - timedelta(hours=2)), at=NOW, by=billing)
    again = deliver(source, world.bank.pk, Word({"address": "新"}, NOW - timedelta(hours=1)), at=NOW, by=billing)
    assert (late.became, again.became) == ({"address": "stale"}, {"address": "same"})
    assert Customer.objects.get(pk=world.bank.pk).address == "新"


def test_a_person_takes_theirs_or_keeps_ours(world: World, billing: Actor, source: ArchiveSource) -> None:
    manager = world.actor("wang.min")
    said = {"phone": "027-1111", "short_name": "汉银"}
    deliver(source, world.bank.pk, Word(said, NOW), at=NOW, by=billing)
    rows = {row.field: row for row in archive.differences(manager)}
    with pytest.raises(NoSuchDifference):
        settle(rows["phone"].pk, take=True, at=NOW, by=world.actor("liu.fang"))
    settle(rows["phone"].pk, take=True, at=NOW, by=manager)
    settle(rows["short_name"].pk, take=False, at=NOW, by=manager)
    bank = Customer.objects.get(pk=world.bank.pk)
    assert (bank.phone, bank.short_name) == ("027-1111", world.bank.short_name)
    newest = archive.field_history(manager, world.bank.pk, "phone")[0]
    assert (newest.who, newest.source) == ("王敏", "计费")
    with pytest.raises(NoSuchDifference):
        settle(rows["phone"].pk, take=True, at=NOW, by=manager)


def test_a_difference_goes_when_the_source_agrees(world: World, billing: Actor, source: ArchiveSource) -> None:
    deliver(source, world.bank.pk, Word({"phone": "027-1111"}, NOW), at=NOW, by=billing)
    deliver(source, world.bank.pk, Word({"phone": world.bank.phone}, NOW), at=NOW, by=billing)
    assert list(ArchiveDifference.objects.values_list("state", flat=True)) == ["kept"]


def test_what_is_wrong_spoils_nothing_else(world: World, billing: Actor, source: ArchiveSource) -> None:
    rules = {**RULES, "ownership": "overwrite"}
    save_source("billing", SourceSettings("计费", "fill", rules, user_id=billing.user_id), at=NOW,
                by=world.actor("admin"))  # fmt: skip
    made = deliver(source, world.bank.pk, Word({"ownership": "alien", "address": "新"}, NOW), at=NOW, by=billing)
    assert made.became == {"ownership": "wrong", "address": "taken"}


def test_fields_decided_here_and_times_to_come_are_refused(world: World, billing: Actor, source: ArchiveSource) -> None:
    with pytest.raises(BadCustomer, match="cannot be delivered"):
        deliver(source, world.bank.pk, Word({"service_grade": "gold"}, NOW), at=NOW, by=billing)
    with pytest.raises(BadCustomer, match="future"):
        deliver(source, world.bank.pk, Word({"address": "新"}, NOW + timedelta(days=1)), at=NOW, by=billing)


def test_only_sources_deliver(world: World, source: ArchiveSource) -> None:
    with pytest.raises(NoSuchSource):
        source_of(world.actor("li.qiang"))
    with pytest.raises(NotAllowed):
        deliver(source, world.bank.pk, Word({"address": "新"}, NOW), at=NOW, by=world.actor("wang.min"))
