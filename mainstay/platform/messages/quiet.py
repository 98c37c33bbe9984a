"""Until when does a delivery wait? The house's quiet hours, read once and asked many times (K8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from mainstay.domain.quiet_hours import QuietWindow, quiet_until
from mainstay.platform.messages.choices import OUTSIDE
from mainstay.platform.messages.models import QuietHours

NEVER_HELD = frozenset({"", "AAA"})
"""Grades whose messages go out at any hour, whatever is entered."""


@dataclass(frozen=True)
class QuietBook:
    """The hours by grade, with the channels that wait."""

    windows: Mapping[str, tuple[QuietWindow, frozenset[str]]]

    @classmethod
    def read(cls) -> "QuietBook":
        """Read what is entered (1 query)."""
        return cls(
            {
                row.grade: (QuietWindow(row.from_minute, row.to_minute), frozenset(row.channels))
                for row in QuietHours.objects.exclude(grade__in=NEVER_HELD)
            }
        )

    def until(self, grade: str, channel: str, at: datetime) -> datetime | None:
        """Return when a message of that grade may go out on the channel (UTC), None: at once."""
        if grade in NEVER_HELD or grade not in self.windows or channel not in OUTSIDE:
            return None
        window, channels = self.windows[grade]
        return quiet_until((window,), at, ZoneInfo(settings.TIME_ZONE)) if channel in channels else None
