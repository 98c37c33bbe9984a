"""Kinds and states of claims and billing runs, which state follows which, and the words of clauses (H8)."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClaimKind(models.TextChoices):
    """Reckoned from clauses, entered by a person, or taking another one back."""

    RECKONED = "reckoned", _("Reckoned")
    MANUAL = "manual", _("Entered by hand")
    REVERSAL = "reversal", _("Reversal")


class ClaimStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("claim", "Proposed")
    APPROVED = "approved", pgettext_lazy("claim", "Approved")
    REJECTED = "rejected", pgettext_lazy("claim", "Rejected")
    SUPERSEDED = "superseded", pgettext_lazy("claim", "Superseded")
    EXPORTED = "exported", pgettext_lazy("claim", "At billing")
    CREDITED = "credited", pgettext_lazy("claim", "Credited")
    RETURNED = "returned", pgettext_lazy("claim", "Returned by billing")
    REVERSED = "reversed", pgettext_lazy("claim", "Reversed")
    OFFSET = "offset", pgettext_lazy("claim", "Offset")


TRANSITIONS: Mapping[str, frozenset[str]] = {
    ClaimStatus.PROPOSED: frozenset({ClaimStatus.APPROVED, ClaimStatus.REJECTED, ClaimStatus.SUPERSEDED,
                                     ClaimStatus.OFFSET}),
    ClaimStatus.APPROVED: frozenset({ClaimStatus.EXPORTED, ClaimStatus.REVERSED, ClaimStatus.OFFSET}),
    ClaimStatus.EXPORTED: frozenset({ClaimStatus.CREDITED, ClaimStatus.RETURNED, ClaimStatus.REVERSED}),
    ClaimStatus.RETURNED: frozenset({ClaimStatus.EXPORTED, ClaimStatus.REVERSED}),
    ClaimStatus.CREDITED: frozenset({ClaimStatus.REVERSED}),
    ClaimStatus.REJECTED: frozenset(),
    ClaimStatus.SUPERSEDED: frozenset(),
    ClaimStatus.REVERSED: frozenset(),
    ClaimStatus.OFFSET: frozenset(),
}  # fmt: skip
"""Which state may follow which; nothing is ever deleted. OFFSET: a reversal of what never went to billing."""

GRANTED = (ClaimStatus.APPROVED, ClaimStatus.EXPORTED, ClaimStatus.RETURNED, ClaimStatus.CREDITED)
"""A second person agreed, and nobody took it back."""
LIVE = (ClaimStatus.PROPOSED, *GRANTED)
"""What counts for a month: it waits for a decision, or was granted."""
BILLABLE = (ClaimStatus.APPROVED, ClaimStatus.RETURNED)
"""What the next billing run takes."""
AT_BILLING = (ClaimStatus.EXPORTED, ClaimStatus.CREDITED)
TOLD = (*GRANTED, ClaimStatus.REVERSED, ClaimStatus.OFFSET)
"""What the customer may read: what was granted once, and what became of it."""


class RunStatus(models.TextChoices):
    EXPORTED = "exported", pgettext_lazy("billing run", "Waits for billing")
    ANSWERED = "answered", pgettext_lazy("billing run", "Answered")


class Answer(models.TextChoices):
    """What billing said of a row."""

    NONE = "", pgettext_lazy("billing row", "No answer yet")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", pgettext_lazy("billing row", "Refused")


class ClauseWord(models.TextChoices):
    """Kinds of clauses; the values are those of `domain.compensation.ClauseKind`."""

    AVAILABILITY = "availability", _("Steps by the month's availability")
    STARTED_HOUR = "started_hour", _("Each started hour over the restoration promise")
    EVENT = "event", _("Each outage")
    REPEAT = "repeat", _("Each repeated outage")
    LATE_REPAIR = "late_repair", _("Once, when a repair was late")


class CombiningWord(models.TextChoices):
    """The values are those of `domain.compensation.Combining`."""

    HIGHEST = "highest", _("The highest counts")
    ADD = "add", _("They add up")


class RoundingWord(models.TextChoices):
    """The values are those of `domain.compensation.Rounding`."""

    HALF_UP = "half_up", _("half up")
    UP = "up", _("always up")
    DOWN = "down", _("always down")


class UnitWord(models.TextChoices):
    """The values are those of `domain.compensation.AmountUnit`; people write sums in yuan."""

    PERCENT = "percent", _("% of the month's rent")
    FEN = "fen", _("yuan")


class PerWord(models.TextChoices):
    """The values are those of `domain.compensation.Per`."""

    EVENT = "event", _("event")
    MONTH = "month", _("month")
    YEAR = "year", _("calendar year")
