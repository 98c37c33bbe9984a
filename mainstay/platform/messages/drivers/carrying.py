"""Hand one parcel over by the driver of its sender, whatever goes wrong; secrets never leave in what is said of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

import structlog

from mainstay.platform.messages.choices import SenderKind
from mainstay.platform.messages.drivers.gateway import by_gateway, by_webhook
from mainstay.platform.messages.drivers.mail import by_mail
from mainstay.platform.messages.drivers.others import by_apprise, by_trial
from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way, refused
from mainstay.platform.messages.drivers.robots import by_dingtalk, by_wecom

log = structlog.get_logger(__name__)

DRIVERS: dict[str, Callable[[Way, Parcel], Outcome]] = {
    SenderKind.SMTP: by_mail,
    SenderKind.HTTP: by_gateway,
    SenderKind.WECOM: by_wecom,
    SenderKind.DINGTALK: by_dingtalk,
    SenderKind.WEBHOOK: by_webhook,
    SenderKind.APPRISE: by_apprise,
    SenderKind.TRIAL: by_trial,
}
_SEPARATORS = re.compile(r"[/:@?&=]+")
ROBOTS = frozenset({SenderKind.WECOM, SenderKind.DINGTALK})


def carry(way: Way, parcel: Parcel) -> Outcome:
    """Try once to hand a parcel over; never raises. Runs in a thread of its own and touches no database."""
    try:
        outcome = DRIVERS[way.kind](way, parcel)
    except Exception as error:  # noqa: BLE001 -- said in the outcome; a trace might show what is secret
        outcome = refused(f"{type(error).__name__}: {error}", perhaps=True)
        log.warning("a driver failed", kind=way.kind, error=type(error).__name__)
    return replace(outcome, error=_without_secrets(outcome.error, way, parcel))


def _without_secrets(said: str, way: Way, parcel: Parcel) -> str:
    hidden = [way.secret, parcel.to if way.kind in ROBOTS else ""]
    parts = {
        form for text in hidden for part in (text, *_SEPARATORS.split(text)) for form in (part, quote(part, safe=""))
    }
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, "…") if len(part) > 5 else said
    return said
