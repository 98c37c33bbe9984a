"""How does a Django form look: label, help, error beside the field it is about?"""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea

register = template.Library()


@register.inclusion_tag("ui/_form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Show a whole form: its own errors, hidden fields, then each field."""
    return {"form": form, "hidden": form.hidden_fields(), "shown": form.visible_fields()}


@register.inclusion_tag("ui/_form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """Show the errors of the form as a whole."""
    return {"errors": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("ui/_field.html")
def field(bound: BoundField, placeholder: str = "", autofocus: bool = False) -> dict[str, Any]:
    """Show one field with label, help and errors: `{% field form.reason %}`."""
    widget = bound.field.widget
    choices = isinstance(widget, (RadioSelect, CheckboxSelectMultiple))
    tick = isinstance(widget, CheckboxInput)
    css = "form-check-input" if tick or choices else "form-select" if isinstance(widget, Select) else "form-control"
    attrs: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {css}".strip()}
    if bound.errors:
        attrs |= {"class": f"{attrs['class']} is-invalid", "aria-invalid": "true"}
    if placeholder:
        attrs["placeholder"] = placeholder
    if autofocus:
        attrs["autofocus"] = True
    if isinstance(widget, Textarea) and widget.attrs.get("rows") in (None, "10"):
        attrs["rows"] = 3
    return {"field": bound, "widget": bound.as_widget(attrs=attrs), "tick": tick, "choices": choices}
