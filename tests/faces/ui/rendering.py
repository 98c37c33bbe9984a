"""Renders a piece of template as a page would, at a fixed instant."""

from datetime import UTC, datetime
from typing import Any

from django.template import engines
from django.test import RequestFactory

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""


def rendered(source: str, *, path: str = "/circuits", **context: Any) -> str:
    """Render `source` with the console's builtins for a GET of `path`."""
    template = engines["django"].from_string(source)
    request = RequestFactory().get(path)
    request.resolver_match = None
    return template.render({"server_now": NOON} | context, request)
