"""States and results of planned work, and what rules of the freeze say."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    APPROVED = "approved", _("Approved")
    CANCELLED = "cancelled", _("Cancelled")
    DONE = "done", _("Done")


class WorkResult(models.TextChoices):
    """How work ended."""

    DONE = "done", pgettext_lazy("result of work", "Done as planned")
    PARTLY = "partly", pgettext_lazy("result of work", "Partly done")
    ROLLED_BACK = "rolled_back", pgettext_lazy("result of work", "Rolled back")


class FreezeKind(models.TextChoices):
    """Why work is frozen."""

    FREEZE = "freeze", _("Freeze")
    PROTECTION = "protection", _("Protection of an important event")


class FreezeEffect(models.TextChoices):
    """What a rule does to work in its period."""

    REFUSE = "refuse", _("Work is refused")
    MANDATE = "mandate", _("Work needs a mandate")


class OverriddenBy(models.TextChoices):
    """Who may set a rule aside for one work, giving the reason."""

    LEADER = "leader", _("Leaders")
    ADMINISTRATOR = "administrator", _("Administrators")
    NOBODY = "nobody", _("Nobody")


class FeedKind(models.TextChoices):
    """Whose planned work a calendar feed tells of."""

    PERSON = "person", _("All I may see")
    REGION = "region", _("A region")
    CUSTOMER = "customer", _("A customer")


class NoteImpact(models.TextChoices):
    """What work does to a service, as maintenance notes say it (X-MAINTNOTE-IMPACT)."""

    NO_IMPACT = "NO-IMPACT", _("No impact")
    REDUCED_REDUNDANCY = "REDUCED-REDUNDANCY", _("Less redundancy")
    DEGRADED = "DEGRADED", _("Degraded")
    OUTAGE = "OUTAGE", _("Outage")


class NoteStatus(models.TextChoices):
    """Where work stands, as maintenance notes say it (X-MAINTNOTE-STATUS)."""

    TENTATIVE = "TENTATIVE", _("Tentative")
    CONFIRMED = "CONFIRMED", _("Confirmed")
    CANCELLED = "CANCELLED", _("Cancelled")
    IN_PROCESS = "IN-PROCESS", _("In process")
    COMPLETED = "COMPLETED", _("Completed")
