"""Which reports there are (R1), and what a run is about."""

from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.platform.documents.registry import Template


class ReportKind(models.TextChoices):
    """Codes of the templates."""

    SERVICE = "service-report", _("Monthly service report")
    SLA = "sla-report", _("SLA report")


class Subject(models.TextChoices):
    """Kinds of jobs: a report per customer, or per contract."""

    CUSTOMERS = "reports.customers", _("Reports per customer")
    CONTRACTS = "reports.contracts", _("Reports per contract")


PREFIXES = {ReportKind.SERVICE: "FW", ReportKind.SLA: "SLA"}
"""What a document's number begins with."""
_TYPST = Path(__file__).parent / "typst"
TEMPLATES = tuple(
    Template(
        kind.value, kind.label, _TYPST / f"{kind.value}.typ", _TYPST / f"{kind.value}.json",
        parts=(_TYPST / "report-parts.typ",),
    )
    for kind in ReportKind
)  # fmt: skip
