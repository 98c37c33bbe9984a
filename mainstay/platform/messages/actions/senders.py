"""Set up the operator's own senders, and try them out (K8). Their secrets stand in the environment only."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.actions.sending import delivery_key
from mainstay.platform.messages.addresses import Address, check_address, url_of
from mainstay.platform.messages.choices import SERVES, DeliveryState, SenderKind
from mainstay.platform.messages.errors import BadSender, NoSuchSender
from mainstay.platform.messages.models import Delivery, Message, Sender
from mainstay.platform.messages.secrets_kept import PREFIX, is_secret_name

TELLING_HEADER = re.compile(r"authorization|cookie|token|secret|password|api-?key", re.IGNORECASE)
"""Names of headers whose values are secrets: settings are shown and written into the audit trail."""
SCHEMES: dict[str, tuple[str, ...]] = {
    SenderKind.SMTP: ("smtp", "smtps"),
    SenderKind.HTTP: ("http", "https"),
    SenderKind.WECOM: ("http", "https", ""),
    SenderKind.DINGTALK: ("http", "https", ""),
}


@dataclass(frozen=True)
class SenderSettings:
    """A sender as it is set up; see `models.Sender` and the drivers for what the options mean."""

    channel: str
    kind: str
    name: str
    address: str = ""
    secret_name: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True
    per_minute: int = 0
    at_once: int = 4
    timeout_s: int = 10
    give_up_minutes: int = 240


@transaction.atomic
def create_sender(given: SenderSettings, *, at: datetime, by: Actor) -> Sender:
    """Set up a sender. Raises BadSender."""
    require(by, Permission.SETTINGS)
    _check(given, None)
    row = Sender.objects.create(**_fields(given))
    journal.record("sender.create", [Change("sender", row.pk, row.name, None, _fields(given))], at=at, by=by)
    return row


@transaction.atomic
def change_sender(sender_id: int, given: SenderSettings, *, at: datetime, by: Actor) -> Sender:
    """Change a sender; what waits goes by it as it is now. Raises NoSuchSender, BadSender."""
    require(by, Permission.SETTINGS)
    row = _locked(sender_id)
    _check(given, row)
    before, after = journal.differences({name: getattr(row, name) for name in _fields(given)}, _fields(given))
    if after:
        for name, value in after.items():
            setattr(row, name, value)
        row.save(update_fields=list(after))
        journal.record("sender.change", [Change("sender", row.pk, row.name, before, after)], at=at, by=by)
    return row


@transaction.atomic
def issue_receipt_token(sender_id: int, *, at: datetime, by: Actor) -> str:
    """Return a new token with which the gateway reports receipts; the former one is worthless from now on."""
    require(by, Permission.SETTINGS)
    row = _locked(sender_id)
    token = "rcpt_" + secrets.token_urlsafe(24)
    row.receipt_digest = hashlib.sha256(token.encode()).hexdigest()
    row.save(update_fields=["receipt_digest"])
    journal.record("sender.receipt_token", [Change("sender", row.pk, row.name, None, {"issued": True})], at=at, by=by)
    return token


@transaction.atomic
def send_test(sender_id: int, to: str, *, at: datetime, by: Actor) -> Delivery:
    """Send a test by one sender, active or not, to an address; the courier takes it like any other, and tries once.

    Raises NoSuchSender, BadSender, BadAddress.
    """
    require(by, Permission.SETTINGS)
    sender = _locked(sender_id)
    check_address(sender.channel, to)
    text = _("Test message of %(name)s, sent by %(who)s.") % {"name": sender.name, "who": by.name}
    key = f"test:{sender.pk}:{secrets.token_hex(8)}"
    message = Message.objects.create(
        kind=Message.Kind.INFORMATION, to_name=by.name, channel=sender.channel, subject=text, body=text,
        created_at=at, dedupe_key=key, object_kind="sender", object_id=str(sender.pk),
    )  # fmt: skip
    row = Delivery.objects.create(
        message=message, channel=sender.channel, to=to, to_name=by.name, state=DeliveryState.WAITING, due_at=at,
        created_at=at, give_up_from=at, sender=sender, pinned=True,
        key=delivery_key(key, Address(sender.channel, to)),
    )  # fmt: skip
    journal.record("sender.test", [Change("sender", sender.pk, sender.name, None, {"tested": True})], at=at, by=by)
    return row


def _fields(given: SenderSettings) -> dict[str, Any]:
    return {**asdict(given), "options": dict(given.options)}


def _locked(sender_id: int) -> Sender:
    row = Sender.objects.select_for_update().filter(pk=sender_id).first()
    if row is None:
        raise NoSuchSender(msgid("There is no such sender; look for it under Settings › Channels."))
    return row


def _check(given: SenderSettings, row: Sender | None) -> None:
    if given.channel not in SERVES.get(given.kind, ()):
        raise BadSender(
            msgid("A sender of the kind “{kind}” cannot serve the channel “{channel}”; choose another."),
            kind=given.kind,
            channel=given.channel,
        )
    others = Sender.objects.exclude(pk=row.pk) if row else Sender.objects.all()
    if not given.name.strip() or others.filter(name=given.name).exists():
        raise BadSender(msgid("A sender needs a name that no other has; “{name}” will not do."), name=given.name)
    url = url_of(given.address)
    schemes = SCHEMES.get(given.kind)
    broken = bool(given.address) and not url.geturl()
    if schemes is not None and (broken or url.scheme not in schemes or (url.scheme and not url.netloc)):
        wanted = ", ".join(f"{scheme}://" for scheme in schemes if scheme)
        raise BadSender(msgid("The address of {name} begins with one of {wanted}; correct it."),
                        name=given.name, wanted=wanted)  # fmt: skip
    if url.password:
        raise BadSender(
            msgid("The address of {name} holds a password; put it into the variable named as its secret instead."),
            name=given.name,
        )
    _check_headers(given)
    if given.secret_name and not is_secret_name(given.secret_name):
        raise BadSender(
            msgid("The variable of {name}'s secret must be called {prefix}… in capitals, digits and underscores."),
            name=given.name,
            prefix=PREFIX,
        )
    if given.kind == SenderKind.APPRISE and not given.secret_name:
        raise BadSender(
            msgid("{name}: apprise's URL holds secrets; put it into a variable and name that one."), name=given.name
        )
    if given.kind == SenderKind.SMTP and "@" not in str(given.options.get("from", "")):
        raise BadSender(msgid("{name}: a mail needs an address it comes from; enter it."), name=given.name)
    if not (1 <= given.timeout_s <= 120 and 1 <= given.at_once <= 32 and 1 <= given.give_up_minutes <= 10_080):
        raise BadSender(
            msgid("{name}: a try takes 1 to 120 s, 1 to 32 go at once, and it is given up after 1 minute to 7 days."),
            name=given.name,
        )


def _check_headers(given: SenderSettings) -> None:
    for name, text in dict(given.options.get("headers") or {}).items():
        if TELLING_HEADER.search(name) and "{secret}" not in str(text):
            raise BadSender(
                msgid("The header {header} of {name} holds a secret; write {gap} there and name its variable instead."),
                header=name, name=given.name, gap="{secret}",
            )  # fmt: skip
