"""Where can a person be reached? Addresses by channel, checked; robots' keys are never shown in full."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.utils.translation import override

from mainstay.domain.errors import msgid
from mainstay.platform.messages.choices import Channel
from mainstay.platform.messages.errors import BadAddress

NOTIFIED_BY = tuple(Channel)
ROBOT_FIELDS = ("wecom", "dingtalk", "webhook")
_WECOM = re.compile(r"[A-Za-z0-9_-]{8,100}")
_DINGTALK = re.compile(r"(?:(?P<secret>[A-Za-z0-9]{8,200})@)?(?P<token>[A-Za-z0-9]{8,200})")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,30}")


@dataclass(frozen=True)
class Address:
    """Where one message goes: the channel, the address there, and whom it reaches."""

    channel: str
    to: str
    name: str = ""


class Reachable(Protocol):
    """A person with addresses; `notify_by` are the channels they want, empty: all that are known, robots included."""

    @property
    def phone(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def wecom(self) -> str: ...
    @property
    def dingtalk(self) -> str: ...
    @property
    def webhook(self) -> str: ...
    @property
    def notify_by(self) -> Any: ...


def addresses_from(person: Reachable, *, name: str = "", user_id: int | None = None) -> tuple[Address, ...]:
    """Return where a person is reached, in the order of Channel; a channel without an address is left out.

    With a portal user (`user_id`) the portal is one of them; its address is the user's id.
    """
    known = {
        Channel.PORTAL: str(user_id or ""),
        Channel.EMAIL: person.email,
        Channel.SMS: person.phone,
        Channel.WECOM: person.wecom,
        Channel.DINGTALK: person.dingtalk,
        Channel.WEBHOOK: person.webhook,
    }
    wanted = set(person.notify_by or known)
    return tuple(Address(channel.value, to, name) for channel, to in known.items() if to and channel.value in wanted)


def check_addresses(name: str, *, wecom: str = "", dingtalk: str = "", webhook: str = "") -> None:
    """Refuse robots' addresses that are none. Raises BadAddress, which never repeats a key."""
    if wecom and not wecom_key(wecom):
        raise BadAddress(
            msgid("{name}: this is no WeCom robot; give its webhook address or the key at its end."), name=name
        )
    if dingtalk and not dingtalk_token(dingtalk)[0]:
        raise BadAddress(
            msgid("{name}: this is no DingTalk robot; give its webhook address, its token, or SECRET@TOKEN."), name=name
        )
    if webhook and (url_of(webhook).scheme not in ("http", "https") or not url_of(webhook).hostname):
        raise BadAddress(msgid("{name}: a webhook begins with https:// and names a host; correct it."), name=name)


def check_address(channel: str, to: str) -> None:
    """Refuse an address that is none on its channel. Raises BadAddress."""
    right = {
        Channel.EMAIL: "@" in to,
        Channel.SMS: bool(telephone(to)),
        Channel.WECOM: bool(wecom_key(to)),
        Channel.DINGTALK: bool(dingtalk_token(to)[0]),
        Channel.WEBHOOK: url_of(to).scheme in ("http", "https") and bool(url_of(to).hostname),
    }
    if not right.get(Channel(channel), False):
        raise BadAddress(
            msgid("“{value}” is no address for the channel “{channel}”; correct it."),
            value=shown(channel, to),
            channel=channel,
        )


def check_channels(name: str, channels: Iterable[str]) -> None:
    """Refuse channels that do not exist. Raises BadAddress."""
    for channel in channels:
        if channel not in NOTIFIED_BY or channel == Channel.CONSOLE:
            raise BadAddress(
                msgid("{name}: “{value}” is not a channel; use some of {known}."),
                name=name,
                value=channel,
                known=", ".join(c.value for c in NOTIFIED_BY if c != Channel.CONSOLE),
            )


def channels_named(words: Iterable[str]) -> list[str]:
    """Return channels by their names or labels, in either language; an unknown word stays as it is."""
    known: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            known |= {str(channel.label).casefold(): channel.value for channel in Channel}
    return [known.get(word.casefold(), word.casefold()) for word in words]


def url_of(text: str) -> SplitResult:
    """Split a URL; one that is none, such as http://[ or with a port of letters, is as good as empty."""
    try:
        found = urlsplit(text)
        _ = found.port
    except ValueError:
        return urlsplit("")
    return found


def wecom_key(to: str) -> str:
    """Return the key of a robot given as key or webhook address, "" when it is neither."""
    key = parse_qs(url_of(to).query).get("key", [""])[0] if "://" in to else to.strip()
    return key if _WECOM.fullmatch(key) else ""


def dingtalk_token(to: str) -> tuple[str, str]:
    """Return token and secret of a robot given as token, SECRET@TOKEN or webhook address; ("", "") when it is none."""
    given = parse_qs(url_of(to).query).get("access_token", [""])[0] if "://" in to else to.strip()
    found = _DINGTALK.fullmatch(given)
    return (found["token"], found["secret"] or "") if found else ("", "")


def telephone(to: str) -> str:
    """Return a telephone number's digits, with + in front where given; "" when it is none."""
    return re.sub(r"[^0-9+]", "", to) if _PHONE.fullmatch(to.strip()) else ""


def shown(channel: str, to: str) -> str:
    """Return an address as pages and the audit trail may show it: of a robot's key only its end."""
    if channel == Channel.WEBHOOK and to:
        return f"{url_of(to).scheme}://{url_of(to).hostname}/…"
    if channel in (Channel.WECOM, Channel.DINGTALK) and to:
        return f"…{to[-4:]}"
    return to


def masked(fields: dict[str, Any]) -> dict[str, Any]:
    """Return a person's fields with robots' addresses as `shown`, for the audit trail."""
    return {name: shown(name, str(value or "")) if name in ROBOT_FIELDS else value for name, value in fields.items()}
