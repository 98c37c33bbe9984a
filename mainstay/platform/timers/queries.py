"""How late timers are, for monitoring."""

from datetime import datetime

from mainstay.platform.timers.models import Timer


def next_due() -> datetime | None:
    """Return the instant of the next timer to fire."""
    return (
        Timer.objects.filter(fired_at__isnull=True, cancelled_at__isnull=True)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )


def overdue(at: datetime) -> int:
    """Count the timers that should have fired by `at`."""
    return Timer.objects.filter(due_at__lte=at, fired_at__isnull=True, cancelled_at__isnull=True).count()


def overdue_s(at: datetime) -> int:
    """Return how late the oldest unfired timer is, in seconds; 0 when none is."""
    due = next_due()
    return max(0, int((at - due).total_seconds())) if due else 0
