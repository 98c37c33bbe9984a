"""What a run does: the first agrees, later ones list, apply, hold; the same file twice changes nothing."""

import pytest

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.actions.batches import Wanted, change_circuits, read_circuits
from mainstay.network.inventory.models import Circuit, Resource
from mainstay.network.inventory.queries.topology import revision
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.errors import BadRun, NoSuchSource
from mainstay.network.reconciliation.models import BadLine, Delivered, Difference, SyncRun
from mainstay.platform.journal.models import Entry
from tests.cast import NOW, World
from tests.network.reconciliation.stage import (
    CIRCUITS,
    CLOCK,
    DEVICES,
    HEAD,
    SYSTEM,
    circuits,
    csv,
    devices,
    run,
    said,
    source,
)


def test_it_works(world: World) -> None:
    made = source()
    assert run(made, devices()).state == "done"
    before = revision()
    done = run(made, devices(("device-A", "vendor", "华为")))
    assert Resource.objects.get(code="device-A").vendor == "华为"
    assert (done.counts["applied"], done.counts["changed"]) == (1, 1)
    assert revision() > before
    assert said("applied") == [("device-A", "vendor", "source-changed")]
    entry = Entry.objects.filter(object_kind="resource", request_id=f"sync-{done.pk}").get()
    assert (entry.before, entry.after) == ({"vendor": "长江光电"}, {"vendor": "华为"})


def test_the_first_run_agrees_where_nothing_differs(world: World) -> None:
    done = run(source(), devices())
    assert (done.counts["agree"], done.counts["seen"]) == (4, 4)
    assert Delivered.objects.count() == 4
    assert not Difference.objects.exists()


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [("2048", "10240", "source-changed"), ("4096", "2048", "we-changed"), ("4096", "10240", "conflict")],
)
def test_who_changed_what_is_told_from_the_last_agreement(world: World, ours: str, theirs: str, kind: str) -> None:
    made = source(covers="circuits", default_rule="ask")
    run(made, circuits())
    Circuit.objects.filter(number="HS-HS-E1-0002").update(bandwidth_kbps=int(ours))
    run(made, circuits(("HS-HS-E1-0002", "bandwidth_kbps", theirs)))
    assert said() == [("HS-HS-E1-0002", "bandwidth_kbps", kind)]


def test_the_same_file_twice_makes_no_new_difference(world: World) -> None:
    made = source(default_rule="ask", vanish_after=2)
    run(made, devices())
    raw = devices(("device-A", "vendor", "华为"), without="device-D")
    run(made, raw, by=world.actor("admin"))
    first = list(Difference.objects.values_list("pk", "since", "run"))
    again = run(made, raw, by=world.actor("admin"))
    assert list(Difference.objects.values_list("pk", "since", "run")) == first
    assert (again.counts["asked"], again.counts["missing"]) == (0, 1)


def test_what_the_source_no_longer_says_expires(world: World) -> None:
    made = source(default_rule="ask")
    run(made, devices())
    run(made, devices(("device-A", "vendor", "华为")))
    done = run(made, devices())
    assert done.counts["settled"] == 1
    assert said("expired") == [("device-A", "vendor", "source-changed")]


def test_hand_kept_fields_are_never_overwritten(world: World) -> None:
    made = source(rules={"name": "ours", "vendor": "ignore"})
    run(made, devices())
    done = run(
        made, devices(("device-A", "name", "NE-0001"), ("device-B", "vendor", "华为"), ("device-C", "vendor", ""))
    )
    assert Resource.objects.get(code="device-A").name == "汉口 MSTP"
    assert not Difference.objects.exists()
    assert done.counts["agree"] == 3


def test_an_empty_cell_leaves_what_is_kept_by_hand(world: World) -> None:
    run(source(), devices(("device-A", "vendor", "")))
    assert Resource.objects.get(code="device-A").vendor == "长江光电"
    assert not Difference.objects.exists()


def test_what_no_source_delivers_does_not_vanish(world: World) -> None:
    made = source(vanish_after=1, on_vanished="cease")
    run(made, devices())
    assert Resource.objects.filter(retired_at=None, kind="card").count() == 6
    run(made, devices())
    assert not Difference.objects.exists()


def test_what_vanished_asks_after_so_many_absences(world: World) -> None:
    made = source(vanish_after=2)
    run(made, devices())
    assert run(made, devices(without="device-D")).counts["missing"] == 1
    assert said() == []
    run(made, devices(without="device-D"))
    assert said() == [("device-D", "", "vanished")]
    run(made, devices())
    assert said("expired") == [("device-D", "", "vanished")]
    assert Delivered.objects.get(key="device-D").absences == 0


