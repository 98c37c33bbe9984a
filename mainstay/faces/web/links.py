"""Which address has a page, if it has one?"""

from typing import Any

from django.urls import NoReverseMatch, reverse


def page(name: str, *args: Any, query: str = "") -> str:
    """Return the address of a page of the console, "" when there is none of that name."""
    try:
        return reverse(f"web:{name}", args=args) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
