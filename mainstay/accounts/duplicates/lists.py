"""What keeps customers in a list, and how one is put for another in it when they are merged."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.duplicates.registry import Holding
from mainstay.domain.actor import Actor
from mainstay.platform.documents.models import Schedule


def schedules() -> Holding:
    """Return the holding of documents made on schedule, which keep customers as a list."""

    def having(customer_id: int) -> list[Schedule]:
        return [row for row in Schedule.objects.order_by("pk") if customer_id in row.customer_ids]

    def swap(rows: Sequence[Schedule], from_id: int, to_id: int) -> list[int]:
        moved = [row for row in rows if from_id in row.customer_ids and to_id not in row.customer_ids]
        for row in moved:
            row.customer_ids = [to_id if pk == from_id else pk for pk in row.customer_ids]
            row.save(update_fields=["customer_ids"])
        return [row.pk for row in moved]

    def move(from_id: int, to_id: int, at: datetime, by: Actor) -> list[int]:
        return swap(having(from_id), from_id, to_id)

    def move_back(keys: Sequence[int], from_id: int, to_id: int) -> list[int]:
        return swap(list(Schedule.objects.filter(pk__in=keys).order_by("pk")), from_id, to_id)

    return Holding(
        "documents.Schedule.customer_ids", _("Documents made on schedule"), lambda pk: len(having(pk)), move, move_back
    )
