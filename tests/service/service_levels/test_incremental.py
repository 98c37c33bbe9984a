"""A month reckoned as it runs is, to the second, the month reckoned in one go, on either database (issue 5)."""

import hashlib
import json
import random
from datetime import timedelta
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.network.alarms.models import AlarmSource, Impact, Incident
from mainstay.network.inventory.models import Circuit
from mainstay.service.service_levels import actions
from mainstay.service.service_levels.models import CircuitMonth, LedgerMonth, Touched
from mainstay.service.service_levels.reactions import touch_circuits
from mainstay.service.tickets.actions import settling
from tests.cast import World
from tests.service.service_levels.stage import DEGRADED, DOWN, OVER, SEPTEMBER, ends, on, outage, promise, ticket, told

DIGEST = "2185d34f42432a4dbb623f2c3aa31019b27d293a19b8f98cb5fd81d036ff8e52"


def a_month(world: World, by: Actor, *, step: bool) -> None:
    """Let a month happen, the same every time; `step`: reckon it as it goes on."""
    dice = random.Random(5)
    source = AlarmSource.objects.create(code="otn", name="OTN")
    going_on: list[Impact] = []
    silent: Incident | None = None
    for hour in range(6, 30 * 24, 6):
        at = on(1) + timedelta(hours=hour, seconds=dice.randrange(3600), milliseconds=dice.randrange(1000))
        for row in [row for row in going_on if dice.random() < 0.6]:
            ends(row, at - timedelta(seconds=dice.randrange(100)))
            going_on.remove(row)
        free = [c for c in world.circuits if c.pk not in {row.circuit_id for row in going_on}]
        if free and dice.random() < 0.5:
            circuit = dice.choice(free)
            side = dice.choice(("", "operator", "customer", "other_operator"))
            mine = ticket(circuit, at, side)
            state, planned = dice.choice((DOWN, DOWN, DEGRADED)), dice.random() < 0.3
            going_on.append(outage(circuit, at, None, ticket=mine, state=state, planned=planned))
            if dice.random() < 0.3:
                settling.decide_responsibility(mine.pk, "force_majeure", "暴雨", at=at, by=by)
        if dice.random() < 0.05 and silent is None:
            silent = Incident.objects.create(kind="silent_source", source=source, opened_at=at, detected_at=at)
        elif silent is not None and dice.random() < 0.5:
            silent.restored_at = at
            silent.save()
            silent = None
        if step:
            actions.bring_up_to(at + timedelta(seconds=5), by)
    actions.bring_up_to(OVER, by) if step else actions.reckon_month(SEPTEMBER, at=OVER, by=by)


def plain(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Leave out the numbers of rows, which sequences give."""
    for one in found.values():
        for stretch in one["stretches"]:
            for piece in stretch["pieces"]:
                for name in ("impact_id", "ticket_id", "ref"):
                    piece.pop(name, None)
    return found


def test_as_it_runs_or_in_one_go_is_the_same_to_the_second(world: World, admin: Actor) -> None:
    promise(world)
    actions.bring_up_to(on(1, 0, 1), admin)
    a_month(world, admin, step=True)
    running = told()
    assert sum(int(str(one["felt_down_s"])) for one in running.values()) > 100_000
    CircuitMonth.objects.all().delete()
    LedgerMonth.objects.update(silences={}, reckoned_to=on(1))
    actions.reckon_month(SEPTEMBER, at=OVER, by=admin)
    assert told() == running


def test_sqlite_and_postgresql_give_the_same_month(world: World, admin: Actor) -> None:
    promise(world)
    LedgerMonth.objects.create(month=SEPTEMBER, reckoned_to=on(1))
    a_month(world, admin, step=False)
    found = json.dumps(plain(told()), sort_keys=True)
    assert hashlib.sha256(found.encode()).hexdigest() == DIGEST


def test_only_what_changed_is_looked_at(world: World, machinery: Actor) -> None:
    actions.bring_up_to(on(2), machinery)
    assert actions.bring_up_to(on(2, 1), machinery) == 0
    row = outage(world.circuit, on(2, 1), None)
    assert actions.bring_up_to(on(2, 2), machinery) == 1
    assert actions.bring_up_to(on(2, 3), machinery) == 1
    ends(row, on(2, 3, 30))
    assert actions.bring_up_to(on(2, 4), machinery) == 1
    assert actions.bring_up_to(on(2, 5), machinery) == 0
    assert not Touched.objects.exists()
    assert told()[world.circuit.number]["down_s"] == 2.5 * 3600


def test_a_circuit_opened_later_joins_the_month(world: World, machinery: Actor) -> None:
    actions.bring_up_to(on(2), machinery)
    world.trade_circuit.pk = None
    world.trade_circuit.number = "广州-专线-9"
    world.trade_circuit.opened_on = on(20, 12).date()
    world.trade_circuit.save()
    actions.bring_up_to(on(21), machinery)
    assert told()["广州-专线-9"]["from_s"] == 19 * 86400


def test_a_thousand_circuits_are_read_together_and_come_out_as_one_by_one(world: World, machinery: Actor) -> None:
    one = world.circuit
    more = [
        Circuit(
            number=f"大客户-{n:04}", customer_id=one.customer_id, product_id=one.product_id, grade="AAA",
            technology="otn", reach="province", bandwidth_kbps=2048, region_code="4201",
        )
        for n in range(1000)
    ]  # fmt: skip
    made = Circuit.objects.bulk_create(more)
    promise(world)
    for n, circuit in enumerate(made[::50]):
        mine = ticket(circuit, on(3 + n), "customer" if n % 2 else "")
        outage(circuit, on(3 + n), on(3 + n, 1), ticket=mine)
    actions.reckon_month(SEPTEMBER, at=OVER, by=machinery)
    together = told()
    assert sum(int(str(row["felt_down_s"])) for row in together.values()) == 20 * 3600
    assert sum(int(str(row["excluded_s"])) for row in together.values()) == 10 * 3600
    CircuitMonth.objects.update(down_s=7, running=False, stretches=[])
    touch_circuits([circuit.pk for circuit in (*made, *world.circuits)])
    actions.bring_up_to(OVER, machinery)
    assert told() == together
