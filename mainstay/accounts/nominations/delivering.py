"""What follows when figures are delivered: they are taken in, and waves are looked at, in one transaction (B6)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mainstay.accounts.nominations.actions.intake import Answer, DayFigures, take
from mainstay.accounts.nominations.errors import BadFigure
from mainstay.accounts.nominations.watching import look
from mainstay.domain.actor import Actor


@transaction.atomic
def deliver(figures: Sequence[DayFigures | BadFigure], *, at: datetime, by: Actor) -> Answer:
    """Take figures in and tell managers of waves. Raises NotAllowed."""
    answer = take(figures, at=at, by=by)
    days = [each.on for n, each in enumerate(figures) if isinstance(each, DayFigures) and n not in answer.refused]
    if answer.advanced and days:
        look(answer.advanced, max(days), at=at)
    return answer
