"""How are durations, instants, states and grades said in the reader's language?

Durations are in seconds, instants are aware datetimes; words come out in the active language and time zone.
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86400

STATES: Final = ("down", "degraded", "unprotected", "planned", "unknown", "up")

STATE_WORDS: Final[dict[str, Promise]] = {
    "down": gettext_lazy("Down"),
    "degraded": gettext_lazy("Degraded"),
    "unprotected": gettext_lazy("Unprotected"),
    "planned": gettext_lazy("Planned work"),
    "unknown": gettext_lazy("Unknown"),
    "excluded": gettext_lazy("Excluded"),
    "up": gettext_lazy("Up"),
}

STATE_ICONS: Final[dict[str, str]] = {
    "down": "circle-x",
    "degraded": "alert-triangle",
    "unprotected": "shield-off",
    "planned": "calendar-event",
    "unknown": "help-circle",
    "excluded": "filter",
    "up": "check",
}

GRADE_WORDS: Final[dict[str, Promise]] = {
    "AAA": gettext_lazy("Grade AAA"),
    "AA": gettext_lazy("Grade AA"),
    "A": gettext_lazy("Grade A"),
    "I": gettext_lazy("Grade I"),
    "II": gettext_lazy("Grade II"),
    "III": gettext_lazy("Grade III"),
    "gold": gettext_lazy("Gold"),
    "silver": gettext_lazy("Silver"),
    "bronze": gettext_lazy("Bronze"),
    "standard": gettext_lazy("Standard"),
    "special": gettext_lazy("Special care"),
}


def state_word(value: str) -> str:
    """Say a live state in the reader's language; an unknown value is said as "Unknown"."""
    return str(STATE_WORDS.get(value, STATE_WORDS["unknown"]))


def seconds_of(value: float | timedelta) -> int:
    """Turn seconds or a timedelta into whole seconds, towards zero."""
    return int(value.total_seconds() if isinstance(value, timedelta) else value)


def duration_words(value: float | timedelta, *, short: bool = False) -> str:
    """Say a duration with its two largest units ("1 h 20 min"), only the largest when `short`, and without its sign."""
    seconds = abs(seconds_of(value))
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, secs = divmod(rest, MINUTE)
    if days:
        return _say(_("%(n)s d") % {"n": days}, hours and _("%(n)s h") % {"n": hours}, short)
    if hours:
        return _say(_("%(n)s h") % {"n": hours}, minutes and _("%(n)s min") % {"n": minutes}, short)
    if minutes:
        return _say(_("%(n)s min") % {"n": minutes}, minutes < 5 and secs and _("%(n)s s") % {"n": secs}, short)
    return _("%(n)s s") % {"n": secs}


def _say(large: str, small: str | int | bool, short: bool) -> str:
    return large if short or not small else f"{large} {small}"


def relative_words(instant: datetime, *, at: datetime) -> str:
    """Say how far `instant` is from `at` ("3 min ago", "in 2 h"); under ten seconds it is "just now"."""
    seconds = (at - instant).total_seconds()
    if abs(seconds) < 10:
        return _("just now")
    words = duration_words(seconds, short=True)
    return _("%(time)s ago") % {"time": words} if seconds > 0 else _("in %(time)s") % {"time": words}


def absolute_words(instant: datetime, *, seconds: bool = False) -> str:
    """Say an instant in the local zone: "2026-11-21 08:15", with seconds when asked."""
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def instant_words(instant: datetime, *, at: datetime) -> str:
    """Say an instant both ways: "2026-11-21 08:15 (3 min ago)"."""
    return _("%(absolute)s (%(relative)s)") % {
        "absolute": absolute_words(instant),
        "relative": relative_words(instant, at=at),
    }


def bandwidth_words(kbps: float) -> str:
    """Say a bandwidth given in kbit/s with the unit people use: "64 kbit/s", "2 Mbit/s", "10 Gbit/s"."""
    for size, unit in ((1_000_000, "Gbit/s"), (1000, "Mbit/s")):
        if kbps >= size:
            return f"{_plain(_rounded(kbps, size))} {unit}"
    return f"{_plain(kbps)} kbit/s"


def _rounded(kbps: float, size: int) -> float:
    """Divide by 1024 where the operator counted in binary steps (2048 kbit/s is sold as 2 Mbit/s)."""
    binary = 1024 if size == 1000 else 1024 * 1024
    return kbps / binary if kbps % binary == 0 else kbps / size


def _plain(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def grade_letters(value: str) -> str:
    """Give the letters a grade mark shows: the grade itself, or one character for the care classes."""
    letters = {
        "gold": pgettext("grade letter", "G"),
        "silver": pgettext("grade letter", "S"),
        "bronze": pgettext("grade letter", "B"),
        "standard": pgettext("grade letter", "N"),
        "special": pgettext("grade letter", "★"),
    }
    return letters.get(value, value)


def short_number(value: float) -> str:
    """Say a number with few letters: in Chinese by 万 and 亿, in English by k, m, bn."""
    steps = (
        ((1e8, "亿"), (1e4, "万"))
        if (get_language() or "").startswith("zh")
        else ((1e9, " bn"), (1e6, " m"), (1e3, " k"))
    )
    for size, word in steps:
        if abs(value) >= size:
            return f"{value / size:,.4g}{word}"
    return f"{value:,.4g}"
