"""How is a sensitive field shown: masked, with the way to ask for it, or in clear and ready to be used?"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mainstay.accounts.consulting.queries.sight import Shown
from mainstay.faces.ui.tags import marks
from mainstay.faces.web.sight import shown, sight_of

register = template.Library()


@register.simple_tag(takes_context=True)
def sensitive(context: Mapping[str, Any], thing: Any, name: str, small: bool = False) -> SafeString:
    """Show a field: `{% sensitive contact "phone" %}`; a number or an address in clear can be tapped."""
    request = context["request"]
    found = shown(sight_of(request), thing, name)
    if not found.text:
        return SafeString("—")
    if found.covered:
        return covered(found, request.get_full_path(), small=small)
    return _clear(found, name, getattr(thing, "name", "") or getattr(thing, "contact_name", ""))


def covered(found: Shown, back_to: str, *, small: bool = False) -> SafeString:
    """Show a masked value with the way to ask for it; `small`: the icon alone."""
    ask = reverse("web:consult", args=[found.customer_id])
    url = f"{ask}?{urlencode({'field': found.key, 'next': back_to})}"
    label = _("Ask to read it")
    inner = marks.icon("eye", label) if small else format_html('<span class="num">{}</span>', found.text)
    picture = "" if small else marks.icon("eye", label)
    return format_html('<a class="ms-masked" href="{}" title="{}">{} {}</a>', url, label, inner, picture)


def _clear(found: Shown, name: str, who: str) -> SafeString:
    until = ""
    if found.until_at is not None:
        time = timezone.localtime(found.until_at)
        until = _("Shown to you until %(time)s; your reading is on record.") % {"time": f"{time:%m-%d %H:%M}"}
    if name.endswith("phone"):
        value = marks.phone(found.text, who)
    elif name == "email":
        value = format_html('<a href="mailto:{0}">{0}</a>', found.text)
    else:
        value = format_html('<span class="num">{}</span>', found.text)
    return format_html('<span title="{}">{}</span>', until, value) if until else SafeString(value)
