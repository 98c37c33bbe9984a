"""How long does it take to compare a whole network with its managers' exports, and how long are locks held?

make bench NAME=reconcile ARGS="250000 200000"
.venv/bin/python -m tools.with_postgresql .venv/bin/python -m benchmarks.reconcile 250000 200000

Prints, for circuits and resources: the first run (everything is agreed), one more without a change, one with 1 %
changed and applied by rule. `locks`: the median and the longest of the write transactions.
"""

import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def main(circuits: int, resources: int) -> None:
    """Build a network, export it, compare."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    os.environ["MAINSTAY_HOME"] = tempfile.mkdtemp(prefix="mainstay-bench-")
    import django

    django.setup()
    from django.db import connection

    name = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        _measure(circuits, resources, connection.vendor)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def _measure(circuits: int, resources: int, vendor: str) -> None:
    began = time.monotonic()
    _build(circuits, resources)
    print(f"{vendor}: {resources} resources, {circuits} circuits built in {time.monotonic() - began:.0f} s")
    for covers in ("resources", "circuits"):
        made = _source(covers)
        for what, changed in (("first", 0), ("unchanged", 0), ("1 % changed", 100)):
            _run(made, covers, what, _export(covers, circuits, resources, changed))
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def _run(made: Any, covers: str, what: str, raw: bytes) -> None:
    from mainstay.domain.actor import system
    from mainstay.network.reconciliation.actions import running
    from mainstay.network.reconciliation.models import SyncRun

    with locks() as held:
        began = time.monotonic()
        run = running.take_in(made.pk, raw, file_name=what, file_at=NOW, at=NOW, by=system("bench"))
        running.advance(run.pk, clock=lambda: datetime.now(UTC))
        took = time.monotonic() - began
    run = SyncRun.objects.get(pk=run.pk)
    told = {name: run.counts.get(name) for name in ("rows", "agree", "changed", "applied", "asked", "refused")}
    longest = [round(ms) for ms in sorted(held)[-3:]]
    print(f"  {covers} {what}: {took:.1f} s, {run.state} {told} {run.problem} {run.problem_values or ''}")
    print(f"    locks: {len(held)}, median {statistics.median(held):.0f} ms, longest {longest} ms")


@contextmanager
def locks() -> Iterator[list[float]]:
    """Give how long each outermost transaction took, in ms."""
    from django.db import connection
    from django.db.transaction import Atomic

    held: list[float] = []
    enter, leave, began = Atomic.__enter__, Atomic.__exit__, [0.0]

    def begin(self: Any) -> None:
        outermost = not connection.in_atomic_block
        enter(self)
        if outermost:
            began[0] = time.monotonic()

    def end(self: Any, *told: Any) -> None:
        leave(self, *told)
        if not connection.in_atomic_block:
            held.append((time.monotonic() - began[0]) * 1000)

    Atomic.__enter__, Atomic.__exit__ = begin, end  # type: ignore[method-assign]
    try:
        yield held
    finally:
        Atomic.__enter__, Atomic.__exit__ = enter, leave  # type: ignore[method-assign]


def _source(covers: str) -> Any:
    from mainstay.domain.actor import system
    from mainstay.network.reconciliation.actions.sources import SourceSettings, save_source

    wanted = SourceSettings(name=covers, default_rule="source", careful_grades=("AAA",))
    return save_source(covers, covers, wanted, at=NOW, by=system("bench"))


def _way(number: int, devices: int) -> tuple[int, ...]:
    """Return five devices in a row, by number."""
    return tuple((number * 7 + step) % (devices - 1) for step in (0, 1, 2))


def _build(circuits: int, resources: int) -> None:
    from mainstay.accounts.catalog.models import Product
    from mainstay.accounts.customers.models import Customer
    from mainstay.network.inventory.models import Circuit, Hop, Path, Resource
    from mainstay.platform.bulk.rows import insert_many
    from mainstay.platform.places.models import Region

    Region.objects.create(code="4201", name="武汉市", name_en="Wuhan", latitude=0, longitude=0)
    Product.objects.create(code="line", name="专线", name_en="Line")
    customer = Customer.objects.create(
        code="C1", name="x", short_name="x", region_id="4201", created_at=NOW, changed_at=NOW
    )
    devices = resources // 2
    names = ("code", "kind", "name", "region_code", "vendor", "technology")
    insert_many(Resource, names, [(f"D{n}", "device", f"设备 {n}", "4201", "华为", "otn") for n in range(devices)])
    ids = dict(Resource.objects.values_list("code", "pk"))
    insert_many(Resource, (*names, "a_end_id", "z_end_id"),
                [(f"L{n}", "link", f"链路 {n}", "4201", "", "otn", ids[f"D{n}"], ids[f"D{(n + 1) % devices}"])
                 for n in range(resources - devices)])  # fmt: skip
    ids = dict(Resource.objects.values_list("code", "pk"))
    product = Product.objects.get().pk
    insert_many(Circuit, ("number", "customer_id", "product_id", "grade", "technology", "reach", "bandwidth_kbps",
                          "status", "region_code"),
                [(f"E{n}", customer.pk, product, "A", "otn", "local", 2048, "active", "4201")
                 for n in range(circuits)])  # fmt: skip
    keys = dict(Circuit.objects.values_list("number", "pk"))
    insert_many(Path, ("circuit_id", "role"), [(keys[f"E{n}"], "working") for n in range(circuits)])
    paths = dict(Path.objects.values_list("circuit_id", "pk"))
    hops = []
    for n in range(circuits):
        path = paths[keys[f"E{n}"]]
        hops += [(path, at, ids[code]) for at, code in enumerate(_hops(n, devices), start=1)]
    insert_many(Hop, ("path_id", "position", "resource_id"), hops)


def _hops(number: int, devices: int) -> tuple[str, ...]:
    one, two, three = _way(number, devices)
    return (
        (f"D{one}", f"L{one}", f"D{two}", f"L{two}", f"D{three}")
        if two == one + 1 and three == two + 1
        else (f"D{one}",)
    )


def _export(covers: str, circuits: int, resources: int, every: int) -> bytes:
    devices = resources // 2
    lines = []
    if covers == "resources":
        lines.append("资源编码,资源类型,资源名称,region_code,厂家,制式,A端,Z端")
        for n in range(devices):
            vendor = "中兴" if every and n % every == 0 else "华为"
            lines.append(f"D{n},device,设备 {n},4201,{vendor},otn,,")
        lines += [f"L{n},link,链路 {n},4201,,otn,D{n},D{(n + 1) % devices}" for n in range(resources - devices)]
    else:
        lines.append("电路代号,带宽,等级,制式,主用路由")
        for n in range(circuits):
            bandwidth = 10240 if every and n % every == 0 else 2048
            lines.append(f"E{n},{bandwidth},A,otn,{'|'.join(_hops(n, devices))}")
    return "\n".join(lines).encode("gb18030")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] or ("250000", "200000")))
