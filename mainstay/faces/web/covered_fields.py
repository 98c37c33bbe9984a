"""Forms about customers: fields in groups, and sensitive ones that the reader does not see stay unless filled in."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.accounts.consulting.queries.sight import PARTS, Sight
from mainstay.faces.web.customer_archive import GROUPS, Group
from mainstay.faces.web.sight import shown


def cover_fields(form: forms.Form, thing: Any, sight: Sight) -> Callable[[str, Any], bool]:
    """Empty the masked fields of a form and say what they hold; return what tells whether a field was left alone."""
    names = {name for parts in PARTS.values() for name in parts} & set(form.fields)
    hidden = {name: found.text for name in names if (found := shown(sight, thing, name)).covered}
    for name, text in hidden.items():
        form.initial[name] = ""
        form.fields[name].required = False
        form.fields[name].help_text = _("Now %(value)s. Leave it empty to keep it.") % {"value": text}
    return lambda name, value: name in hidden and value in (None, "")


WHY = Group(gettext_lazy("Why it is changed"), "note", ("why",))


def grouped(form: forms.Form) -> list[tuple[Group, list[BoundField]]]:
    """Return the fields in the groups of the archive, those that belong to none at the end."""
    placed = [(group, [form[name] for name in group.fields if name in form.fields]) for group in (*GROUPS, WHY)]
    return [(group, fields) for group, fields in placed if fields]
