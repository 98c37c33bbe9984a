"""The cells of lists: marks, names, times and numbers as the shared look shows them, made without a template a row."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from mainstay.faces.ui.tags import marks

NONE = "—"


def _drawn(template: str, told: Mapping[str, Any]) -> SafeString:
    drawn: SafeString = get_template(template).template.render(Context(dict(told)))  # type: ignore[attr-defined]
    return drawn


def text(value: object) -> object:
    """Show a text, a dash for none."""
    return value if value not in (None, "") else NONE


def link(name: str, pk: object, label: object, *, css: str = "") -> SafeString | str:
    """Link an object by its page's name; a dash without one."""
    if pk is None:
        return NONE
    return format_html('<a class="{}" href="{}">{}</a>', css, reverse(f"web:{name}", args=[pk]), label)


def instant(value: datetime | None, at: datetime, style: str = "relative") -> SafeString:
    """Show an instant as `{% instant %}` does."""
    return _drawn("ui/_instant.html", marks.instant({"server_now": at}, value, style))


def day(value: date | None) -> str:
    """Show a day."""
    return value.isoformat() if value else NONE


def state(value: str, at: datetime, *, since: datetime | None = None, label: str = "") -> SafeString:
    """Show a live state as `{% state %}` does."""
    return _drawn("ui/_state.html", marks.state({"server_now": at}, value, since, label))


def clock(reading: Any, at: datetime) -> SafeString:
    """Show a promise clock as the tickets' pages do; a dash without one."""
    if reading is None:
        return SafeString(NONE)
    return _drawn("web/tickets/_clock.html", {"reading": reading, "server_now": at})


def grade(value: str, reason: str = "") -> SafeString:
    """Show a grade by its shape."""
    return marks.grade(value, reason)


def person(name: str) -> SafeString:
    """Show a person, a dash for none."""
    return marks.person(name)


def quiet(value: object) -> SafeString:
    """Show something in the quieter ink, a dash for none."""
    return format_html('<span class="text-secondary">{}</span>', text(value))