def test_what_carries_circuits_is_not_ceased_by_rule(world: World) -> None:
    made = source(vanish_after=1, on_vanished="cease")
    run(made, devices())
    done = run(made, devices(without="device-D"))
    assert (done.counts["refused"], done.counts["applied"]) == (1, 0)
    row = Difference.objects.get()
    assert (row.state, row.verdict) == ("open", "refused")
    assert "circuits in service run over it" in row.problem
    assert Resource.objects.get(code="device-D").retired_at is None


def test_a_circuit_that_vanished_is_ceased_by_rule(world: World) -> None:
    made = source(covers="circuits", vanish_after=1, on_vanished="cease", careful_grades=("AAA",))
    run(made, circuits())
    run(made, circuits(without="HS-WH-E1-0003"))
    assert Circuit.objects.get(number="HS-WH-E1-0003").status == "ceased"
    run(made, circuits(without="WH-HS-E1-0001"))
    assert Circuit.objects.get(number="WH-HS-E1-0001").status == "active"
    assert ("WH-HS-E1-0001", "", "vanished") in said()


def test_half_an_export_is_held_until_a_person_confirms(world: World) -> None:
    made = source(most_vanished_percent=5, vanish_after=1)
    more = [(f"device-N{n}", "device", f"新 {n}", "site-A", "4201", "x") for n in range(8)]
    made_new = source("other", on_new="create")
    run(made_new, csv(HEAD, [*DEVICES, *more]))
    run(made, csv(HEAD, [*DEVICES, *more]))
    held = run(made, csv(HEAD, DEVICES))
    assert held.state == "held"
    assert held.held_because == [{"what": "vanish", "count": 8, "among": 12, "percent": 5}]
    assert not Difference.objects.filter(source=made).exists()
    with pytest.raises(BadRun):
        running.release(held.pk, " ", at=NOW, by=SYSTEM)
    running.release(held.pk, "机房整体退网", at=NOW, by=world.actor("admin"))
    assert running.advance(held.pk, clock=CLOCK)
    assert len(said()) == 8
    assert Entry.objects.get(action="sync.release").why == "机房整体退网"


def test_a_held_export_can_be_thrown_away_and_a_newer_takes_its_place(world: World) -> None:
    made = source(most_vanished_percent=5, vanish_after=1)
    more = [(f"device-N{n}", "device", f"新 {n}", "site-A", "4201", "x") for n in range(8)]
    run(source("other", on_new="create"), csv(HEAD, [*DEVICES, *more]))
    run(made, csv(HEAD, [*DEVICES, *more]))
    one, other = (run(made, csv(HEAD, DEVICES)) for _ in range(2))
    assert running.reject(one.pk, "网管只导出了一半", at=NOW, by=SYSTEM).state == "rejected"
    run(made, csv(HEAD, [*DEVICES, *more]))
    assert SyncRun.objects.get(pk=other.pk).state == "rejected"


def test_new_objects_are_created_holders_first(world: World) -> None:
    rows = [("port-X", "port", "口", "card-X", "4201", ""), ("card-X", "card", "卡", "device-X", "4201", ""),
            ("device-X", "device", "新设备", "site-A", "4201", "华为")]  # fmt: skip
    made = source(on_new="create")
    done = run(made, csv(HEAD, [*rows, *DEVICES]))
    assert done.counts["applied"] == 3
    assert Resource.objects.get(code="port-X").parent.code == "card-X"
    assert not run(made, csv(HEAD, [*rows, *DEVICES])).counts["new"]


def test_new_objects_ask_where_the_rule_says_so(world: World) -> None:
    run(source(), csv(HEAD, [*DEVICES, ("device-X", "device", "新设备", "site-A", "4201", "华为")]))
    assert said() == [("device-X", "", "new")]
    assert Difference.objects.get().theirs["vendor"] == "华为"


def test_bad_rows_are_kept_and_their_objects_do_not_vanish(world: World) -> None:
    made = source(vanish_after=1)
    run(made, devices())
    done = run(made, devices(("device-A", "kind", "spaceship")))
    assert (done.bad, done.counts["vanished"], done.counts["missing"]) == (1, 0, 0)
    row = BadLine.objects.get()
    assert (row.line, row.cells[0]) == (2, "device-A")
    assert "spaceship" in str(row.error_values)


def test_gbk_is_read(world: World) -> None:
    made = source(encoding="gb18030")
    raw = csv(("资源编码", "资源类型", "资源名称"), [("device-A", "设备", "汉口改名")], "gb18030")
    run(made, raw)
    assert Resource.objects.get(code="device-A").name == "汉口改名"


