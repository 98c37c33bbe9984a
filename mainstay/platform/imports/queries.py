"""Read imports and their rows; one's own, or all of them for those who may read the audit trail."""

from collections.abc import Iterator

from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.choices import ENDED, Outcome
from mainstay.platform.imports.errors import NoSuchImport
from mainstay.platform.imports.models import ImportRow, ImportRun


def visible_to(actor: Actor) -> QuerySet[ImportRun]:
    """Return the imports the actor may see, newest first: a file's rows are read by whoever brought it.

    Those who see everything and may read the audit trail see all.
    """
    runs = ImportRun.objects.order_by("-id")
    if actor.sees_everything and actor.may(Permission.READ_AUDIT):
        return runs
    return runs.filter(user_id=actor.user_id) if actor.is_staff and actor.user_id is not None else runs.none()


def visible_run(actor: Actor, run_id: int, *, lock: bool = False) -> ImportRun:
    """Return one import. Raises NoSuchImport, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise NoSuchImport(msgid("There is no import {id} that you may see; look in the list of imports."), id=run_id)
    return found


def same_file(run: ImportRun) -> ImportRun | None:
    """Return the newest earlier import of the very same file into the same kind that took rows and was not undone."""
    same = ImportRun.objects.filter(digest=run.digest, kind=run.kind, pk__lt=run.pk, undone_at=None)
    return same.exclude(created=0, updated=0).order_by("-id").first()


def same_heads(run: ImportRun) -> ImportRun | None:
    """Return the newest earlier import of the kind with the very same heads, whose columns a draft was read by."""
    runs = ImportRun.objects.filter(kind=run.kind, started_at__isnull=False, pk__lt=run.pk).order_by("-id")
    return next((each for each in runs[:50] if each.columns == run.columns and each.mapping == run.mapping), None)


def mended_by(actor: Actor, run: ImportRun) -> list[ImportRun]:
    """Return the imports that took an import's bad rows in again, mended, oldest first."""
    return list(visible_to(actor).filter(mends=run).exclude(started_at=None).order_by("id"))


def refused_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Return the rows that were not taken, in the order of the file."""
    return ImportRow.objects.filter(run=run, outcome=Outcome.REFUSED).order_by("line")


def kept_rows(run: ImportRun) -> QuerySet[ImportRow]:
    """Return the rows that could not be undone, in the order of the file."""
    taken = ImportRow.objects.filter(run=run, outcome__in=(Outcome.CREATED, Outcome.UPDATED), undone=False)
    return taken.exclude(error="").order_by("line")


def rows_of(run: ImportRun, outcome: str) -> Iterator[ImportRow]:
    """Give the rows with an outcome, in the order of the file, without holding them all."""
    return ImportRow.objects.filter(run=run, outcome=outcome).order_by("line").iterator(chunk_size=2_000)


def has_ended(run_id: int) -> bool:
    """Say whether nothing goes on in an import by itself any more."""
    return ImportRun.objects.filter(pk=run_id, state__in=ENDED).exists()


def first_rows(run: ImportRun, count: int) -> list[ImportRow]:
    """Return the first rows of a file (1 query)."""
    return list(ImportRow.objects.filter(run=run).order_by("line")[:count])
