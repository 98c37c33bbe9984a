"""When does a source look for an export? The next instant is a column, claimed once, whoever looks (E3)."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.network.reconciliation import drops
from mainstay.network.reconciliation.actions.running import take_in
from mainstay.network.reconciliation.models import SyncRun, SyncSource


def next_at(source: SyncSource, after: datetime) -> datetime | None:
    """Return when a source looks next; None when it is switched off or run by hand."""
    if not source.active:
        return None
    if source.every_minutes:
        return after + timedelta(minutes=source.every_minutes)
    if source.daily_at is None:
        return None
    local = timezone.localtime(after)
    today = local.replace(hour=source.daily_at.hour, minute=source.daily_at.minute, second=0, microsecond=0)
    if today <= local:
        on = local.date() + timedelta(days=1)
        today = timezone.make_aware(datetime.combine(on, source.daily_at))
    return today.astimezone(UTC)


def look_where_due(*, at: datetime, by: Actor) -> list[SyncRun]:
    """Take in what the sources that are due have dropped; each due instant is claimed once (1 query when none is)."""
    taken: list[SyncRun] = []
    for source in SyncSource.objects.filter(active=True, next_at__lte=at):
        with transaction.atomic():
            due = SyncSource.objects.filter(pk=source.pk, next_at=source.next_at)
            if not due.update(next_at=next_at(source, at), looked_at=at):
                continue
        taken += look(source, at=at, by=by)
    return taken


def look(source: SyncSource, *, at: datetime, by: Actor) -> list[SyncRun]:
    """Take in what a source has dropped and was not taken yet. A file that cannot be read is kept as a stopped run."""
    taken = []
    for drop in drops.waiting(source, at=at):
        known = SyncRun.objects.filter(source=source, file_name=drop.path.name[-200:], file_at=drop.written_at)
        if known.exists():
            continue
        try:
            raw = drop.path.read_bytes()
            taken.append(take_in(source.pk, raw, file_name=drop.path.name, file_at=drop.written_at, at=at, by=by))
        except (OSError, MainstayError) as error:
            _keep_unread(source, drop, error, at=at, by=by)
    return taken


def _keep_unread(source: SyncSource, drop: drops.Drop, error: Exception, *, at: datetime, by: Actor) -> None:
    template, values = (
        (error.template, error.values) if isinstance(error, MainstayError) else ("{what}", {"what": error})
    )
    SyncRun.objects.create(
        source=source, state="failed", file_name=drop.path.name[-200:], digest="", size_bytes=0,
        file_at=drop.written_at, asked_by=by.name[:80], made_at=at, ended_at=at, problem=template[:400],
        problem_values={name: str(value)[:200] for name, value in values.items()},
    )  # fmt: skip
