"""Contracts are signed, registered, changed in versions, renewed, ended by notice; nobody overwrites another (D1)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mainstay.accounts.contracts import queries
from mainstay.accounts.contracts.actions import (
    NewContract,
    NewLine,
    Revision,
    change_contract,
    follow_contract,
    give_notice,
    register_contracts,
    register_with_group,
    renew_contract,
    set_reminder_days,
    sign_contract,
)
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import BadContract, ChangedMeanwhile, NoSuchContract
from mainstay.accounts.contracts.models import Contract, ContractVersion
from mainstay.accounts.contracts.snapshots import differences
from mainstay.accounts.contracts.turning import months_later
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.platform.messages.models import Message
from mainstay.platform.timers.actions import sweep
from mainstay.platform.timers.models import Timer
from tests.cast import NOW, World

LINES = (NewLine(1, "leased-line", "AAA", 500_000), NewLine(2, "leased-line", "A", 100_000))
NEW = NewContract("HT-2026-0100", "C0001", "专线协议", date(2026, 8, 1), date(2026, 9, 1), date(2027, 9, 1), LINES,
                  status="signed")  # fmt: skip
REVISED = Revision(date(2026, 10, 1), "专线协议", date(2027, 9, 1),
                   (NewLine(1, "leased-line", "AAA", 450_000), NewLine(3, "leased-line", "AA", 200_000)),
                   why="议价")  # fmt: skip


def made(by: Actor, **more: Any) -> Contract:
    """Enter a contract of the bank."""
    (row,) = register_contracts([replace(NEW, **more)], at=NOW, by=by)
    return row


def days_pass(until: date, by: Actor) -> None:
    """Let the sweeper fire what is due until a day's noon."""
    at = datetime(until.year, until.month, until.day, 4, tzinfo=UTC)
    while sweep(at=at, by=by, limit=50):
        pass


def test_it_works(world: World, manager: Actor, leader: Actor, machinery: Actor) -> None:
    row = made(manager, status="draft", signed_on=None, starts_on=date(2026, 9, 10))
    assert not row.holds_on(date(2026, 9, 20))
    sign_contract(row.pk, signed_on=date(2026, 9, 1), at=NOW, by=manager)
    assert [each.pk for each in queries.unregistered(manager)] == [row.pk]
    found = register_with_group(row.pk, number="BA-1", on=date(2026, 9, 1), at=NOW, by=leader)
    assert (found.status, found.registration_number, found.registered_by) == ("registered", "BA-1", "赵磊")
    days_pass(date(2026, 9, 10), machinery)
    assert Contract.objects.get(pk=row.pk).status == ContractStatus.ACTIVE


def test_a_change_makes_a_version_from_a_day_and_prices_keep_their_history(
    world: World, manager: Actor, machinery: Actor
) -> None:
    row = made(manager)
    version = change_contract(row.pk, REVISED, at=NOW, by=manager)
    found = queries.contract(manager, row.pk)
    assert (version.number, found.version, found.ends_on) == (2, 1, date(2027, 9, 1))
    assert [(line.position, line.monthly_price_fen, line.in_force) for line in found.lines.all()] == [
        (1, 500_000, True), (2, 100_000, True), (3, 200_000, False),
    ]  # fmt: skip
    days_pass(date(2026, 10, 1), machinery)
    found = queries.contract(manager, row.pk)
    assert found.version == 2
    assert [(line.position, line.monthly_price_fen, line.in_force) for line in found.lines.all()] == [
        (1, 450_000, True), (2, 100_000, False), (3, 200_000, True),
    ]  # fmt: skip
    first, second = reversed(queries.versions(found))
    assert [(one.field, one.position) for one in differences(first.facts, second.facts)] == [
        ("monthly_price_fen", 1), ("line", 2), ("line", 3),
    ]  # fmt: skip
    lines = {line.position: line for line in found.lines.all()}
    spans = queries.prices_of(lines.values())
    assert [(s.begin, s.end, s.monthly_price_fen) for s in spans[lines[1].pk]] == [
        (date(2026, 9, 1), date(2026, 10, 1), 500_000), (date(2026, 10, 1), None, 450_000),
    ]  # fmt: skip
    assert [line.holds_on(date(2026, 9, 30)) for line in found.lines.all()] == [True, True, False]
    assert [line.holds_on(date(2026, 10, 1)) for line in found.lines.all()] == [True, False, True]
    assert queries.version_on(found, date(2026, 9, 30)).number == 1


