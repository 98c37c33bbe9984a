"""Where do senders' secrets stand? In the environment, under names of their own; never in the database."""

import re

from django.conf import settings

PREFIX = "MAINSTAY_CHANNEL_"
_NAME = re.compile(PREFIX + r"[A-Z0-9_]{1,60}")


def is_secret_name(name: str) -> bool:
    """Say whether a variable of this name may hold a sender's secret: no other may be read, ours least of all."""
    return _NAME.fullmatch(name) is not None


def secret_of(name: str) -> str:
    """Return a sender's secret, "" when the variable is not set."""
    return str(settings.CHANNEL_SECRETS.get(name, "")) if is_secret_name(name) else ""
