"""Grades, units and metrics that products and promises are written in (D2, D3); families and life cycle (D4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CircuitGrade(models.TextChoices):
    """Grades of circuits (profile S3), best first."""

    AAA = "AAA", "AAA"
    AA = "AA", "AA"
    A = "A", "A"
    I = "I", "I"  # noqa: E741
    II = "II", "II"
    III = "III", "III"


class ServiceGrade(models.TextChoices):
    """Service grades of group customers (S4), best first."""

    GOLD = "gold", _("Gold")
    SILVER = "silver", _("Silver")
    BRONZE = "bronze", _("Bronze")
    STANDARD = "standard", _("Standard")


GRADE_RANK = {grade: rank for rank, grade in enumerate(CircuitGrade.values)}
SERVICE_GRADE_RANK = {grade: rank for rank, grade in enumerate(ServiceGrade.values)}


class Metric(models.TextChoices):
    RESTORATION = "restoration", _("Restoration")
    RESPONSE = "response", _("Response")
    FEEDBACK = "feedback", _("Progress report")
    AVAILABILITY = "availability", _("Monthly availability")
    PLANNED_NOTICE = "planned_notice", _("Notice of planned work")
    REPORT = "report", _("Service report every")


class Unit(models.TextChoices):
    """Units of time; the values are those of `domain.business_time.Unit`, availability is in per cent, reports
    in months."""

    NATURAL_MINUTES = "natural_minutes", _("minutes")
    WORKING_MINUTES = "working_minutes", _("working minutes")
    WORKING_DAYS = "working_days", _("working days")
    SAME_DAY = "same_day", _("same day")
    PERCENT = "percent", _("per cent")
    MONTHS = "months", _("months")


class Reach(models.TextChoices):
    """How far a circuit goes; profile S4 promises by it."""

    ANY = "", _("any")
    LOCAL = "local", _("within a city")
    PROVINCE = "province", _("within the province")
    COUNTRY = "country", _("between provinces")


class ProductFamily(models.TextChoices):
    """What a product is of (D4)."""

    LEASED_LINE = "leased_line", _("Leased lines")
    SWITCHED = "switched", _("Switched data (FR, ATM)")
    VPN = "vpn", _("Virtual private networks")
    FIBRE = "fibre", _("Dark fibre")
    INTERNET = "internet", _("Internet access")
    VOICE = "voice", _("Voice and messages")
    MOBILE = "mobile", _("Mobile access")
    HOSTING = "hosting", _("Data centre and cloud")
    OTHER = "other", _("Other products")


class Lifecycle(models.TextChoices):
    """Where a product is in its life; LIFECYCLE_STATUS gives TMF620's words."""

    DRAFT = "draft", _("being prepared")
    SOLD = "sold", _("on sale")
    WITHDRAWN = "withdrawn", _("withdrawn from sale")


LIFECYCLE_STATUS = {Lifecycle.DRAFT: "In design", Lifecycle.SOLD: "Active", Lifecycle.WITHDRAWN: "Retired"}
"""`lifecycleStatus` of a ProductOffering (TMF620)."""
NEXT_LIFECYCLE = {
    Lifecycle.DRAFT: (Lifecycle.SOLD, Lifecycle.WITHDRAWN),
    Lifecycle.SOLD: (Lifecycle.WITHDRAWN,),
    Lifecycle.WITHDRAWN: (Lifecycle.SOLD,),
}
"""Where a product may go from where it is."""


class PolicyState(models.TextChoices):
    """What a marketing policy is on a day."""

    COMING = "coming", _("to come")
    IN_FORCE = "in_force", _("in force")
    OVER = "over", pgettext_lazy("policy", "over")
