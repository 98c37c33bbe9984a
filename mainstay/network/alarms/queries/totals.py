"""How much there is: counts over everything, for commands and monitoring."""

from datetime import datetime

from django.db.models import Count

from mainstay.network.alarms.choices import Outcome, ReportKind
from mainstay.network.alarms.models import Alarm, AlarmReport, Impact, Incident


def reports() -> dict[str, int]:
    """Count reports by what became of them; "waiting" are those not judged yet."""
    rows = AlarmReport.objects.values_list("outcome").annotate(n=Count("id"))
    return {outcome or "waiting": n for outcome, n in rows}


def raised() -> dict[str, int]:
    """Count the reports that raised something by what became of them."""
    rows = AlarmReport.objects.filter(kind=ReportKind.RAISE).values_list("outcome").annotate(n=Count("id"))
    return {outcome or "waiting": n for outcome, n in rows}


def standing() -> int:
    """Count the alarms that stand."""
    return Alarm.objects.filter(cleared_at__isnull=True).count()


def incidents() -> int:
    """Count all incidents ever opened, merged ones not."""
    return Incident.objects.filter(merged_into__isnull=True).count()


def impacts() -> int:
    """Count all stretches in which a circuit was impaired."""
    return Impact.objects.count()


def judged_until() -> datetime | None:
    """Return the receipt of the newest judged report: how far time has come in a replay."""
    rows = AlarmReport.objects.exclude(outcome=Outcome.WAITING).order_by("-id")
    return rows.values_list("received_at", flat=True).first()
