"""Keep documents and note that they were sent: an unsent one may be made anew, a sent one stays as it is."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents import queries
from mainstay.platform.documents.errors import BadDocument
from mainstay.platform.documents.models import Content, Document
from mainstay.platform.documents.registry import also_kept
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

LARGEST_BYTES = 50_000_000


@dataclass(frozen=True)
class Made:
    """A document that was made and is to be kept; see `Document` for the fields."""

    kind: str
    format: str
    language: str
    title: str
    number: str
    file_name: str
    content: bytes
    facts_digest: str
    version: int = 1
    customer_id: int | None = None
    region_code: str = ""
    about: str = ""
    about_label: str = ""
    month: date | None = None
    why: str = ""
    figures: str = ""
    rare: Sequence[str] = ()
    job_id: int | None = None

    @property
    def key(self) -> queries.Key:
        """Return what this is a version of."""
        return (self.customer_id, self.about, self.kind, self.month, self.language, self.format)


def digest_of_facts(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of facts; leave out what says only when it was made."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def store(made: Iterable[Made], *, at: datetime, by: Actor) -> list[Document]:
    """Keep documents, audited; return their rows in order (R1).

    The newest version, while it was not sent, is replaced; once it was sent, `version` must be the next one, which
    says that it corrects the former. Raises BadDocument when somebody sent or corrected it meanwhile.
    """
    return [_store(each, at=at, by=by) for each in made]


def _store(made: Made, *, at: datetime, by: Actor) -> Document:
    if len(made.content) > LARGEST_BYTES:
        raise BadDocument(
            msgid("“{title}” has {size} MB; at most {most} can be kept: choose fewer circuits."),
            title=made.title, size=len(made.content) // 1_000_000, most=LARGEST_BYTES // 1_000_000,
        )  # fmt: skip
    former = _versions(made.key).select_for_update().order_by("-version").first()
    draft = former if former is not None and former.sent_at is None else None
    newest_sent = former if draft is None else draft.corrects
    expected = (newest_sent.version if newest_sent is not None else 0) + 1
    if made.version != expected:
        raise BadDocument(
            msgid("“{title}” was sent or corrected meanwhile; make it again, as version {version}."),
            title=made.title, version=expected,
        )  # fmt: skip
    row = draft or Document()
    _fill(row, made, corrects=newest_sent, at=at, by=by)
    _keep_content(made.content, row.content_id)
    row.save()
    _tell("document.make", [row], at=at, by=by)
    return row


def _versions(key: queries.Key) -> Any:
    customer_id, about, kind, month, language, format_ = key
    return Document.objects.filter(
        customer_id=customer_id, about=about, kind=kind, month=month, language=language, format=format_
    )


def _fill(row: Document, made: Made, *, corrects: Document | None, at: datetime, by: Actor) -> None:
    for name in ("kind", "format", "language", "number", "customer_id", "region_code", "about", "month", "version",
                 "facts_digest", "job_id"):  # fmt: skip
        setattr(row, name, getattr(made, name))
    row.title, row.file_name, row.about_label = made.title[:200], made.file_name[:120], made.about_label[:160]
    row.why, row.figures, row.rare = made.why[:400], made.figures[:80], list(made.rare)
    row.corrects, row.made_at, row.made_by = corrects, at, by.name[:80]
    row.content_id, row.size_bytes = hashlib.sha256(made.content).hexdigest(), len(made.content)


def _keep_content(content: bytes, digest: str) -> None:
    if not Content.objects.filter(pk=digest).exists():
        Content.objects.bulk_create([Content(digest=digest, content=content)], ignore_conflicts=True)


@transaction.atomic
def mark_sent(document_ids: Collection[int], *, at: datetime, by: Actor) -> int:
    """Note that documents were sent; from now on they are never changed. Return how many were not sent before."""
    rows = list(Document.objects.select_for_update().filter(pk__in=list(document_ids), sent_at__isnull=True))
    Document.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=at, sent_by=by.name[:80])
    _tell("document.send", rows, at=at, by=by)
    return len(rows)


def keep_content(content: bytes) -> str:
    """Keep bytes for a row of another room, in the caller's transaction; return their digest, the key of `Content`.

    The room tells `registry.also_kept` which digests it needs, lest they be forgotten. Raises BadDocument.
    """
    if len(content) > LARGEST_BYTES:
        raise BadDocument(
            msgid("The file has {size} MB; at most {most} can be kept."),
            size=len(content) // 1_000_000, most=LARGEST_BYTES // 1_000_000,
        )  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    _keep_content(content, digest)
    return digest


def forget_unused_content(*, most: int = 100) -> int:
    """Delete bytes that no document, and no row of another room, has any more; return how many."""
    rows = Content.objects.exclude(pk__in=Document.objects.values("content_id"))
    for digests in also_kept:
        rows = rows.exclude(pk__in=digests())
    old = list(rows.values_list("pk", flat=True)[:most])
    Content.objects.filter(pk__in=old).delete()
    return len(old)


def _tell(action: str, rows: Iterable[Document], *, at: datetime, by: Actor) -> None:
    changes = [
        Change("document", row.pk, f"{row.title} ({row.format})"[:160], None,
               {"number": row.number, "version": row.version},
               row.customer_id, row.region_code)
        for row in rows
    ]  # fmt: skip
    journal.record(action, changes, at=at, by=by)
