"""Say which systems deliver samples, how often, and which addresses probes sample (G5)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.network.performance.actions.intake import source_by_code
from mainstay.network.performance.choices import Method
from mainstay.network.performance.errors import BadSampleSource, BadTarget, NoSuchTarget
from mainstay.network.performance.models import ProbeTarget, SampleSource, Series
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, differences, record

PERIODS = (1, 2, 3, 5, 10, 15, 30, 60)
"""Minutes a period may have: whole parts of an hour."""
MOST_PACKETS = 300


@transaction.atomic
def save_source(code: str, name: str, period_minutes: int, *, at: datetime, by: Actor) -> SampleSource:
    """Create a source of samples, or rename it. Raises BadSampleSource: the period of one that delivered stays."""
    require(by, Permission.SETTINGS)
    if period_minutes not in PERIODS:
        raise BadSampleSource(msgid("A period has {known} minutes, not {given}."), given=period_minutes,
                              known=", ".join(map(str, PERIODS)))  # fmt: skip
    found = SampleSource.objects.filter(code=code).first()
    before = {"name": found.name, "period_minutes": found.period_minutes} if found else None
    if found and found.period_minutes != period_minutes and Series.objects.filter(source=found).exists():
        raise BadSampleSource(
            msgid("{name} has delivered every {minutes} minutes; make another source for another period."),
            name=found.name, minutes=found.period_minutes,
        )  # fmt: skip
    after: dict[str, Any] = {"name": name, "period_minutes": period_minutes}
    source, _ = SampleSource.objects.update_or_create(code=code, defaults=after)
    record("sample_source.save", [Change("sample_source", source.pk, name, before, after)], at=at, by=by)
    return source


@dataclass(frozen=True)
class NewTarget:
    """What a probe is to sample: `packets` a period to `address`, which answers for the circuit; `source` by code."""

    circuit_id: int
    source: str
    address: str
    method: str = Method.ICMP
    port: int = 862
    packets: int = 20
    active: bool = True


@transaction.atomic
def save_target(new: NewTarget, *, at: datetime, by: Actor) -> ProbeTarget:
    """Let a probe sample a circuit, or sample it otherwise. Raises BadTarget, NoSuchCircuit, NoSuchSampleSource."""
    require(by, Permission.SETTINGS)
    circuit, source = visible_circuit(by, new.circuit_id), source_by_code(new.source)
    if new.method not in Method.values or not 1 <= new.packets <= MOST_PACKETS or not 1 <= new.port <= 65_535:
        raise BadTarget(
            msgid("{circuit}: sample by ICMP or STAMP, with 1 to {most} packets a period, at a port up to 65535."),
            circuit=circuit.number, most=MOST_PACKETS,
        )  # fmt: skip
    values = {name: value for name, value in asdict(new).items() if name not in ("circuit_id", "source")}
    found = ProbeTarget.objects.filter(circuit=circuit, source=source).first()
    before = {name: getattr(found, name) for name in values} if found else None
    target, _ = ProbeTarget.objects.update_or_create(circuit=circuit, source=source, defaults=values)
    was, now = differences(before or {}, values)
    change = Change("probe_target", target.pk, circuit.number, was if before else None, now,
                    customer_id=circuit.customer_id, region_code=circuit.region_code)  # fmt: skip
    record("probe_target.save", [change], at=at, by=by)
    return target


@transaction.atomic
def remove_target(target_id: int, *, at: datetime, by: Actor) -> None:
    """Let no probe sample a circuit any more; its samples stay. Raises NoSuchTarget."""
    require(by, Permission.SETTINGS)
    target = ProbeTarget.objects.select_related("circuit").filter(pk=target_id).first()
    if target is None:
        raise NoSuchTarget(msgid("There is no target {id}; choose one of the list."), id=target_id)
    before = {"address": target.address, "method": target.method}
    change = Change("probe_target", target.pk, target.circuit.number, before, {},
                    customer_id=target.circuit.customer_id, region_code=target.circuit.region_code)  # fmt: skip
    record("probe_target.remove", [change], at=at, by=by)
    target.delete()