def test_two_people_cannot_overwrite_each_other(world: World, manager: Actor, admin: Actor) -> None:
    row = made(manager)
    seen = row.revision
    change_contract(row.pk, REVISED, at=NOW, by=manager, revision=seen)
    for act in (
        lambda: change_contract(row.pk, replace(REVISED, name="别的"), at=NOW, by=admin, revision=seen),
        lambda: renew_contract(row.pk, until=date(2029, 1, 1), at=NOW, by=admin, revision=seen),
        lambda: give_notice(row.pk, received_on=date(2026, 9, 1), ends_on=date(2027, 1, 1), why="x", at=NOW, by=admin,
                            revision=seen),
    ):  # fmt: skip
        with pytest.raises(ChangedMeanwhile, match="Somebody else changed"):
            act()
    assert ContractVersion.objects.filter(contract=row).count() == 2


def test_a_contract_that_was_there_before_versions_gets_its_first_one(world: World, manager: Actor) -> None:
    wanted = Revision(
        date(2026, 9, 1), "汉江银行专线服务协议", None, (NewLine(1, "leased-line", "AAA", 800_000),), why="议价"
    )
    assert queries.versions(world.contract)[0].facts["lines"][0]["monthly_price_fen"] == 880_000
    change_contract(world.contract.pk, wanted, at=NOW, by=manager)
    kept = queries.versions(world.contract)
    assert [(one.number, one.facts["lines"][0]["monthly_price_fen"]) for one in kept] == [(2, 800_000), (1, 880_000)]
    assert queries.contract(manager, world.contract.pk).lines.get().monthly_price_fen == 800_000


def test_managers_are_told_before_the_end_once_a_rung(world: World, manager: Actor, machinery: Actor) -> None:
    row = made(manager, ends_on=date(2026, 12, 10))
    for day in (date(2026, 9, 10), date(2026, 9, 11), date(2026, 9, 11), date(2026, 10, 11), date(2026, 11, 10)):
        days_pass(day, machinery)
    told = Message.objects.filter(object_kind="contract", object_id=str(row.pk)).order_by("pk")
    assert [message.dedupe_key.rsplit(":", 1)[1] for message in told] == ["90", "60", "30"]
    assert {message.user.username for message in told if message.user} == {"wang.min"}


def test_reminders_are_data_and_changing_them_counts_for_what_runs(
    world: World, manager: Actor, admin: Actor, machinery: Actor
) -> None:
    row = made(manager, ends_on=date(2026, 12, 10))
    set_reminder_days([45], at=NOW, by=admin)
    days_pass(date(2026, 12, 1), machinery)
    told = Message.objects.filter(object_kind="contract", object_id=str(row.pk))
    assert [message.dedupe_key.rsplit(":", 1)[1] for message in told] == ["90", "45"] or [
        message.dedupe_key.rsplit(":", 1)[1] for message in told
    ] == ["45"]
    with pytest.raises(NotAllowed):
        set_reminder_days([10], at=NOW, by=manager)


def test_it_renews_itself_unless_notice_was_given(world: World, manager: Actor, machinery: Actor) -> None:
    on, off = (
        made(manager, ends_on=date(2026, 12, 1), auto_renew_months=12, notice_days=30),
        made(manager, number="HT-2026-0101", ends_on=date(2026, 12, 1), auto_renew_months=12, notice_days=30),
    )
    with pytest.raises(BadContract, match="30 days of notice"):
        give_notice(off.pk, received_on=date(2026, 11, 15), ends_on=date(2026, 12, 1), why="搬迁", at=NOW, by=manager)
    give_notice(off.pk, received_on=date(2026, 9, 1), ends_on=date(2026, 12, 1), why="搬迁", at=NOW, by=manager)
    days_pass(date(2026, 12, 2), machinery)
    on.refresh_from_db()
    off.refresh_from_db()
    assert (on.status, on.ends_on, on.version) == ("signed", date(2027, 12, 1), 2)
    assert (off.status, off.ends_on) == ("terminated", date(2026, 12, 1))
    days_pass(date(2027, 12, 2), machinery)
    on.refresh_from_db()
    assert on.ends_on == date(2028, 12, 1)


