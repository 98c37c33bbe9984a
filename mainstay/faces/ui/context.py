"""What does every page need to know about the reader's choices of look?"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

THEMES = ("light", "dark", "auto")


def look(request: HttpRequest) -> dict[str, Any]:
    """Give `theme` (light, dark, auto), `sidebar` (open, folded) and `server_now`, from cookies and the clock."""
    theme = request.COOKIES.get("theme", "auto")
    return {
        "theme": theme if theme in THEMES else "auto",
        "sidebar": "folded" if request.COOKIES.get("sidebar") == "folded" else "open",
        "server_now": timezone.now(),
    }
