"""Who created something in the system it comes from, and when: kept by imports, given again by exports (A7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.errors import BadCell
from mainstay.platform.imports.models import Origin
from mainstay.platform.imports.registry import Column, Given, Written, refused

COLUMNS = (
    Column("created_at", _("Created at"), _("When it was created in the system it comes from; administrators only."),
           "2020-05-01 09:30", reads="instant", aliases=("创建时间", "create_time", "created")),
    Column("created_by", _("Created by"), _("Who created it in the system it comes from; administrators only."), "",
           longest=80, aliases=("创建人", "creator", "create_by")),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
_AT_ONCE = 500


def check_origin(row: Given, *, at: datetime, by: Actor) -> None:
    """Refuse a new object's origin unless the actor may give it, and any time to come. Raises BadCell."""
    if not any(row.values.get(name) for name in NAMES):
        return
    if not by.may(Permission.KEEP_ORIGIN):
        raise BadCell(msgid("Who created something and when may be given by administrators only; leave it empty."))
    if row.values.get("created_at") and row.values["created_at"] > at:
        raise BadCell(msgid("It would have been created in the future; correct the time."))


def faults_in(rows: Iterable[Given], *, at: datetime, by: Actor) -> dict[int, Written]:
    """Return the refusals of new objects whose origin may not be given, by line."""
    found: dict[int, Written] = {}
    for row in rows:
        try:
            check_origin(row, at=at, by=by)
        except MainstayError as error:
            found[row.line] = refused(error)
    return found


def keep(rows: Sequence[Given], written: Sequence[Written]) -> None:
    """Keep the origins of what was created, in the caller's transaction; the first of an object's rows counts."""
    found: dict[tuple[str, int], tuple[Any, str]] = {}
    for row, each in zip(rows, written, strict=True):
        if each.outcome == Outcome.CREATED and each.object_id and any(row.values.get(name) for name in NAMES):
            origin = (row.values.get("created_at"), row.values.get("created_by") or "")
            found.setdefault((each.object_kind, each.object_id), origin)
    columns = ("object_kind", "object_id", *NAMES)
    insert_many(Origin, columns, [(*key, *value) for key, value in found.items()],
                unique=columns[:2], update=NAMES)  # fmt: skip


def forget(object_kind: str, ids: Iterable[int]) -> None:
    """Forget the origins of what is no longer there, in the caller's transaction."""
    Origin.objects.filter(object_kind=object_kind, object_id__in=list(ids)).delete()


def told(object_kind: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give rows, which say their object's key as "id", with its origin (1 query for 500)."""
    ahead = iter(rows)
    while part := list(islice(ahead, _AT_ONCE)):
        kept = Origin.objects.filter(object_kind=object_kind, object_id__in={row["id"] for row in part})
        origins = {pk: (at, by) for pk, at, by in kept.values_list("object_id", *NAMES)}
        for row in part:
            yield {**row, **dict(zip(NAMES, origins.get(row["id"], (None, "")), strict=True))}
