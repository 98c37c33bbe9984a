"""What can be done now? Buttons with keyboard hints, and the dialogs that ask once before they act."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mainstay.faces.ui.tags.marks import icon

register = template.Library()


@register.simple_block_tag
def verbs(content: str, label: str = "") -> SafeString:
    """Frame the verbs of a page or a row as one toolbar."""
    inner = mark_safe(content)  # noqa: S308  the block's own rendered template
    return format_html('<div class="ms-verbs" role="group" aria-label="{}">{}</div>', label or _("Actions"), inner)


@register.inclusion_tag("ui/_verb.html", takes_context=True)
def verb(context: Mapping[str, Any], label: str, **given: Any) -> dict[str, Any]:
    """Show one verb as a link, a posting button or the opener of a dialog.

    Takes `url`, `method` (get, post), `icon`, `key` (one letter pressed on the page), `primary`, `danger`, `small`,
    `confirm` (the question asked once; `{n}` is `count`), `count`, `dialog` (id to open), `name`/`value` (posted),
    `disabled_reason` (shown instead of acting), `hx` (post by HTMX), `target` (HTMX target).
    """
    unknown = set(given) - VERB_OPTIONS
    if unknown:
        raise template.TemplateSyntaxError(f"verb does not know {', '.join(sorted(unknown))}")
    question, count = given.get("confirm") or "", given.get("count")
    if question and count is not None:
        question = str(question).replace("{n}", str(count))
    css = "btn ms-btn" + (" btn-primary" if given.get("primary") else "") + (" btn-sm" if given.get("small") else "")
    request = context.get("request")
    return given | {
        "label": label,
        "question": question,
        "css": css,
        "method": given.get("method") or "get",
        "csrf_token": get_token(request) if isinstance(request, HttpRequest) else "",
    }


VERB_OPTIONS = frozenset(
    {"url", "method", "icon", "key", "primary", "danger", "small", "confirm", "count", "dialog", "name", "value"}
    | {"disabled_reason", "hx", "target"}
)


@register.simple_block_tag
def dialog(content: str, name: str, title: str = "") -> SafeString:
    """Frame a form as a dialog that a verb with `dialog="name"` opens; Escape closes it."""
    return format_html(
        '<dialog id="{}" class="ms-dialog" aria-labelledby="{}-title"><header><h2 id="{}-title">{}</h2>'
        '<button type="button" class="ms-quiet" data-close aria-label="{}">{}</button></header>{}</dialog>',
        name,
        name,
        name,
        title,
        _("Close"),
        icon("x"),
        mark_safe(content),  # noqa: S308  the block's own rendered template
    )


@register.simple_tag
def dialog_buttons(label: str, name: str = "", value: str = "") -> SafeString:
    """End a dialog's form with its verb and a way back."""
    posted = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<footer><button type="button" class="btn ms-btn" data-close>{}</button>'
        '<button type="submit" class="btn ms-btn btn-primary"{}>{}</button></footer>',
        _("Cancel"),
        posted,
        label,
    )
