"""States of the ledger, verdicts, states of proposals (H6, H7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.domain.availability import State
from mainstay.service.tickets.choices import Responsibility

__all__ = ["EXCUSES", "STATES", "Cause", "LedgerState", "ProposalState", "Responsibility", "Verdict"]


class LedgerState(models.TextChoices):
    """What a stretch of a circuit's month is; the view as felt knows neither planned nor excluded."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    DEGRADED = "degraded", _("Degraded")
    UNKNOWN = "unknown", _("Unknown")
    PLANNED = "planned", _("Planned work")
    EXCLUDED = "excluded", _("Excluded")


STATES = {state: LedgerState(state.name.lower()) for state in State}
"""The words of the ledger by the states of `domain.availability`."""


class Verdict(models.TextChoices):
    """Whether a month's promise is kept; the values are those of `domain.availability.Outcome`."""

    MET = "met", pgettext_lazy("verdict of a month", "Met")
    MISSED = "missed", pgettext_lazy("verdict of a month", "Missed")
    UNDECIDED = "undecided", _("Not decided")
    NO_PROMISE = "no_promise", _("No promise")


EXCUSES = (Responsibility.CUSTOMER, Responsibility.OTHER_OPERATOR, Responsibility.FORCE_MAJEURE)
"""Whose fault takes a stretch out of the contract's view; not decided counts as ours (H6: only the operator's)."""


class Cause(models.TextChoices):
    """What a fact of the ledger comes from."""

    IMPACT = "impact", _("Network alarms")
    REPORT = "report", _("Customer's report")
    SILENCE = "silence", _("Silent source")
    BEFORE = "before", _("Before our data begin")
    AGREED = "agreed", _("Agreed exclusion")


class ProposalState(models.TextChoices):
    ASKED = "asked", _("Waits for approval")
    APPLIED = "applied", _("Approved and applied")
    REFUSED = "refused", _("Refused")
