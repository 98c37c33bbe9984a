"""Files for the tests: small tables as bytes, and an import taken to its end."""

import csv
import io
from collections.abc import Sequence

from mainstay.domain.actor import Actor
from mainstay.platform.imports import actions, running
from mainstay.platform.imports.models import ImportRun
from mainstay.platform.imports.reading import read_file
from mainstay.platform.imports.registry import kind_named
from tests.cast import NOW


def table(*rows: Sequence[object], encoding: str = "utf-8") -> bytes:
    """Return rows, the head first, as CSV."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def draft(kind: str, raw: bytes, *, by: Actor) -> ImportRun:
    """Take a file in."""
    return actions.take_in(kind_named(kind), read_file(raw), file_name=f"{kind}.csv", at=NOW, by=by)


def finish(run: ImportRun) -> ImportRun:
    """Let the worker run or undo an import to its end."""
    while running.advance(run.pk, at=NOW):
        pass
    return ImportRun.objects.get(pk=run.pk)


def take(kind: str, raw: bytes, *, by: Actor, mode: str = "good-rows") -> ImportRun:
    """Import a file."""
    run = draft(kind, raw, by=by)
    actions.ask_for_run(run.pk, mode=mode, at=NOW, by=by)
    return finish(run)


def undo(run: ImportRun, *, by: Actor) -> ImportRun:
    """Undo an import."""
    actions.ask_for_undo(run.pk, at=NOW, by=by)
    return finish(run)
