"""The audit trail says who did what, and a change to it is noticed (P2)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from mainstay.domain.actor import Actor, system
from mainstay.platform.journal import actions, queries
from mainstay.platform.journal.actions import Change
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World

BY = system("test", request_id="r-1").because("a reason")


def write(count: int, *, at: datetime = NOW) -> None:
    actions.record("circuit.rename", [Change("circuit", n, f"C{n}", {"n": n}, {"n": n + 1}) for n in range(count)], at=at, by=BY)  # fmt: skip  # noqa: E501


def broken() -> list[str]:
    return [entry.object_id for entry in queries.broken_seals()]


def test_it_works(db: None) -> None:
    write(3)
    assert actions.seal() == 3
    assert actions.seal() == 0
    assert broken() == []
    entry = Entry.objects.latest("id")
    assert (entry.actor_name, entry.actor_kind, entry.why, entry.request_id) == ("test", "system", "a reason", "r-1")
    assert (entry.before, entry.after) == ({"n": 2}, {"n": 3})


@pytest.mark.parametrize(
    "change",
    [
        {"after": {"n": 99}}, {"before": None}, {"actor_name": "王敏"}, {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"object_id": "77"}, {"why": "another"}, {"customer_id": 5}, {"region_code": "44"}, {"user_id": 1},
        {"action": "circuit.delete"}, {"request_id": ""}, {"object_label": "D"}, {"object_kind": "customer"},
        {"actor_kind": "staff"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_tampered_entry_is_found(db: None, change: dict[str, Any]) -> None:
    write(5)
    actions.seal()
    tampered = Entry.objects.order_by("id")[2]
    Entry.objects.filter(pk=tampered.pk).update(**change)
    assert [entry.pk for entry in queries.broken_seals()] == [tampered.pk]


def test_an_entry_tampered_with_behind_djangos_back_is_found(db: None) -> None:
    write(5)
    actions.seal()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_entry SET object_label = 'X' WHERE object_id = '3'")
    assert broken() == ["3"]


def test_a_deleted_entry_shows_at_its_successor(db: None) -> None:
    write(5)
    actions.seal()
    Entry.objects.filter(object_id="2").delete()
    assert broken() == ["3"]
    Entry.objects.filter(object_id="0").delete()
    assert broken() == ["1", "3"]


def test_two_entries_that_change_places_are_found(db: None) -> None:
    write(4)
    actions.seal()
    first, second = Entry.objects.order_by("id")[1:3]
    first.after, second.after = second.after, first.after
    first.save()
    second.save()
    assert broken() == ["1", "2"]


def test_resealing_a_tampered_entry_does_not_hide_it(db: None) -> None:
    write(5)
    actions.seal()
    Entry.objects.filter(object_id="2").update(after={"n": 99}, digest="", previous_digest="", seal_number=None)
    assert actions.seal() == 1
    assert broken() == ["3"]


def test_a_lower_id_committed_later_is_sealed_later_and_breaks_nothing(db: None) -> None:
    write(1)
    late = Entry.objects.create(
        at=NOW, actor_name="x", actor_kind="staff", action="a", object_kind="k", object_id="late"
    )
    write(2)
    pk, late.pk = late.pk, None
    Entry.objects.filter(pk=pk).delete()
    assert actions.seal() == 3
    late.pk = pk
    late.save(force_insert=True)
    assert actions.seal() == 1
    assert broken() == []


def test_sealing_goes_on_where_it_stopped(db: None) -> None:
    write(7)
    assert [actions.seal(limit=3) for _ in range(4)] == [3, 3, 1, 0]
    write(2)
    assert actions.seal() == 2
    assert list(Entry.objects.order_by("seal_number").values_list("seal_number", flat=True)) == list(range(1, 10))
    assert broken() == []


def test_what_was_rolled_back_left_no_entry(db: None) -> None:
    with transaction.atomic():
        write(1)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()


def test_values_of_every_kind_are_kept_as_plain_ones(db: None) -> None:
    after = {
        "at": NOW,
        "on": date(2026, 1, 1),
        "amount": Decimal("1.50"),
        "set": frozenset({"b", "a"}),
        "tuple": (1, 2),
    }
    actions.record("x", [Change("k", 1, after=after)], at=NOW, by=BY)
    actions.seal()
    assert Entry.objects.get().after == {
        "at": "2026-09-01T00:00:00+00:00", "on": "2026-01-01", "amount": "1.50", "set": ["a", "b"], "tuple": [1, 2],
    }  # fmt: skip
    assert broken() == []


def test_long_labels_and_reasons_are_cut(db: None) -> None:
    actions.record("x", [Change("k", 1, "名" * 500)], at=NOW, by=BY.because("因" * 900))
    entry = Entry.objects.get()
    assert (len(entry.object_label), len(entry.why)) == (160, 400)


def test_differences_keep_only_what_changed() -> None:
    assert actions.differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ({"b": 2, "c": None}, {"b": 3, "c": 4})


def test_each_reads_only_what_they_may_see(world: World, officer: Actor, outsider: Actor, admin: Actor) -> None:
    changes = [
        Change("circuit", c.pk, c.number, customer_id=c.customer_id, region_code=c.region_code) for c in world.circuits
    ]
    actions.record("circuit.open", changes, at=NOW, by=BY)

    def read(actor: Actor) -> list[str]:
        return sorted(queries.visible_to(actor).filter(action="circuit.open").values_list("object_label", flat=True))

    assert len(read(admin)) == 4
    assert read(officer) == sorted(c.number for c in world.circuits[:3])
    assert read(outsider) == [world.logistics_circuit.number]


def test_the_history_of_an_object_is_newest_first(db: None) -> None:
    write(2)
    write(2)
    assert [e.object_id for e in queries.history_of("circuit", 1, actor=BY)] == ["1", "1"]
    first, second = queries.history_of("circuit", 1, actor=BY)
    assert first.pk > second.pk
