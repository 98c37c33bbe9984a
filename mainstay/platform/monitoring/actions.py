"""Note that a program lives, that it ended, that a backup was taken or proved."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, record
from mainstay.platform.monitoring.models import Backup, Heartbeat

FORGOTTEN_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Program:
    """A running program: what it is, where, since when. `instance` tells several on one host apart."""

    name: str
    host: str
    pid: int
    version: str
    started_at: datetime
    instance: str = ""


@dataclass(frozen=True)
class TakenBackup:
    """A backup as it lies in a file: `digest` is the file's SHA-256 in hex."""

    path: str
    host: str
    took_s: float
    size_bytes: int
    digest: str


@dataclass(frozen=True)
class Beat:
    """A sign of life with what the program measured of itself; names of figures end in their unit."""

    program: Program
    figures: dict[str, Any] = field(default_factory=dict)


def beat(sign: Beat, *, at: datetime) -> None:
    """Write a program's sign of life over its last one (P3). A machine stream: the audit trail is not told."""
    who = sign.program
    insert_many(
        Heartbeat,
        ("name", "host", "instance", "pid", "version", "started_at", "at", "figures"),
        [(who.name, who.host, who.instance, who.pid, who.version, who.started_at, at, sign.figures)],
        unique=("name", "host", "instance"),
        update=("pid", "version", "started_at", "at", "figures"),
    )


def leave(program: Program) -> None:
    """Forget a program that ended as asked; one started in its place meanwhile stays."""
    Heartbeat.objects.filter(name=program.name, host=program.host, instance=program.instance, pid=program.pid).delete()


def forget_the_dead(*, at: datetime) -> int:
    """Forget programs that have been silent for a week; return how many."""
    gone, _ = Heartbeat.objects.filter(at__lt=at - FORGOTTEN_AFTER).delete()
    return gone


@transaction.atomic
def note_backup(taken: TakenBackup, *, at: datetime, by: Actor) -> Backup:
    """Note a backup taken at `at` (P4)."""
    require(by, Permission.SETTINGS)
    row = Backup.objects.create(
        taken_at=at, took_s=taken.took_s, path=taken.path[-400:], host=taken.host, size_bytes=taken.size_bytes,
        digest=taken.digest,
    )  # fmt: skip
    said = {"path": row.path, "host": row.host, "size_bytes": row.size_bytes, "digest": row.digest}
    record("backup.take", [Change("backup", row.pk, taken.path.rsplit("/", 1)[-1], after=said)], at=at, by=by)
    return row


@transaction.atomic
def note_proof(digest: str, *, at: datetime, by: Actor) -> int:
    """Note that a rehearsal proved the backup of this digest; return how many rows it concerns: 0 when unknown."""
    require(by, Permission.SETTINGS)
    rows = list(Backup.objects.filter(digest=digest))
    Backup.objects.filter(digest=digest).update(proved_at=at)
    changes = [Change("backup", row.pk, row.path.rsplit("/", 1)[-1], after={"proved_at": at}) for row in rows]
    record("backup.prove", changes, at=at, by=by)
    return len(rows)
