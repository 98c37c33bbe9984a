"""Attach files to contracts, withdraw them, hand them out; each is written down (D1)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction

from mainstay.accounts.contracts.actions.registering import change_of
from mainstay.accounts.contracts.choices import AttachmentKind
from mainstay.accounts.contracts.errors import BadAttachment
from mainstay.accounts.contracts.models import Attachment
from mainstay.accounts.contracts.queries import visible_attachment, visible_contract
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.documents.actions.storing import keep_content
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal

LARGEST_BYTES = 20_000_000
_ZIP = b"PK\x03\x04"
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (_ZIP,)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (_ZIP,)),
    ".ofd": ("application/ofd", (_ZIP,)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
}
"""Which files are taken, by their ending: the media type, and how the bytes must begin."""


@dataclass(frozen=True)
class NewFile:
    """A file wanted on a contract."""

    name: str
    content: bytes
    kind: str = AttachmentKind.OTHER
    title: str = ""
    for_customer: bool = False


@transaction.atomic
def attach(contract_id: int, new: NewFile, *, at: datetime, by: Actor) -> Attachment:
    """Keep a file with a contract. Raises NoSuchContract, and BadAttachment for its type, size, or contents."""
    require(by, Permission.WRITE_CONTRACTS)
    contract = visible_contract(by, contract_id)
    name = PurePath(new.name.replace("\\", "/")).name[:120]
    media_type = _checked(name, new)
    row = Attachment.objects.create(
        contract=contract, kind=new.kind, title=(new.title.strip() or name)[:120], file_name=name,
        media_type=media_type, size_bytes=len(new.content), content_id=keep_content(new.content),
        for_customer=new.for_customer, added_at=at, added_by=by.name[:80],
    )  # fmt: skip
    journal.record("contract.attach", [change_of(contract, None, _said(row))], at=at, by=by)
    return row


@transaction.atomic
def withdraw_attachment(attachment_id: int, *, why: str, at: datetime, by: Actor) -> Attachment:
    """Take a file out of use; it stays kept and is listed as withdrawn. Raises NoSuchAttachment, BadAttachment."""
    require(by, Permission.WRITE_CONTRACTS)
    row = visible_attachment(by, attachment_id)
    if row.withdrawn_at is not None or not why.strip():
        raise BadAttachment(msgid("“{title}” is withdrawn once, with a reason."), title=row.title)
    row.withdrawn_at, row.withdrawn_by = at, by.name[:80]
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    journal.record("contract.detach", [change_of(row.contract, _said(row), {"withdrawn": True})], at=at,
                   by=by.because(why))  # fmt: skip
    return row


@transaction.atomic
def hand_out(attachment_id: int, *, at: datetime, by: Actor) -> tuple[Attachment, bytes]:
    """Return a file with its bytes; who got it is written down. Raises NoSuchAttachment."""
    row = visible_attachment(by, attachment_id)
    journal.record("contract.read_file", [change_of(row.contract, None, {"file": row.title})], at=at, by=by)
    return row, bytes(row.content.content)


def _checked(name: str, new: NewFile) -> str:
    media_type, beginnings = TYPES.get(PurePath(name).suffix.lower(), ("", ()))
    if not media_type:
        raise BadAttachment(msgid("“{name}” is not a file that is kept here; give one of {types}."), name=name,
                            types=", ".join(sorted(TYPES)))  # fmt: skip
    if not 0 < len(new.content) <= LARGEST_BYTES:
        raise BadAttachment(
            msgid("“{name}” has {size} MB; files of more than nothing up to {most} MB are kept."),
            name=name, size=round(len(new.content) / 1_000_000, 1), most=LARGEST_BYTES // 1_000_000,
        )  # fmt: skip
    if not new.content.startswith(beginnings):
        raise BadAttachment(msgid("“{name}” does not hold what its name says; save it anew and try again."), name=name)
    if new.kind not in AttachmentKind.values:
        raise BadAttachment(msgid("“{name}”: choose what kind of file it is."), name=name)
    return media_type


def _said(row: Attachment) -> dict[str, Any]:
    return {"file": row.title, "kind": row.kind, "for_customer": row.for_customer, "size": row.size_bytes,
            "digest": row.content_id}  # fmt: skip
