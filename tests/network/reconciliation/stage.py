"""What the tests of reconciliation share: sources of the cast's network, exports, and a clock that goes on."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from mainstay.domain.actor import Actor, system
from mainstay.network.reconciliation.actions import running
from mainstay.network.reconciliation.actions.sources import SourceSettings, save_source, set_rules
from mainstay.network.reconciliation.models import Difference, SyncRun, SyncSource
from tests.cast import NOW

SYSTEM = system("tests")
DEVICES = [
    ("device-A", "device", "汉口 MSTP", "site-A", "4201", "长江光电"),
    ("device-B", "device", "光谷 MSTP", "site-B", "4201", "长江光电"),
    ("device-C", "device", "港区 MSTP", "site-C", "4202", "长江光电"),
    ("device-D", "device", "大冶 MSTP", "site-D", "4202", "长江光电"),
]
HEAD = ("code", "kind", "name", "parent", "region_code", "vendor")
CIRCUIT_HEAD = ("number", "bandwidth_kbps", "grade", "technology")
CIRCUITS = [
    ("WH-HS-E1-0001", "2048", "AAA", "mstp"), ("HS-HS-E1-0002", "2048", "AA", "mstp"),
    ("HS-WH-E1-0003", "2048", "A", "mstp"),
]  # fmt: skip


class Clock:
    """Mutable: says a second more each time."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


CLOCK = Clock()


def source(
    code: str = "nms", covers: str = "resources", *, rules: dict[str, Any] | None = None, **more: Any
) -> SyncSource:
    """Make a source of region 42 that may change anything and asks about nothing, unless told otherwise."""
    kinds = ("device", "card", "port") if covers == "resources" else ()
    wanted = {"region_code": "42", "resource_kinds": kinds, "default_rule": "source", "careful_grades": (),
              "most_vanished_percent": 0, "most_changed_percent": 0, **more}  # fmt: skip
    made = save_source(code, covers, SourceSettings(name=f"源 {code}", **wanted), at=NOW, by=SYSTEM)
    set_rules(made.pk, {name: (rule, None) for name, rule in (rules or {}).items()}, at=NOW, by=SYSTEM)
    return made


def csv(head: Iterable[str], rows: Iterable[Iterable[str]], encoding: str = "utf-8") -> bytes:
    """Write an export."""
    return "\n".join([",".join(head), *(",".join(row) for row in rows)]).encode(encoding)


def run(made: SyncSource, raw: bytes, *, by: Actor = SYSTEM, dry_run: bool = False) -> SyncRun:
    """Take an export in and run it."""
    at = CLOCK()
    taken = running.take_in(made.pk, raw, file_name="export.csv", file_at=at, dry_run=dry_run, at=at, by=by)
    assert running.advance(taken.pk, clock=CLOCK)
    return SyncRun.objects.get(pk=taken.pk)


def devices(*changed: tuple[str, str, str], without: str = "") -> bytes:
    """Export the devices of region 42: (code, column, value) says something else than the cast."""
    rows = [dict(zip(HEAD, row, strict=True)) for row in DEVICES if row[0] != without]
    for code, column, value in changed:
        next(row for row in rows if row["code"] == code)[column] = value
    return csv(HEAD, [row.values() for row in rows])


def circuits(*changed: tuple[str, str, str], without: str = "", route: dict[str, str] | None = None) -> bytes:
    """Export the circuits of region 42, with a column `working` when routes are given."""
    rows = [dict(zip(CIRCUIT_HEAD, row, strict=True)) for row in CIRCUITS if row[0] != without]
    for number, column, value in changed:
        next(row for row in rows if row["number"] == number)[column] = value
    head: tuple[str, ...] = CIRCUIT_HEAD
    if route:
        head = (*head, "working")
        rows = [{**row, "working": route.get(row["number"], "")} for row in rows]
    return csv(head, [row.values() for row in rows])


def said(state: str = "open") -> list[tuple[str, str, str]]:
    """Return the differences in a state: (code, field, kind)."""
    rows = Difference.objects.filter(state=state).order_by("code", "field", "pk")
    return list(rows.values_list("code", "field", "kind"))
