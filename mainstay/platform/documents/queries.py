"""Read documents and schedules: staff by scope, a customer's people their own that were sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import msgid
from mainstay.platform.documents.errors import NoSuchDocument, NoSuchSchedule
from mainstay.platform.documents.models import Document, Schedule
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope

Key = tuple[int | None, str, str, "date | None", str, str]
"""What a document is a version of: customer, about, kind, month, language, format."""


@dataclass(frozen=True)
class DocumentFilters:
    """What a list is limited to; empty: not limited."""

    customer_id: int | None = None
    kind: str = ""
    month: date | None = None
    language: str = ""
    format: str = ""
    state: str = ""
    job_id: int | None = None
    text: str = ""


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Return the documents the actor may see, the newest month first, without their bytes."""
    rows = Document.objects.filter(scope(actor)).order_by("-month", "-id").select_related("corrects")
    if actor.kind == ActorKind.CUSTOMER:
        return rows.filter(sent_at__isnull=False) if actor.may(Permission.PORTAL) else rows.none()
    return rows


def document_list(actor: Actor, filters: DocumentFilters = DocumentFilters()) -> QuerySet[Document]:
    """Return the documents of a list. `state`: sent, waiting (made and not sent), latest (no later version)."""
    f, rows = filters, visible_to(actor)
    wanted = {"customer_id": f.customer_id, "kind": f.kind, "month": f.month, "language": f.language,
              "format": f.format, "job_id": f.job_id}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if f.text:
        rows = rows.filter(Q(title__icontains=f.text) | Q(number__icontains=f.text))
    if f.state == "sent":
        rows = rows.filter(sent_at__isnull=False)
    elif f.state == "waiting":
        rows = rows.filter(sent_at__isnull=True)
    return rows


def document(actor: Actor, document_id: int) -> Document:
    """Return one document. Raises NoSuchDocument, also when it may not be seen."""
    found = visible_to(actor).filter(pk=document_id).first()
    if found is None:
        raise NoSuchDocument(msgid("There is no document {id} that you may see; look in the list."), id=document_id)
    return found


def content(actor: Actor, document_id: int) -> tuple[Document, bytes]:
    """Return a document with its bytes, by the same door. Raises NoSuchDocument."""
    found = document(actor, document_id)
    return found, bytes(found.content.content)


def versions(actor: Actor, of: Document) -> list[Document]:
    """Return all versions of a document that the actor may see, the newest first (1 query)."""
    same = visible_to(actor).filter(
        customer_id=of.customer_id, about=of.about, kind=of.kind, month=of.month, language=of.language, format=of.format
    )
    return list(same.order_by("-version"))


def latest(
    customer_ids: Collection[int], kinds: Collection[str], month: date, *, about: Collection[str] = ("",)
) -> Mapping[Key, Document]:
    """Return the newest version of what was made for some customers in a month (1 query for 900). No scope."""
    wanted, found = sorted(customer_ids), {}
    for start in range(0, len(wanted), 900):
        rows = Document.objects.filter(customer_id__in=wanted[start : start + 900], kind__in=kinds, month=month)
        rows = rows.filter(about__in=about) if len(about) < 900 else rows
        for row in rows.order_by("version").select_related("corrects"):
            found[key_of(row)] = row
    return found


def key_of(row: Document) -> Key:
    """Return what a document is a version of."""
    return (row.customer_id, row.about, row.kind, row.month, row.language, row.format)


def months_with_documents(actor: Actor) -> list[date]:
    """Return the months of which there are documents, the newest first (1 query)."""
    months = visible_to(actor).filter(month__isnull=False).order_by("-month").values_list("month", flat=True)
    return [month for month in months.distinct() if month is not None]


def counts_of_jobs(job_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Return by job how many documents it made, how many were sent, and how many have rare characters (1 query)."""
    counts: dict[int, dict[str, int]] = {}
    rows: Any = Document.objects.filter(job_id__in=list(job_ids)).values_list("job_id", "sent_at", "rare")
    for job_id, sent_at, rare in rows:
        count = counts.setdefault(job_id, {"made": 0, "sent": 0, "rare": 0})
        count["made"] += 1
        count["sent"] += sent_at is not None
        count["rare"] += bool(rare)
    return counts


def schedules(actor: Actor) -> QuerySet[Schedule]:
    """Return the schedules the actor may see, in order: their own; those who see everything and set up, all."""
    rows = Schedule.objects.select_related("owner").order_by("name", "id")
    if actor.sees_everything and actor.may(Permission.SETTINGS):
        return rows
    return rows.filter(owner_id=actor.user_id) if actor.is_staff and actor.user_id else rows.none()


def schedule(actor: Actor, schedule_id: int, *, lock: bool = False) -> Schedule:
    """Return one schedule. Raises NoSuchSchedule, also when it may not be seen."""
    rows = schedules(actor).select_related(None) if lock else schedules(actor)
    found = (rows.select_for_update() if lock else rows).filter(pk=schedule_id).first()
    if found is None:
        raise NoSuchSchedule(msgid("There is no schedule {id} that you may see; look in the list."), id=schedule_id)
    return found
