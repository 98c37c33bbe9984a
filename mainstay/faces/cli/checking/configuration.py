"""Is Mainstay configured as a reachable host should be, and is all there that is built?"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.checks import Error as DjangoError
from django.core.checks import run_checks
from django.utils.translation import gettext as _

from mainstay.faces.cli.checking.finding import Finding, error, fact, warning
from mainstay.faces.ui.checks import BUILD

SCARCE_BYTES, SHORT_BYTES = 1 << 30, 5 << 30
"""Free disk space below which it is an error, a warning."""


def configuration() -> Iterator[Finding]:
    """Look at the settings and at what is built."""
    yield from _settings()
    yield from _built()
    yield from _disk()


def _settings() -> Iterator[Finding]:
    if settings.DEBUG:
        yield error(_("Visitors are shown tracebacks."), _("Set MAINSTAY_DEBUG=false."))
    if not settings.SECRET_KEY_IS_GIVEN:
        yield warning(
            _("The secret key was generated into %(folder)s; another host would not accept the sessions.")
            % {"folder": settings.HOME},
            _("Set MAINSTAY_SECRET_KEY to the same long random text on every host, and keep it apart from backups."),
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield warning(
            _("The console answers to any host name."), _('Set MAINSTAY_ALLOWED_HOSTS=["the console\'s name"].')
        )
    if not settings.SESSION_COOKIE_SECURE:
        behind_tls = any(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS)
        found = _("Cookies are also sent without https.")
        remedy = _("Set MAINSTAY_SECURE_COOKIES=true once the console is reached by https only.")
        yield error(found, remedy) if behind_tls else warning(found, remedy)


def _built() -> Iterator[Finding]:
    if not BUILD.is_file():
        yield error(_("The scripts and styles of the pages have not been built."), _("Run `make assets`."))
    for folder in settings.LOCALE_PATHS:
        if not any(Path(folder).glob("*/LC_MESSAGES/django.mo")):
            yield error(_("The translations have not been built."), _("Run `make assets`."))
    for message in run_checks():
        if isinstance(message, DjangoError) and message.id != "mainstay.E001":
            yield error(str(message.msg), str(message.hint or ""))


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(_existing(Path(settings.HOME).resolve())).free
    said = _("%(free)s GB are free where %(folder)s lies.") % {
        "free": round(free / (1 << 30), 1),
        "folder": settings.HOME,
    }
    remedy = _("Make room: a full disk stops intake. Old backups can be moved elsewhere.")
    if free < SCARCE_BYTES:
        yield error(said, remedy)
    elif free < SHORT_BYTES:
        yield warning(said, remedy)
    else:
        yield fact(said)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
