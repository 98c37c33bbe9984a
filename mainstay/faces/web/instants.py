"""How are instants asked for: local time in the browser's own picker, aware UTC inside?"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone


class InstantInput(forms.DateTimeInput):
    """The browser's picker; it wants local time without zone or seconds."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class InstantField(forms.DateTimeField):
    """An instant in the reader's zone; what is returned is aware."""

    widget = InstantInput
    input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]  # noqa: RUF012  as in Django

    def prepare_value(self, value: object) -> object:
        """Show an aware instant in the local zone; what was typed stays as it was typed."""
        return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
