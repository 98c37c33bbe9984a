"""Two customers become one in two steps; undone, everything is as it was, but for what was changed since."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.accounts.customers import queries as customers
from mainstay.accounts.customers.actions.customers import NewCustomer, create_customers, update_customer
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.accounts.duplicates import queries
from mainstay.accounts.duplicates.actions import merging
from mainstay.accounts.duplicates.errors import BadMerge, NoSuchMerge
from mainstay.accounts.duplicates.models import Merge
from mainstay.accounts.portfolios.actions.notes import NewNote, note_contact
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.queries.feed import touched_since
from mainstay.network.inventory.queries.topology import revision
from mainstay.platform.documents.models import Content, Document
from mainstay.platform.identity.models import User
from mainstay.platform.journal.models import Entry
from mainstay.platform.search.queries import find
from tests.cast import NOW, World

TRACES = {
    "journal.Entry", "journal.OutboxEvent", "journal.HandedOn", "duplicates.Merge", "search.SearchEntry",
    "inventory.TopologyRevision", "inventory.TopologyChange", "duplicates.MatchKey", "duplicates.Waiting",
    "timers.Timer", "revenue.Touched", "credit.Rescoring", "tiers.Waiting",
}  # fmt: skip
"""What a merge and its undoing leave behind by design, or is derived."""
VOLATILE = {"revision", "changed_at"}


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table of the project but TRACES, without VOLATILE."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if model.__module__.startswith("mainstay.") and label not in TRACES:
            rows = model._default_manager.order_by("pk").values()
            found[label] = [{k: v for k, v in row.items() if k not in VOLATILE} for row in rows]
    return found


def merged(world: World, by: Actor, chosen: dict[str, str] | None = None) -> Merge:
    """Merge the logistics company into the bank."""
    row = merging.prepare(world.bank.pk, world.logistics.pk, chosen or {}, at=NOW, by=by)
    return merging.carry_out(row.pk, at=NOW, by=by.because("同一客户"))


def test_it_works(world: World, leader: Actor) -> None:
    note_contact(NewNote(world.logistics.pk, "phone", "good", NOW), at=NOW, by=leader)
    counts = {move.column: move.count for move in queries.moves(leader, world.logistics.pk)}
    assert counts["inventory.Circuit.customer_id"] == counts["portfolios.ContactNote.customer_id"] == 1
    before = revision()
    row = merged(world, leader, {"phone": "kept", "service_grade": "gone"})
    assert {column: len(ids) for column, ids in row.moved.items()} == counts
    gone, kept = Customer.objects.get(pk=world.logistics.pk), Customer.objects.get(pk=world.bank.pk)
    assert (gone.merged_into, gone.archive, kept.service_grade) == (kept, "retained", "silver")
    assert Circuit.objects.get(pk=world.logistics_circuit.pk).customer == kept
    assert User.objects.get(username="wu.tong").customer_id == kept.pk
    touched = touched_since(before)
    assert touched is not None
    assert [(each.id, each.customer_id) for each in touched.circuits] == [(world.logistics_circuit.pk, kept.pk)]
    assert [hit.detail[:8] for hit in find(world.logistics_circuit.number, world.actor("wang.min"))] == [
        "汉江银行股份有限"
    ]
    assert world.actor("wu.tong").customer_ids == customers.family_ids(kept.pk)


def test_the_journal_stays_true(world: World, leader: Actor, admin: Actor) -> None:
    update_customer(world.logistics.pk, {"phone": "0714-1"}, revision=1, at=NOW, by=admin)
    entries = set(Entry.objects.values_list("pk", "customer_id"))
    merged(world, leader)
    assert entries <= set(Entry.objects.values_list("pk", "customer_id"))
    told = Entry.objects.filter(action="customer.merge").order_by("pk")
    assert [(entry.customer_id, entry.why) for entry in told] == [
        (world.bank.pk, "同一客户"), (world.logistics.pk, "同一客户")
    ]  # fmt: skip


def test_undone_everything_is_as_it_was(world: World, leader: Actor) -> None:
    note_contact(NewNote(world.logistics.pk, "phone", "good", NOW), at=NOW, by=leader)
    before = snapshot()
    row = merged(world, leader, {"name": "gone", "region_id": "gone"})
    assert snapshot() != before
    undone = merging.undo(row.pk, at=NOW, by=leader.because("看错了"))
    assert (snapshot(), undone.left) == (before, [])
    with pytest.raises(BadMerge, match="not in force"):
        merging.undo(row.pk, at=NOW, by=leader.because("再来"))
    assert Merge.objects.get(pk=merged(world, leader).pk).state == "done"  # and it can be merged anew


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.fixed_dictionaries({}, optional={name: st.sampled_from(["kept", "gone"]) for name in merging.FIELDS}),
       way=st.permutations([0, 1, 2, 3]))  # fmt: skip
def test_whatever_was_chosen_undoing_gives_it_back(
    world: World, admin: Actor, chosen: dict[str, str], way: list[int]
) -> None:
    ends = [world.bank, world.branch, world.logistics, world.trade]
    kept, gone = ends[way[0]], ends[way[1]]
    before = snapshot()
    try:
        row = merging.prepare(kept.pk, gone.pk, chosen, at=NOW, by=admin)
    except BadMerge:
        assert kept.parent_id == gone.pk  # the branch below the bank
        return
    merging.carry_out(row.pk, at=NOW, by=admin.because("同一客户"))
    assert merging.undo(row.pk, at=NOW, by=admin.because("看错了")).left == []
    assert snapshot() == before


def test_what_was_changed_since_stays_and_is_said(world: World, leader: Actor, admin: Actor) -> None:
    row = merged(world, leader, {"service_grade": "gone"})
    kept = Customer.objects.get(pk=world.bank.pk)
    update_customer(kept.pk, {"service_grade": "bronze"}, revision=kept.revision, at=NOW, by=admin)
    Contact.objects.filter(pk=world.logistics_contact.pk).update(customer=world.trade)
    undone = merging.undo(row.pk, at=NOW, by=leader.because("看错了"))
    assert undone.left == [
        {"field": "service_grade"},
        {"column": "customers.Contact.customer_id", "ids": [world.logistics_contact.pk]},
    ]
    assert Customer.objects.get(pk=world.bank.pk).service_grade == "bronze"
    assert Circuit.objects.get(pk=world.logistics_circuit.pk).customer == world.logistics


def test_a_merge_is_prepared_first_and_carried_out_once(world: World, leader: Actor, admin: Actor) -> None:
    row = merging.prepare(world.bank.pk, world.logistics.pk, {}, at=NOW, by=leader)
    assert Customer.objects.get(pk=world.logistics.pk).merged_into is None
    with pytest.raises(BadMerge, match="Say why"):
        merging.carry_out(row.pk, at=NOW, by=leader)
    update_customer(world.bank.pk, {"phone": "027-1"}, revision=1, at=NOW, by=admin)
    with pytest.raises(BadMerge, match="prepare the merge again"):
        merging.carry_out(row.pk, at=NOW, by=leader.because("同一客户"))
    done = merged(world, leader)
    with pytest.raises(BadMerge, match="already"):
        merging.carry_out(done.pk, at=NOW, by=leader.because("同一客户"))
    with pytest.raises(BadMerge, match="merged already"):
        merging.prepare(world.branch.pk, world.logistics.pk, {}, at=NOW, by=leader)


def test_a_customer_is_not_merged_into_one_below_it(world: World, leader: Actor) -> None:
    with pytest.raises(BadMerge, match="below"):
        merging.prepare(world.branch.pk, world.bank.pk, {}, at=NOW, by=leader)
    row = merging.prepare(world.bank.pk, world.branch.pk, {}, at=NOW, by=leader)
    merging.carry_out(row.pk, at=NOW, by=leader.because("分行并入总行"))
    assert Customer.objects.get(pk=world.bank.pk).parent is None


def test_subsidiaries_move(world: World, leader: Actor, admin: Actor) -> None:
    create_customers([NewCustomer("C0901", "楚天物流黄石站", "4202", parent="C0003")], at=NOW, by=admin)
    merged(world, leader)
    assert Customer.objects.get(code="C0901").parent == world.bank


def test_what_would_stand_twice_stays(world: World, leader: Actor) -> None:
    content = Content.objects.create(digest="0" * 64, content=b"%PDF")
    told = {"kind": "sla-report", "month": date(2026, 8, 1), "language": "zh-hans", "format": "pdf", "size_bytes": 4,
            "content": content, "made_at": NOW}  # fmt: skip
    for customer, kind in ((world.bank, "sla-report"), (world.logistics, "sla-report"), (world.logistics, "letter")):
        Document.objects.create(**told | {"kind": kind}, customer_id=customer.pk)
    before = snapshot()
    row = merged(world, leader)
    assert row.stayed == {"documents.Document.customer_id": 1}
    assert Document.objects.filter(customer_id=world.bank.pk).count() == 2
    assert merging.undo(row.pk, at=NOW, by=leader.because("看错了")).left == []
    assert snapshot() == before


def test_who_may_not(world: World, leader: Actor, manager: Actor, officer: Actor) -> None:
    for actor in (manager, officer):
        with pytest.raises(NotAllowed):
            merging.prepare(world.bank.pk, world.branch.pk, {}, at=NOW, by=actor)
    row = merged(world, leader)
    for actor in (world.actor("huang.wei"), world.actor("zhou.ying"), manager):
        with pytest.raises(NoSuchMerge):
            queries.visible_merge(actor, row.pk)
