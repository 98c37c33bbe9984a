"""What does an export say, in values that can be compared (E3)? Bytes in, rows by key out; bad rows beside them."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.reconciling import Value
from mainstay.network.inventory.importing_circuits import CIRCUITS
from mainstay.network.inventory.importing_resources import RESOURCES
from mainstay.network.reconciliation.choices import Covers, Encoding, Rule
from mainstay.network.reconciliation.errors import BadRow, BadRun
from mainstay.network.reconciliation.models import SyncSource
from mainstay.platform.imports.cells import read_cell
from mainstay.platform.imports.mapping import guessed
from mainstay.platform.imports.reading import read_file
from mainstay.platform.imports.registry import Column, Kind

KINDS: dict[str, Kind] = {Covers.RESOURCES: RESOURCES, Covers.CIRCUITS: CIRCUITS}
REFERENCES = frozenset({"parent", "a_end", "z_end", "runs_in", "working", "protection", "a_converter", "a_router",
                        "z_converter", "z_router"})  # fmt: skip
"""Fields that name resources."""
SORTED = frozenset({"runs_in"})
"""Lists in which the order means nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that can be compared: our code as the file gives it ("" when it names its own id only), and values."""

    line: int
    code: str
    row: tuple[Value, ...]


@dataclass
class Export:
    """An export as read. `bad`: (line, cells, error). `unread`: keys of bad rows: they are there, whatever they say."""

    head: tuple[str, ...]
    mapping: Mapping[str, str]
    fields: tuple[str, ...]
    total: int
    rows: dict[str, Line] = field(default_factory=dict)
    bad: list[tuple[int, tuple[str, ...], MainstayError]] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    outside: int = 0


def mapping_of(source: SyncSource, head: Sequence[str]) -> dict[str, str]:
    """Return which column of the file is read as which; columns that the file lacks today are left out."""
    kind = KINDS[source.covers]
    wanted = source.mapping or guessed(kind, head)
    return {name: column for name, column in wanted.items() if name in head and column in kind.by_name}


def read_export(source: SyncSource, raw: bytes) -> Export:
    """Read a file as the source says. Raises BadFile, BadCsv, BadRun (no column says which object a row means)."""
    table = read_file(_in_encoding(source, raw))
    kind, mapping = KINDS[source.covers], mapping_of(source, table.head)
    key = kind.key[0]
    _check_key(source, mapping, key, table.head)
    left_out = {rule.field for rule in source.rules.all() if rule.rule == Rule.IGNORE}
    fields = tuple(c.name for c in kind.columns if c.name in mapping.values() and c.name != key
                   and c.name not in left_out)  # fmt: skip
    rows = list(table.rows)
    export = Export(table.head, mapping, fields, len(rows))
    _Rows(source, export, kind).read(rows)
    return export


def _in_encoding(source: SyncSource, raw: bytes) -> bytes:
    if source.encoding == Encoding.AUTO or raw.startswith(b"PK\x03\x04"):
        return raw
    try:
        return raw.decode(source.encoding).encode()
    except UnicodeDecodeError as error:
        raise BadRun(
            msgid("The file is not in {encoding} (line {line}); correct the source's encoding or the export."),
            encoding=source.encoding, line=raw.count(b"\n", 0, error.start) + 1,
        ) from None  # fmt: skip


def _check_key(source: SyncSource, mapping: Mapping[str, str], key: str, head: Sequence[str]) -> None:
    if source.native_column:
        if source.native_column not in head:
            raise BadRun(
                msgid("The file lacks the column {column} with the system's own ids; it has: {head}."),
                column=source.native_column, head=", ".join(head[:40]),
            )  # fmt: skip
    elif key not in mapping.values():
        raise BadRun(
            msgid("No column of the file is read as {column}, which says what a row means; it has: {head}."),
            column=key, head=", ".join(head[:40]),
        )  # fmt: skip


class _Rows:
    """Reads row by row; remembers cells that come again and again."""

    def __init__(self, source: SyncSource, export: Export, kind: Kind) -> None:
        self.source, self.export = source, export
        place = {column: export.head.index(name) for name, column in export.mapping.items()}
        self.columns = [(place[name], kind.by_name[name], {}) for name in export.fields]  # type: ignore[var-annotated]
        self.code_at = place.get(kind.key[0])
        self.native_at = export.head.index(source.native_column) if source.native_column else None
        self.longest = kind.by_name[kind.key[0]].longest
        names = export.fields
        self.region_at = names.index("region_code") if "region_code" in names else None
        self.kind_at = names.index("kind") if "kind" in names else None

    def read(self, rows: Sequence[tuple[int, tuple[str, ...]]]) -> None:
        first: dict[str, int] = {}
        for line, cells in rows:
            key = ""
            try:
                code = cells[self.code_at] if self.code_at is not None else ""
                key = cells[self.native_at] if self.native_at is not None else code
                self._check_key(key, code, line, first)
                row = tuple(_value(column, cells[at], known) for at, column, known in self.columns)
                if self._outside(row):
                    self.export.outside += 1
                else:
                    self.export.rows[key] = Line(line, code, row)
            except MainstayError as error:
                self.export.bad.append((line, cells, error))
                self.export.unread.add(key)

    def _check_key(self, key: str, code: str, line: int, first: dict[str, int]) -> None:
        if not key:
            raise BadRow(msgid("The row does not say which object it means; fill its code or id."))
        if len(code) > self.longest or len(key) > 120:
            raise BadRow(msgid("“{key}” is longer than a code can be ({longest} characters)."), key=key[:40],
                         longest=self.longest)  # fmt: skip
        if first.setdefault(key, line) != line:
            raise BadRow(msgid("“{key}” stands on line {line} already; each object may stand in one row only."),
                         key=key, line=first[key])  # fmt: skip

    def _outside(self, row: tuple[Value, ...]) -> bool:
        region = row[self.region_at] if self.region_at is not None else None
        kind = row[self.kind_at] if self.kind_at is not None else None
        wanted = self.source.resource_kinds
        return bool(
            (region and not str(region).startswith(self.source.region_code)) or (kind and wanted and kind not in wanted)
        )


def _value(column: Column, cell: str, known: dict[str, Value]) -> Value:
    """Return what a cell says; None when it is empty: then the source leaves it open."""
    if not cell:
        return None
    if cell in known:
        return known[cell]
    value = plain(column.name, read_cell(column, cell))
    if len(known) < 50_000:
        known[cell] = value
    return value


def plain(name: str, value: Any) -> Value:
    """Return a typed value as it is compared and kept: text, number or tuple of text. Raises BadRow."""
    if value is None:
        return ""
    if name.endswith(("management_ip", "ip_address")) and value:
        try:
            return str(ipaddress.ip_address(value))
        except ValueError:
            raise BadRow(msgid("“{value}” is not an IP address; correct it."), value=value) from None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return tuple(sorted(value)) if name in SORTED else tuple(value)
    return value  # type: ignore[no-any-return]


def kept(value: Any) -> Value:
    """Return a value as it was kept in JSON: lists are tuples again."""
    return tuple(value) if isinstance(value, list) else value


def typed(name: str, value: Value) -> Any:
    """Return a compared value as the inventory's own writing takes it."""
    if name == "opened_on":
        return date.fromisoformat(str(value)) if value else None
    if name in ("latitude", "longitude", "line"):
        return value if value != "" else None
    return value