def test_an_end_and_a_follower_come_on_their_day(world: World, manager: Actor, machinery: Actor) -> None:
    ended = made(manager, ends_on=date(2026, 12, 1))
    first = made(manager, number="HT-2026-0102", ends_on=date(2027, 12, 1))
    made(manager, number="HT-2026-0103", starts_on=date(2026, 11, 1))
    follow_contract(first.pk, by_number="HT-2026-0103", at=NOW, by=manager)
    days_pass(date(2026, 12, 2), machinery)
    assert Contract.objects.get(pk=ended.pk).status == ContractStatus.ENDED
    found = Contract.objects.get(pk=first.pk)
    assert (found.status, found.ends_on) == (ContractStatus.RENEWED, date(2026, 11, 1))


def test_a_timer_left_over_does_nothing(world: World, manager: Actor, machinery: Actor) -> None:
    row = made(manager, ends_on=date(2026, 12, 1))
    renew_contract(row.pk, until=date(2028, 1, 1), at=NOW, by=manager)
    days_pass(date(2026, 12, 2), machinery)
    row.refresh_from_db()
    assert (row.status, row.ends_on, row.version) == ("signed", date(2028, 1, 1), 2)
    assert Timer.objects.filter(purpose="contract.turn", owner_id=row.pk, fired_at__isnull=True).exists()


def test_who_may_not_and_what_is_refused(world: World, manager: Actor, leader: Actor, outsider: Actor) -> None:
    row = made(manager)
    with pytest.raises(NotAllowed):
        register_with_group(row.pk, number="BA-1", on=date(2026, 9, 1), at=NOW, by=manager)
    for actor in (world.actor("liu.fang"), world.actor("admin")):
        if actor.name == "刘芳":
            with pytest.raises(NoSuchContract):
                change_contract(row.pk, REVISED, at=NOW, by=actor)
    with pytest.raises(NotAllowed):
        change_contract(row.pk, REVISED, at=NOW, by=outsider)
    with pytest.raises(BadContract, match="say why"):
        change_contract(row.pk, replace(REVISED, why=" "), at=NOW, by=manager)
    with pytest.raises(BadContract, match="holds from"):
        change_contract(row.pk, replace(REVISED, valid_from=date(2026, 8, 1)), at=NOW, by=manager)
    same = Revision(date(2026, 10, 1), NEW.name, NEW.ends_on, LINES, why="x")
    with pytest.raises(BadContract, match="just this"):
        change_contract(row.pk, same, at=NOW, by=manager)
    register_with_group(row.pk, number="BA-1", on=date(2026, 9, 1), at=NOW, by=leader)
    other = made(manager, number="HT-2026-0101")
    with pytest.raises(BadContract, match="taken"):
        register_with_group(other.pk, number="BA-1", on=date(2026, 9, 1), at=NOW, by=leader)
    with pytest.raises(BadContract, match="no end"):
        made(manager, number="HT-2026-0102", ends_on=None, auto_renew_months=12)


def test_a_draft_is_changed_as_it_stands(world: World, manager: Actor) -> None:
    row = made(manager, status="draft", signed_on=None)
    change_contract(row.pk, replace(REVISED, starts_on=date(2026, 9, 15), why=""), at=NOW, by=manager)
    found = queries.contract(manager, row.pk)
    assert (found.version, found.starts_on, [line.position for line in found.lines.all() if line.in_force]) == (
        1, date(2026, 9, 15), [1, 3],
    )  # fmt: skip
    assert [one.number for one in queries.versions(found)] == [1]


def test_months_are_counted_to_the_last_day_where_one_lacks() -> None:
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 12, 15), 14) == date(2028, 2, 15)
    assert all(months_later(date(2026, 1, 1) + timedelta(days=n), 12).year == 2027 for n in range(364))
