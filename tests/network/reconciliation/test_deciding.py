"""Differences decided by hand: applied, kept, ignored, linked, made a rule, undone; each with who and why."""

from typing import Any

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.models import Circuit, Resource
from mainstay.network.reconciliation.actions import deciding
from mainstay.network.reconciliation.actions.deciding import decide, undo
from mainstay.network.reconciliation.choices import Decision
from mainstay.network.reconciliation.errors import BadDecision, NoSuchDifference
from mainstay.network.reconciliation.models import Delivered, Difference, FieldRule
from mainstay.network.reconciliation.queries import differences as queries
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World
from tests.network.reconciliation.stage import DEVICES, HEAD, SYSTEM, circuits, csv, devices, run, said, source


def asked(**more: Any) -> Difference:
    """Let the vendor of a device differ, and ask."""
    made = source(default_rule="ask", **more)
    run(made, devices())
    run(made, devices(("device-A", "vendor", "华为")))
    return Difference.objects.get()


def vendor() -> str:
    return Resource.objects.get(code="device-A").vendor


def test_it_works(world: World) -> None:
    row = asked()
    done = decide([row.pk], Decision.APPLY, "现场核对", at=NOW, by=world.actor("admin"))
    assert (done.settled, done.refused, vendor()) == (1, [], "华为")
    entry = Entry.objects.get(action="sync.apply")
    assert (entry.actor_name, entry.why, entry.before, entry.after) == (
        "系统管理员", "现场核对", {"vendor": "长江光电"}, {"vendor": "华为"},
    )  # fmt: skip
    assert Entry.objects.get(action="resource.update").why == "现场核对"
    run(row.source, devices(("device-A", "vendor", "华为")))
    assert said() == []


def test_what_was_kept_is_not_asked_again_until_the_source_changes(world: World) -> None:
    row = asked()
    decide([row.pk], Decision.KEEP, "", at=NOW, by=SYSTEM)
    run(row.source, devices(("device-A", "vendor", "华为")))
    assert said() == []
    run(row.source, devices(("device-A", "vendor", "中兴")))
    assert said() == [("device-A", "vendor", "source-changed")]
    assert vendor() == "长江光电"


def test_what_is_ignored_is_never_asked_again(world: World) -> None:
    row = asked()
    decide([row.pk], Decision.IGNORE, "", at=NOW, by=SYSTEM)
    run(row.source, devices(("device-A", "vendor", "中兴")))
    assert said() == []


def test_what_somebody_decided_a_moment_ago_is_left_alone(world: World) -> None:
    row = asked()
    ours = vendor()
    Difference.objects.filter(pk=row.pk).update(state="ignored")
    assert deciding.apply([row], at=NOW, by=world.actor("admin")) == deciding.Decided(0, [])
    assert vendor() == ours
    assert Difference.objects.get(pk=row.pk).state == "ignored"


def test_always_makes_the_rule(world: World) -> None:
    row = asked()
    decide([row.pk], Decision.ALWAYS_SOURCE, "", at=NOW, by=SYSTEM)
    assert (vendor(), FieldRule.objects.get().rule) == ("华为", "source")
    run(row.source, devices(("device-B", "vendor", "中兴")))
    assert Resource.objects.get(code="device-B").vendor == "中兴"
    assert Entry.objects.filter(action="sync_source.rules").exists()


def test_a_rule_cannot_be_made_of_a_whole_object(world: World) -> None:
    run(source(), csv(HEAD, [("device-X", "device", "新", "site-A", "4201", "x")]))
    with pytest.raises(BadDecision):
        decide([Difference.objects.get().pk], Decision.ALWAYS_SOURCE, "", at=NOW, by=SYSTEM)


def test_a_new_object_is_created_by_hand_and_undone(world: World) -> None:
    made = source(default_rule="ask")
    raw = csv(HEAD, [*DEVICES, ("device-X", "device", "新", "site-A", "4201", "华为")])
    run(made, raw)
    row = Difference.objects.get()
    decide([row.pk], Decision.APPLY, "", at=NOW, by=SYSTEM)
    assert Resource.objects.get(code="device-X").vendor == "华为"
    assert run(made, raw).counts["agree"] == 5
    undo(row.pk, "", at=NOW, by=SYSTEM)
    assert not Resource.objects.filter(code="device-X").exists()
    run(made, raw)
    assert said() == []  # it was refused once; it stays so


def test_undoing_restores_our_value_and_is_not_applied_again(world: World) -> None:
    made = source()
    run(made, devices())
    run(made, devices(("device-A", "vendor", "华为")))
    row = Difference.objects.get(state="applied")
    undo(row.pk, "网管写错了", at=NOW, by=SYSTEM)
    assert vendor() == "长江光电"
    run(made, devices(("device-A", "vendor", "华为")))
    assert vendor() == "长江光电"
    assert said("undone") == said("kept") == [("device-A", "vendor", "source-changed")]


