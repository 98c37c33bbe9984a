"""How are the parts of a page laid out: panels, key/value lists, number tiles, the story of a ticket?"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mainstay.faces.ui.keys import Shortcut, sections
from mainstay.faces.ui.tags.marks import copyable, icon, now_of, read

register = template.Library()

TIMELINE_ICONS = {
    "alarm": "bell-ringing",
    "call": "phone",
    "note": "note",
    "message": "send",
    "pause": "player-pause",
    "resume": "player-play",
    "test": "activity",
    "state": "arrow-right",
    "assign": "user",
    "clock": "clock",
    "system": "settings",
    "done": "check",
}


@register.simple_block_tag
def panel(
    content: str, title: str = "", *, icon: str = "", count: Any = None, href: str = "", flush: bool = False
) -> SafeString:
    """Frame a part of a page with a title; `flush` leaves no padding (for tables), `count` links to `href`."""
    head = _panel_head(title, icon, count, href) if title else ""
    body = mark_safe(content)  # noqa: S308  the block's own rendered template
    css = "ms-panel-flush" if flush else "ms-panel-body"
    return format_html('<section class="ms-panel">{}<div class="{}">{}</div></section>', head, css, body)


def _panel_head(title: str, name: str, count: Any, href: str) -> SafeString:
    picture = icon(name) if name else ""
    number = "" if count is None else format_html(' <span class="ms-count num">{}</span>', count)
    said = format_html("{}<span>{}</span>{}", picture, title, number)
    if href:
        said = format_html('<a href="{}">{}</a>', href, said)
    return format_html('<header class="ms-panel-head"><h2>{}</h2></header>', said)


@register.simple_block_tag
def kv(content: str, columns: int = 1) -> SafeString:
    """Frame `{% item %}` pairs as a key/value list, in one or two columns."""
    return format_html(
        '<dl class="ms-kv{}">{}</dl>',
        " ms-kv-two" if columns > 1 else "",
        mark_safe(content),  # noqa: S308  the block's own rendered template
    )


@register.simple_block_tag
def item(content: str, label: str, hint: str = "") -> SafeString:
    """Show one pair of a `{% kv %}` list; `hint` explains the label on hover."""
    title = format_html(' title="{}"', hint) if hint else ""
    value = mark_safe(content.strip() or "—")  # noqa: S308  the block's own rendered template
    return format_html("<div><dt{}>{}</dt><dd>{}</dd></div>", title, label, value)


@register.simple_tag
def key_values(items: Sequence[Any], columns: int = 1) -> SafeString:
    """Show a list of (label, value) pairs, or of dicts with `label`, `value`, `href`, `copy`, `hint`."""
    return kv(SafeString("").join(_pair(each) for each in items), columns=columns)


def _pair(given: Any) -> SafeString:
    if isinstance(given, (tuple, list)):
        given = {"label": given[0], "value": given[1]}
    value, href = read(given, "value"), read(given, "href")
    shown: Any = "—" if value is None or value == "" else value
    if href and shown != "—":
        shown = format_html('<a href="{}">{}</a>', href, shown)
    elif read(given, "copy"):
        shown = copyable(str(value or ""))
    return item(format_html("{}", shown), read(given, "label"), hint=read(given, "hint") or "")


@register.inclusion_tag("ui/_stat.html")
def stat(label: str, value: Any, href: str = "", *, state: str = "", hint: str = "", unit: str = "") -> dict[str, Any]:
    """Show one number that links to what it counts; `state` colours it only where it means a state."""
    return {"label": label, "value": value, "href": href, "state": state, "hint": hint, "unit": unit}


@register.inclusion_tag("ui/_timeline.html", takes_context=True)
def timeline(context: Mapping[str, Any], entries: Sequence[Any]) -> dict[str, Any]:
    """Tell a story in the order given; each entry has `at`, `kind`, `title` and may have more (see the gallery).

    Optional: `body`, `by`, `url`, `state`, `detail` (a list of (label, value)).
    """
    told: list[dict[str, Any]] = []
    day: str | None = None
    for each in entries or ():
        entry = {
            name: read(each, name) for name in ("at", "kind", "title", "body", "by", "url", "state", "detail", "id")
        }
        entry["icon"] = TIMELINE_ICONS.get(str(entry["kind"] or ""), "point")
        own = _day(entry["at"])
        entry["day"] = entry["at"] if own != day else None
        day = own
        told.append(entry)
    return {"entries": told, "server_now": now_of(context)}


def _day(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d") if at else ""


@register.simple_tag
def shortcuts() -> list[tuple[str, list[Shortcut]]]:
    """Give the table of keys by section, for the help dialog."""
    return sections()


@register.simple_tag
def script(name: str) -> SafeString:
    """Load a further entry script of the page: wall, charts or topology."""
    return format_html('<script type="module" src="{}"></script>', static(f"mainstay/{name}.js"))
