"""Which address has a page, if it has one?"""

from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def page(name: str, *args: Any, query: str = "") -> str:
    """Return the address of a page of the console, "" when there is none of that name."""
    try:
        return reverse(f"web:{name}", args=args) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


def report_page(*, customer: int, circuit: int | None = None) -> str:
    """Return the form that takes a fault report for a customer, "" when there is none."""
    return page("ticket-report", query=urlencode({"customer": customer} | ({"circuit": circuit} if circuit else {})))
