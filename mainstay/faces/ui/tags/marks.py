"""Which small mark says a state, a grade, a time, a clock or a number that can be dialled?"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.faces.ui import words
from mainstay.faces.ui.shares import percent

register = template.Library()

_NOTHING: tuple[object, ...] = (None, "")

SHORT_SHARE = 0.25
"""Below this share of the promised time a clock is bold."""


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite (`source/icons.txt`); with `label` it is said to screen readers, else hidden."""
    href = f"{static('mainstay/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', href)


@register.filter
def commands(text: str) -> SafeString:
    """Show what stands between backticks as something to type: `{{ remedy|commands }}`."""
    parts = str(text).split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in enumerate(parts))
    )


@register.inclusion_tag("ui/_state.html", takes_context=True)
def state(
    context: Mapping[str, Any], value: Any, since: datetime | None = None, label: str = "", small: bool = False
) -> dict[str, Any]:
    """Show a live state by icon, word and colour, and since when: `{% state "down" since=impact.since %}`."""
    name = str(getattr(value, "value", value) or "unknown")
    name = name if name in words.STATE_WORDS else "unknown"
    return {
        "value": name,
        "word": label or words.state_word(name),
        "icon": words.STATE_ICONS[name],
        "since": since,
        "since_words": words.duration_words(now_of(context) - since, short=True) if since else "",
        "since_absolute": words.absolute_words(since) if since else "",
        "small": small,
    }


@register.simple_tag
def grade(value: Any, reason: str = "") -> SafeString:
    """Show a grade by shape and letters; `reason` says on hover why this grade holds. Nothing for an empty grade."""
    name = str(getattr(value, "value", value) or "")
    if not name:
        return SafeString("")
    word = str(words.GRADE_WORDS.get(name, name))
    return format_html(
        '<abbr class="ms-grade ms-grade-{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></abbr>',
        re.sub(r"[^a-z0-9]+", "-", name.lower()),
        f"{word} · {reason}" if reason else word,
        words.grade_letters(name),
        word,
    )


@register.simple_tag
def state_word(value: Any) -> str:
    """Say a live state in a word, without its mark."""
    return words.state_word(str(getattr(value, "value", value) or "unknown"))


@register.inclusion_tag("ui/_clock.html", takes_context=True)
def clock(context: Mapping[str, Any], value: Any, size: str = "") -> dict[str, Any]:
    """Show a promise clock in words and a thin bar; the browser ticks it from the server's time.

    `value` has `state` (running, paused, met, breached, stopped) and may have `deadline_at`, `total_seconds`,
    `remaining_seconds` (counted time at `as_of`; negative when over), `as_of`, `counting`, `paused_since`, `label`.
    """
    if not value:
        return {"state": ""}
    as_of = read(value, "as_of") or now_of(context)
    deadline_at = read(value, "deadline_at")
    remaining = read(value, "remaining_seconds")
    if remaining is None and deadline_at is not None:
        remaining = (deadline_at - as_of).total_seconds()
    total = words.seconds_of(read(value, "total_seconds") or 0)
    counting = read(value, "counting")
    name = str(getattr(read(value, "state"), "value", read(value, "state")) or "running")
    return _clock_face(
        state=name,
        remaining=None if remaining is None else words.seconds_of(remaining),
        total=total,
        ticking=name == "running" and counting is not False,
    ) | {
        "as_of": as_of,
        "deadline_at": deadline_at,
        "deadline_words": words.absolute_words(deadline_at) if deadline_at else "",
        "label": read(value, "label") or "",
        "size": size,
        "waiting": name == "running" and counting is False,
    }


def _clock_face(*, state: str, remaining: int | None, total: int, ticking: bool) -> dict[str, Any]:
    over = remaining is not None and remaining < 0 and state in ("running", "paused")
    share = max(0.0, min(1.0, remaining / total)) if remaining is not None and total > 0 else None
    short = share is not None and share < SHORT_SHARE and state in ("running", "paused")
    return {
        "state": "breached" if state == "breached" or over else state,
        "open": state in ("running", "paused"),
        "paused": state == "paused",
        "remaining": remaining,
        "total": total,
        "ticking": ticking,
        "over": over,
        "short": short,
        "percent": round(share * 100, 1) if share is not None else None,
        "words": _clock_words(state, remaining),
    }


def _clock_words(state: str, remaining: int | None) -> str:
    if state == "met":
        return _("Kept")
    if state == "stopped":
        return _("Stopped")
    if remaining is None:
        return _("Missed") if state == "breached" else _("No deadline")
    said = words.duration_words(remaining)
    if remaining < 0:
        return _("%(time)s over") % {"time": said}
    return _("Missed") if state == "breached" else _("%(time)s left") % {"time": said}


