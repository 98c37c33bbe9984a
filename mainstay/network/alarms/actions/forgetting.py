"""Forget what machines sent once its time is over (P4): reports and answers to batches. Alarms and incidents stay."""

from datetime import datetime

from django.db import transaction

from mainstay.network.alarms.choices import Outcome
from mainstay.network.alarms.models import AlarmReport, IntakeBatch

KEPT_OUTCOMES = (Outcome.WAITING, Outcome.QUARANTINED)
"""Reports that may still be judged."""


@transaction.atomic
def forget_reports(before: datetime, limit: int) -> int:
    """Forget at most `limit` judged reports received before an instant, the oldest first; return how many."""
    oldest = AlarmReport.objects.exclude(outcome__in=KEPT_OUTCOMES).order_by("pk")[:limit]
    gone = [pk for pk, received_at in oldest.values_list("pk", "received_at") if received_at < before]
    AlarmReport.objects.filter(pk__in=gone).delete()
    return len(gone)


@transaction.atomic
def forget_answers(before: datetime, limit: int) -> int:
    """Forget answers to batches received before an instant; a batch sent again after that is taken as new."""
    oldest = IntakeBatch.objects.order_by("pk")[:limit].values_list("pk", "received_at")
    gone = [pk for pk, received_at in oldest if received_at < before]
    IntakeBatch.objects.filter(pk__in=gone).delete()
    return len(gone)


def oldest_report() -> datetime | None:
    """Return when the oldest report that is kept was received (1 query)."""
    return AlarmReport.objects.order_by("pk").values_list("received_at", flat=True).first()


def oldest_answer() -> datetime | None:
    """Return when the oldest batch whose answer is kept was received (1 query)."""
    return IntakeBatch.objects.order_by("pk").values_list("received_at", flat=True).first()
