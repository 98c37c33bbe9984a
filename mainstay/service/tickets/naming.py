"""What do people call a ticket and an instant? Words for pages and messages, in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _


def title_of(written: str, circuit_numbers: Sequence[str]) -> str:
    """Return what a person wrote, else the circuits it is about."""
    if written:
        return written
    if not circuit_numbers:
        return _("No circuit named")
    if len(circuit_numbers) == 1:
        return _("Circuit %(number)s") % {"number": circuit_numbers[0]}
    return ngettext("%(count)s circuit: %(first)s …", "%(count)s circuits: %(first)s …", len(circuit_numbers)) % {
        "count": len(circuit_numbers),
        "first": circuit_numbers[0],
    }


def clock_time(at: datetime) -> str:
    """Write an instant as people say it in messages, in the operator's zone."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def brief_time(at: datetime, now: datetime) -> str:
    """Write an instant as short as it is clear: the time today, with month and day otherwise."""
    local = timezone.localtime(at)
    return local.strftime("%H:%M" if local.date() == timezone.localtime(now).date() else "%m-%d %H:%M")


def span(lasted: timedelta) -> str:
    """Say how long something lasted, to the minute."""
    minutes = max(0, round(lasted.total_seconds() / 60))
    hours, left = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": left}
    return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": left}


def department_name(kept: Mapping[str, Any]) -> str:
    """Return the name of a department as a clock or an entry keeps it, in the reader's language."""
    english = kept.get("department_en") or kept.get("name_en") or ""
    chinese = (get_language() or "").startswith("zh")
    own = kept.get("name") or kept.get("department") or ""
    return str(own if chinese or not english else english)
