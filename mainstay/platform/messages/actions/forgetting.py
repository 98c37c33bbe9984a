"""Forget what staff were told long ago; what customers got is kept."""

from datetime import datetime

from django.db import transaction

from mainstay.platform.messages.models import Message


@transaction.atomic
def forget_to_staff(before: datetime, limit: int) -> int:
    """Forget at most `limit` messages to staff from before an instant, the oldest first; what customers got is kept.

    Where they went is forgotten with them.
    """
    oldest = Message.objects.filter(contact_id__isnull=True).order_by("pk")[:limit]
    gone = [pk for pk, created_at in oldest.values_list("pk", "created_at") if created_at < before]
    Message.objects.filter(pk__in=gone).delete()
    return len(gone)


def oldest_to_staff() -> datetime | None:
    """Return the instant of the oldest message to staff (1 query)."""
    found = Message.objects.filter(contact_id__isnull=True).order_by("pk")
    return found.values_list("created_at", flat=True).first()