def test_undoing_is_refused_where_somebody_changed_it_since(world: World) -> None:
    row = asked()
    decide([row.pk], Decision.APPLY, "", at=NOW, by=SYSTEM)
    Resource.objects.filter(code="device-A").update(vendor="烽火")
    with pytest.raises(BadDecision, match="changed since"):
        undo(row.pk, "", at=NOW, by=SYSTEM)
    assert vendor() == "烽火"


def test_a_vanished_circuit_is_ceased_and_brought_back(world: World) -> None:
    made = source(covers="circuits", vanish_after=1)
    run(made, circuits())
    run(made, circuits(without="HS-HS-E1-0002"))
    row = Difference.objects.get()
    decide([row.pk], Decision.APPLY, "", at=NOW, by=SYSTEM)
    assert Circuit.objects.get(number="HS-HS-E1-0002").status == "ceased"
    undo(row.pk, "", at=NOW, by=SYSTEM)
    assert Circuit.objects.get(number="HS-HS-E1-0002").status == "active"


def test_what_we_ceased_and_the_source_still_delivers_asks(world: World) -> None:
    made = source(covers="circuits")
    run(made, circuits())
    Circuit.objects.filter(number="HS-HS-E1-0002").update(status="ceased")
    run(made, circuits())
    assert said() == [("HS-HS-E1-0002", "", "gone-here")]
    decide([Difference.objects.get().pk], Decision.APPLY, "", at=NOW, by=SYSTEM)
    assert Circuit.objects.get(number="HS-HS-E1-0002").status == "active"


def test_ceasing_what_carries_circuits_is_refused_and_says_which(world: World) -> None:
    made = source(vanish_after=1)
    run(made, devices())
    run(made, devices(without="device-D"))
    done = decide([Difference.objects.get().pk], Decision.APPLY, "", at=NOW, by=SYSTEM)
    assert done.settled == 0
    assert "HS-HS-E1-0002" in str(done.refused[0][1])
    assert said() == [("device-D", "", "vanished")]


def test_a_systems_own_ids_are_linked_and_kept(world: World) -> None:
    made = source(native_column="网元ID", mapping={"类型": "kind", "名称": "name"})
    raw = csv(("网元ID", "类型", "名称"), [("NE=17", "device", "汉口新名")])
    run(made, raw)
    row = Difference.objects.get()
    assert (row.kind, row.key) == ("new", "NE=17")
    decide([row.pk], Decision.LINK, "", code="device-A", at=NOW, by=SYSTEM)
    run(made, raw)
    assert Resource.objects.get(code="device-A").name == "汉口新名"
    assert Delivered.objects.get().code == "device-A"


def test_references_by_a_systems_own_ids_are_understood(world: World) -> None:
    made = source(native_column="ID", mapping={"编码": "code", "类型": "kind", "上级": "parent"}, on_new="create")
    head = ("ID", "编码", "类型", "上级")
    run(made, csv(head, [("1", "device-A", "device", ""), ("2", "card-A", "card", "1"), ("3", "card-N", "card", "1")]))
    assert said() == [("card-N", "", "new")]  # the inventory refuses a card without a name
    run(made, csv(head, [("2", "card-A", "card", "1")]))
    assert Resource.objects.get(code="card-A").parent.code == "device-A"


def test_others_regions_see_and_decide_nothing(world: World) -> None:
    row = asked()
    for name in ("huang.wei", "wang.min", "zhou.ying"):
        assert not queries.visible_to(world.actor(name)).exists()
    assert queries.visible_to(world.actor("li.qiang")).count() == 1
    with pytest.raises(NotAllowed):
        decide([row.pk], Decision.KEEP, "", at=NOW, by=world.actor("li.qiang"))
    other = Actor(kind=SYSTEM.kind.STAFF, name="x", permissions=frozenset({"inventory.write"}), regions=("44",))
    with pytest.raises(BadDecision):
        decide([row.pk], Decision.KEEP, "", at=NOW, by=other)
    with pytest.raises(NoSuchDifference):
        queries.visible_difference(other, row.pk)


def test_the_list_says_what_deciding_would_touch(world: World) -> None:
    made = source(vanish_after=1)
    run(made, devices())
    run(made, devices(without="device-D"))
    (row,) = queries.by_object(world.actor("li.qiang"), queries.DifferenceFilter()).object_list
    assert (row.touched.circuits, row.touched.customers, row.touched.grade) == (2, 2, "AAA")
