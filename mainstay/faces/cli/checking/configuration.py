"""Is Mainstay configured as a reachable host should be, and is all there that is built?"""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import Error as DjangoError
from django.core.checks import run_checks
from django.utils.translation import gettext

from mainstay.domain.errors import msgid
from mainstay.faces.cli.checking.finding import Finding, error, fact, warning
from mainstay.faces.ui.checks import BUILD
from mainstay.platform.documents import checking
from mainstay.platform.documents.lettering import BUILD as LETTERS

SCARCE_BYTES, SHORT_BYTES = 1 << 30, 5 << 30
"""Free disk space below which it is an error, a warning."""


def configuration() -> Iterator[Finding]:
    """Look at the settings and at what is built."""
    yield from _settings()
    yield from _built()
    yield from _documents()
    yield from disk()


def _settings() -> Iterator[Finding]:
    if settings.DEBUG:
        yield error("debug", msgid("Visitors are shown tracebacks."), msgid("Set MAINSTAY_DEBUG=false."))
    if not settings.SECRET_KEY_IS_GIVEN:
        yield warning(
            "secret_key",
            msgid("The secret key was generated into %(folder)s; another host would not accept the sessions."),
            msgid(
                "Set MAINSTAY_SECRET_KEY to the same long random text on every host, and keep it apart from backups."
            ),
            folder=str(settings.HOME),
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield warning(
            "any_host",
            msgid("The console answers to any host name."),
            msgid('Set MAINSTAY_ALLOWED_HOSTS=["the console\'s name"].'),
        )
    if not settings.SESSION_COOKIE_SECURE:
        behind_tls = any(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS)
        found = msgid("Cookies are also sent without https.")
        remedy = msgid("Set MAINSTAY_SECURE_COOKIES=true once the console is reached by https only.")
        yield (error if behind_tls else warning)("open_cookies", found, remedy)


def _built() -> Iterator[Finding]:
    if not BUILD.is_file():
        yield error(
            "assets", msgid("The scripts and styles of the pages have not been built."), msgid("Run `make assets`.")
        )
    for folder in settings.LOCALE_PATHS:
        if not any(Path(folder).glob("*/LC_MESSAGES/django.mo")):
            yield error("locale", msgid("The translations have not been built."), msgid("Run `make assets`."))
    for message in run_checks():
        if isinstance(message, DjangoError) and message.id != "mainstay.E001":
            yield error(
                "framework", "%(found)s", "%(hint)s", subject=str(message.id), found=str(message.msg),
                hint=str(message.hint or ""),
            )  # fmt: skip


def _documents() -> Iterator[Finding]:
    """Set each template once: a broken one of the operator's would be found when the reports are due."""
    if not LETTERS.is_file():
        yield error("fonts", msgid("The fonts of documents have not been built."), msgid("Run `make assets`."))
        return
    for template, problem in checking.problems(at=datetime.now(UTC)):
        yield error(
            "template", msgid("Documents cannot be made: %(problem)s"),
            msgid("Mend the template, then run `mainstay documents check`."),
            subject=template.code, problem=problem.explain(gettext),
        )  # fmt: skip


def disk() -> Iterator[Finding]:
    """Look at the room left for the database and files."""
    free = shutil.disk_usage(_existing(Path(settings.HOME).resolve())).free
    said = msgid("%(free)s GB are free where %(folder)s lies.")
    remedy = msgid("Make room: a full disk stops intake. Old backups can be moved elsewhere.")
    values: dict[str, Any] = {"free": round(free / (1 << 30), 1), "folder": str(settings.HOME)}
    if free < SHORT_BYTES:
        yield (error if free < SCARCE_BYTES else warning)("disk", said, remedy, **values)
    else:
        yield fact("disk", said, **values)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
