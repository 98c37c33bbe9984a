"""How are instants asked for: local time in the browser's own picker, aware inside?"""

from typing import Any

from django import forms


class InstantInput(forms.DateTimeInput):
    """The browser's picker; it wants local time without zone or seconds."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class InstantField(forms.DateTimeField):
    """An instant, typed and shown in the reader's zone; what is returned is aware."""

    widget = InstantInput
