"""How does a list page show, sort, filter and page its rows? All of it lives in the URL."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mainstay.faces.ui.tags.marks import icon, read

register = template.Library()

PAGING = ("page", "before", "after")
"""URL parameters that a new sort order or filter throws away."""

KEPT = ("sort", "tab", "cols", "size", "view")
"""URL parameters that filtering leaves as they are."""


@register.simple_block_tag
def table(content: str, caption: str = "", stack: bool = False, sticky: bool = True) -> SafeString:
    """Wrap head and body in a dense table that scrolls in its own box; `stack` makes rows cards on a phone."""
    heading = format_html('<caption class="visually-hidden">{}</caption>', caption) if caption else ""
    classes = "table ms-table" + (" ms-stack" if stack else "") + (" ms-sticky" if sticky else "")
    return format_html(
        '<div class="ms-table-box"><table class="{}" data-rows>{}{}</table></div>',
        classes,
        heading,
        mark_safe(content),  # noqa: S308  the block's own rendered template
    )


@register.simple_tag(takes_context=True)
def th(context: Mapping[str, Any], label: str, key: str = "", numeric: bool = False) -> SafeString:
    """Show a head cell; with `key` its link sorts by `?sort=key`, and a second click by `?sort=-key`."""
    css = "num" if numeric else ""
    if not key:
        return format_html('<th scope="col" class="{}">{}</th>', css, label)
    query = query_of(context)
    current = query.get("sort", "")
    rising, falling = current == key, current == f"-{key}"
    order = "ascending" if rising else "descending" if falling else "none"
    arrow = icon("chevron-up") if rising else icon("chevron-down") if falling else icon("selector")
    return format_html(
        '<th scope="col" class="{} ms-sortable" aria-sort="{}"><a href="{}">{}{}</a></th>',
        css,
        order,
        link(query, sort=f"-{key}" if rising else key),
        label,
        arrow,
    )


@register.inclusion_tag("ui/_empty.html")
def empty(title: str, text: str = "", icon: str = "inbox", url: str = "", action: str = "") -> dict[str, Any]:
    """Say what will appear here and how to make it appear, with one button."""
    return {"title": title, "text": text, "icon": icon, "url": url, "action": action}


@register.inclusion_tag("ui/_pagination.html", takes_context=True)
def pagination(context: Mapping[str, Any], page: Any) -> dict[str, Any]:
    """Page through a list: a Django `Page` (`?page=`), or `before`/`after` cursors with an optional `total`."""
    query = query_of(context)
    if callable(getattr(page, "has_next", None)):
        number = page.number
        previous = link(query, page=number - 1) if page.has_previous() else ""
        following = link(query, page=number + 1) if page.has_next() else ""
        said = _("%(first)s–%(last)s of %(total)s") % {
            "first": page.start_index(),
            "last": page.end_index(),
            "total": f"{page.paginator.count}+" if getattr(page.paginator, "more", False) else page.paginator.count,
        }
        return {"previous": previous, "next": following, "said": said if page.paginator.count else ""}
    before, after, total = read(page, "before"), read(page, "after"), read(page, "total")
    return {
        "previous": link(query, before=before) if before else "",
        "next": link(query, after=after) if after else "",
        "said": _("%(total)s in all") % {"total": total} if total is not None else "",
    }


@register.inclusion_tag("ui/_filter_bar.html", takes_context=True)
def filter_bar(context: Mapping[str, Any], filters: Sequence[Any], target: str = "") -> dict[str, Any]:
    """Show filters that live in the URL.

    Each has `name`, `label`, `kind` (search, choice, chips, toggle), `options` ((value, label[, count]), …) and
    may have `value` (default: the URL's). `target` (a CSS selector) makes it fetch only that part by HTMX.
    """
    query = query_of(context)
    shown = [_filter(query, each) for each in filters or ()]
    names = {each["name"] for each in shown}
    kept = [(key, value) for key, values in query.lists() if key not in names and key in KEPT for value in values]
    active = [each for each in shown if each["value"]]
    return {
        "filters": shown,
        "kept": kept,
        "clear": link(query, **dict.fromkeys(names)) if active else "",
        "target": target,
        "path": path_of(context),
    }


def _filter(query: QueryDict, given: Any) -> dict[str, Any]:
    name, kind = read(given, "name"), read(given, "kind") or "choice"
    value = read(given, "value")
    value = str(query.get(name, "") if value is None else value)
    options = [_option(query, name, value, each) for each in read(given, "options") or ()]
    return {"name": name, "label": read(given, "label"), "kind": kind, "value": value, "options": options}


def _option(query: QueryDict, name: str, value: str, given: Sequence[Any]) -> dict[str, Any]:
    own = str(given[0])
    return {
        "value": own,
        "label": given[1],
        "count": given[2] if len(given) > 2 else None,
        "active": own == value,
        "url": link(query, **{name: None if own == value else own}),
    }


@register.inclusion_tag("ui/_tabs.html")
def tabs(items: Sequence[Any]) -> dict[str, Any]:
    """Show tabs that are links: each has `label`, `url`, `active` and may have `count`, `icon`.

    Those with `more` stand in a menu behind the others; the active one among them also stands in the row.
    """
    behind = [each for each in items if isinstance(each, Mapping) and each.get("more")]
    row = [each for each in items if each not in behind or each["active"]]
    return {"items": row, "behind": behind}


def query_of(context: Mapping[str, Any]) -> QueryDict:
    """Give the page's URL parameters (empty where there is no request)."""
    request = context.get("request")
    return request.GET if isinstance(request, HttpRequest) else QueryDict("")


def path_of(context: Mapping[str, Any]) -> str:
    """Give the page's path, for forms that come back to it."""
    request = context.get("request")
    return request.path if isinstance(request, HttpRequest) else ""


def link(query: QueryDict, **changes: Any) -> str:
    """Give the page's own URL with parameters changed (None takes one out); paging starts anew."""
    changed = query.copy()
    for name in PAGING:
        changed.pop(name, None)
    for name, value in changes.items():
        if value is None or value == "":
            changed.pop(name, None)
        else:
            changed[name] = str(value)
    return f"?{changed.urlencode()}" if changed else "?"
