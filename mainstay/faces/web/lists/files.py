"""A long list becomes a file part by part: what was written before a crash is cut back to what was committed."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.faces.web.lists.pages import page_named
from mainstay.faces.web.lists.showing import every_row, head
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import giving
from mainstay.platform.jobs.actions import file_path
from mainstay.platform.jobs.registry import Arguments, Kind

PART = 500


def write_part(
    ids: Sequence[int], arguments: Arguments, kept: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> dict[str, Any]:
    """Append rows to the job's file, behind the bytes that are committed; return how many bytes are there then."""
    page = page_named(arguments["list"])
    require(by, page.permission)
    asked = page.asked(by, QueryDict(arguments["query"]), at=at)
    path, done = file_path(_name(job_id, arguments["format"])), int(kept.get("bytes", 0))
    path.touch(mode=0o600)
    rows = every_row(page, asked, list(ids))
    lines = _csv(rows, head(asked) if not done else None) if arguments["format"] == "csv" else _json(rows)
    with path.open("r+b") as file:
        file.truncate(done)
        file.seek(done)
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
        return {"bytes": file.tell(), "head": head(asked)}


def finish(arguments: Arguments, kept: Mapping[str, Any], *, job_id: int) -> str:
    """Return the file's name; a workbook is made of the rows kept."""
    name = _name(job_id, arguments["format"])
    if arguments["format"] == "csv":
        return name
    made = f"list-{job_id}.xlsx"
    unfinished = file_path(f"{made}.{os.getpid()}.part")
    with file_path(name).open("rb") as rows, unfinished.open("wb") as out:
        giving.write_workbook(out, list(kept.get("head", ())), (_revived(line) for line in rows))
    os.replace(unfinished, file_path(made))
    return made


def _name(job_id: int, kind: str) -> str:
    return f"list-{job_id}.csv" if kind == "csv" else f"list-{job_id}.jsonl"


def _csv(rows: Iterable[Sequence[object]], heads: Sequence[str] | None) -> Iterator[bytes]:
    lines = giving.csv_lines(heads or [], rows)
    if heads is None:
        next(lines)
        next(lines)
    return lines


def _json(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps([_plain(cell) for cell in row], ensure_ascii=False).encode() + b"\n"


def _plain(cell: object) -> object:
    if isinstance(cell, datetime):
        return {"instant": cell.isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return cell if cell is None or isinstance(cell, int | float | str) else str(cell)


def _revived(line: bytes) -> list[object]:
    return [_cell(cell) for cell in json.loads(line)]


def _cell(cell: Any) -> object:
    if not isinstance(cell, dict):
        return cell
    return datetime.fromisoformat(cell["instant"]) if "instant" in cell else date.fromisoformat(cell["day"])


def _labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    return {}


EXPORT = Kind(
    "list.export", _("Export a list"), "", Permission.READ_CONSOLE, _labels, act_on_many=write_part, finish=finish,
    most=PART,
)  # fmt: skip