@register.inclusion_tag("ui/_instant.html", takes_context=True)
def instant(context: Mapping[str, Any], value: datetime | None, style: str = "relative") -> dict[str, Any]:
    """Show an instant as `<time>`; style: relative (default, ticks), absolute, both, time (08:15), date."""
    if value is None:
        return {"value": None}
    local = timezone.localtime(value)
    texts = {
        "absolute": words.absolute_words(value),
        "time": local.strftime("%H:%M"),
        "date": local.strftime("%Y-%m-%d"),
    }
    relative = words.relative_words(value, at=now_of(context))
    return {
        "value": value,
        "text": texts.get(style, relative),
        "relative": relative if style == "both" else "",
        "absolute": words.absolute_words(value, seconds=True),
        "style": style,
        "before": texts["absolute"] if style == "both" else "",
    }


@register.inclusion_tag("ui/_data_age.html", takes_context=True)
def data_age(context: Mapping[str, Any], value: datetime | None) -> dict[str, Any]:
    """Say how old the page's data are; the browser ticks it and marks it when the live stream is away."""
    return {
        "value": value,
        "words": words.relative_words(value, at=now_of(context)) if value else "",
        "absolute": words.absolute_words(value, seconds=True) if value else "",
    }


@register.filter
def duration(value: float | timedelta | None, style: str = "") -> str:
    """Say seconds or a timedelta in words; `"short"` gives the largest unit only; None gives a dash."""
    return "—" if value in _NOTHING else words.duration_words(value or 0, short=style == "short")


@register.filter
def lasting(since: datetime, at: datetime) -> str:
    """Say how long something has lasted at `at`, in its largest unit."""
    return words.duration_words(at - since, short=True)


@register.filter
def share(value: Decimal | None) -> str:
    """Say a fraction 0..1 in per cent, as exactly as it is kept."""
    return percent(value)


@register.filter
def thousands(value: float | None) -> str:
    """Say a whole number with its thousands apart; None gives a dash."""
    return "—" if value is None else f"{int(value):,}"


@register.filter
def signed(value: float | None) -> str:
    """Say a whole number with its sign; nothing for 0, a dash for None."""
    return "—" if value is None else f"{int(value):+,}".replace("-", "−") if value else ""


@register.filter
def change(value: float | None) -> str:
    """Say how much more or less, 0.1 as +10.0 %; None gives a dash."""
    return "—" if value is None else f"{value:+.1%}".replace("-", "−")


@register.filter
def yuan(fen: int | None) -> str:
    """Say an amount of fen (0.01 yuan) in yuan; None gives a dash."""
    return "—" if fen is None else f"¥\u202f{fen / 100:,.2f}"


@register.filter
def bandwidth(value: float | None) -> str:
    """Say kbit/s in the unit people use; None gives a dash."""
    return "—" if value in _NOTHING else words.bandwidth_words(float(value or 0))


@register.simple_tag
def phone(number: str, name: str = "") -> SafeString:
    """Link a telephone number so that one tap calls it: `{% phone contact.phone name=contact.name %}`."""
    if not number:
        return SafeString("—")
    dial = re.sub(r"[^\d+]", "", number)
    title = _("Call %(name)s") % {"name": name or number}
    return format_html(
        '<a class="ms-phone" href="tel:{}" title="{}">{}<span class="num">{}</span></a>',
        dial,
        title,
        icon("phone"),
        number,
    )


@register.simple_tag
def copyable(value: str, label: str = "") -> SafeString:
    """Show a number that a click copies: `{% copyable circuit.number %}`."""
    if value in ("", None):
        return SafeString("—")
    return format_html(
        '<button type="button" class="ms-copy" data-copy="{}" title="{}"><span class="num">{}</span>{}</button>',
        value,
        _("Copy"),
        label or value,
        icon("copy"),
    )


@register.simple_tag
def person(name: str, role: str = "") -> SafeString:
    """Show a person by initial and name, with the role when given."""
    if not name:
        return SafeString("—")
    said = format_html('<span class="text-secondary">{}</span>', role) if role else ""
    return format_html(
        '<span class="ms-person"><span class="ms-initial" aria-hidden="true">{}</span><span>{}</span>{}</span>',
        name[:1].upper(),
        name,
        said,
    )


def read(value: Any, name: str) -> Any:
    """Read one field of an object or a mapping; None where it is missing."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def now_of(context: Mapping[str, Any]) -> datetime:
    """Give the page's instant (`server_now`), so that all times on a page agree; the clock where it is missing."""
    moment = context.get("server_now")
    return moment if isinstance(moment, datetime) else timezone.now()
