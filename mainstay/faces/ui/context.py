"""What does every page need to know: the reader's choices of look, the operator's name, the face's navigation?"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

THEMES: Final = ("light", "dark", "auto")

Shell = Callable[[HttpRequest], dict[str, Any]]

_shells: dict[str, Shell] = {}


def register_shell(app_name: str, shell: Shell) -> None:
    """Let a face say what frames its pages; call it once from the face's `AppConfig.ready`.

    `app_name` is the face's URL namespace. `shell(request)` returns any of `nav` (label, url, icon, active, badge,
    badge_state, section, key), `user_name`, `user_role`, `user_menu` (label, url, icon, method), `home_url`,
    `find_url`, `live_url`, `messages_url`, `data_at`, `operator_name`.
    """
    _shells[app_name] = shell


def page(request: HttpRequest) -> dict[str, Any]:
    """Give `theme` (light, dark, auto), `sidebar` (open, folded), `server_now`, `operator_name`, the face's shell."""
    theme = request.COOKIES.get("theme", "auto")
    look: dict[str, Any] = {
        "theme": theme if theme in THEMES else "auto",
        "sidebar": "folded" if request.COOKIES.get("sidebar") == "folded" else "open",
        "server_now": timezone.now(),
        "operator_name": getattr(settings, "OPERATOR_NAME", ""),
    }
    match = request.resolver_match
    shell = _shells.get(match.app_names[0]) if match and match.app_names else None
    return look | shell(request) if shell else look


def live_url(request: HttpRequest) -> str:
    """Give the address of the event stream: as configured, else the same host at the live process's port."""
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    return f"{request.scheme}://{f'[{host}]' if ':' in host else host}:{settings.LIVE_PORT}/live/"