def test_what_lies_outside_the_area_is_left_alone(world: World) -> None:
    done = run(source(on_new="create"), csv(HEAD, [("device-E", "device", "改名", "site-E", "", "x"),
                                                   ("device-Y", "device", "新", "site-E", "4401", "x"),
                                                   ("site-A", "site", "改名", "", "4201", "x")]))  # fmt: skip
    assert done.counts["outside"] == 3
    assert Resource.objects.get(code="device-E").name == "天河 MSTP"
    assert not Resource.objects.filter(code="device-Y").exists()


def test_a_route_of_a_careful_grade_asks_others_are_rerouted(world: World) -> None:
    made = source(covers="circuits", careful_grades=("AAA",))
    way = {"WH-HS-E1-0001": "converter-WH-HS-E1-0001-A port-A-client device-A link-DA device-D link-CD device-C "
                            "port-C-client converter-WH-HS-E1-0001-Z",
           "HS-WH-E1-0003": "port-C-client device-C link-BC device-B port-B-client"}  # fmt: skip
    run(made, circuits(route=way))
    assert said() == [("WH-HS-E1-0001", "working", "never-agreed")]
    assert Difference.objects.get(state="open").verdict == "careful"
    assert (
        read_circuits(Circuit.objects.filter(number="HS-WH-E1-0003"))["HS-WH-E1-0003"].routes["working"][0]
        == "port-C-client"
    )


def test_a_route_that_does_not_join_up_stays_open_with_the_reason(world: World) -> None:
    run(source(covers="circuits"), circuits(route={"HS-WH-E1-0003": "device-A device-C"}))
    row = Difference.objects.get()
    assert (row.state, row.verdict, row.field) == ("open", "refused", "working")
    assert "does not join" in row.problem


def test_two_sources_are_compared_and_the_first_in_rank_wins(world: World) -> None:
    first, second = source("a", "circuits", rank=1), source("b", "circuits", rank=2)
    run(first, circuits(("HS-HS-E1-0002", "bandwidth_kbps", "10240")))
    run(second, circuits(("HS-HS-E1-0002", "bandwidth_kbps", "1024")))
    row = Difference.objects.get(source=second)
    assert (row.state, row.verdict, row.other_source, row.other_value) == ("kept", "outvoted", first, 10240)
    assert Circuit.objects.get(number="HS-HS-E1-0002").bandwidth_kbps == 10240


def test_sources_of_equal_rank_that_disagree_ask(world: World) -> None:
    first, second = source("a", "circuits"), source("b", "circuits")
    run(first, circuits(("HS-HS-E1-0002", "bandwidth_kbps", "10240")))
    run(second, circuits(("HS-HS-E1-0002", "bandwidth_kbps", "1024")))
    assert Difference.objects.get(source=second).verdict == "disputed"


def test_a_trial_writes_nothing_and_can_be_run_for_real(world: World) -> None:
    made = source()
    run(made, devices())
    tried = run(made, devices(("device-A", "vendor", "华为")), dry_run=True)
    assert (tried.state, tried.counts["changed"], tried.counts["apply"]) == ("tried", 1, 1)
    assert tried.sample[0]["code"] == "device-A"
    assert not Difference.objects.exists()
    running.run_for_real(tried.pk, at=NOW, by=SYSTEM)
    running.advance(tried.pk, clock=CLOCK)
    assert Resource.objects.get(code="device-A").vendor == "华为"


def test_a_file_that_cannot_be_read_stops_the_run_with_the_reason(world: World) -> None:
    done = run(source(), b"a,b\n1,2\n")
    assert done.state == "failed"
    assert "which says what a row means" in done.problem


def test_only_who_may_change_the_inventory_of_the_whole_area_gives_files(world: World, officer: Actor) -> None:
    made = source(region_code="")
    with pytest.raises(NotAllowed):
        run(made, devices(), by=officer)
    keeper = Actor(kind=officer.kind, name="x", permissions=officer.permissions | {"inventory.write"}, regions=("42",))
    with pytest.raises(NoSuchSource):
        run(made, devices(), by=keeper)


def test_our_own_later_change_is_not_overwritten_where_ours_wins(world: World) -> None:
    made = source(covers="circuits", rules={"bandwidth_kbps": "ours"})
    run(made, circuits())
    known = read_circuits(Circuit.objects.filter(number="HS-HS-E1-0002"))["HS-HS-E1-0002"]
    change_circuits([Wanted(0, known, {"bandwidth_kbps": 4096})], at=NOW, by=SYSTEM)
    run(made, circuits())
    assert Circuit.objects.get(number="HS-HS-E1-0002").bandwidth_kbps == 4096
    assert len(CIRCUITS) == 3
