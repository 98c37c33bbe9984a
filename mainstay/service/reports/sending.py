"""Tells customers that reports are there for them, by the ways they want; from then on the reports are fixed (R1, K8).

A message names the documents and the way to them; the documents themselves stay in the portal, behind its door.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.utils.translation import get_language, gettext, ngettext, override

from mainstay.accounts.customers.models import Contact
from mainstay.accounts.customers.queries import addresses_of
from mainstay.domain.actor import Actor
from mainstay.platform.documents import links
from mainstay.platform.documents.actions.storing import mark_sent
from mainstay.platform.documents.choices import Audience
from mainstay.platform.documents.models import Document
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.choices import Channel
from mainstay.platform.messages.models import Message


def send_documents(
    rows: Sequence[Document], *, audience: str, channels: Collection[str], at: datetime, by: Actor
) -> int:
    """Release documents of one customer to its portal and tell its people; return how many were told.

    `channels`: of those a contact wants, only these; empty: all. In the caller's transaction.
    """
    fresh = [row for row in rows if row.sent_at is None]
    if not fresh:
        return 0
    mark_sent([row.pk for row in fresh], at=at, by=by)
    if audience == Audience.NOBODY:
        return 0
    customer_id = fresh[0].customer_id
    people = _people(customer_id, audience) if customer_id is not None else ()
    return send([_message(contact, fresh, channels) for contact in people], at=at)


def _people(customer_id: int, audience: str) -> Iterable[Contact]:
    rows = Contact.objects.filter(customer_id=customer_id, left_on__isnull=True).order_by("pk")
    return rows if audience == Audience.ALL else rows.filter(notify=True)


def _message(contact: Contact, rows: Sequence[Document], channels: Collection[str]) -> NewMessage:
    """Write to one contact in their language, of the documents in it, or of all where there are none."""
    own = [row for row in rows if row.language == contact.language] or list(rows)
    first = own[0]
    addresses = tuple(a for a in addresses_of(contact) if not channels or a.channel in {*channels, Channel.PORTAL})
    with override(contact.language or get_language()):
        subject, body = _words(contact.name, own)
    return NewMessage(
        kind=Message.Kind.INFORMATION, to_name=contact.name, subject=subject, body=body, contact_id=contact.pk,
        user_id=contact.user_id, channel="portal", to_address=contact.phone or contact.email,
        dedupe_key=f"documents:{'.'.join(f'{row.pk}v{row.version}' for row in own)}:{contact.pk}"[:120],
        object_kind="document", object_id=first.pk, customer_id=first.customer_id, region_code=first.region_code,
        addresses=addresses, short=f"{subject} {links.url_of(first.pk)}".strip(),
    )  # fmt: skip


def _words(name: str, rows: Sequence[Document]) -> tuple[str, str]:
    count = len(rows)
    subject = ngettext("Your report is ready: %(title)s", "%(n)s reports are ready for you: %(title)s …", count) % {
        "n": count, "title": rows[0].title,
    }  # fmt: skip
    lines = [gettext("Dear %(name)s,") % {"name": name}, ""]
    for row in rows:
        line = f"· {row.title} ({row.format.upper()})"
        lines.append(f"{line} {links.url_of(row.pk)}".rstrip())
        if row.corrects_id:
            lines.append(gettext("  It corrects the version we sent before: %(why)s.") % {"why": row.why})
    lines += ["", gettext("You find them in the customer portal under “Reports”.")]
    return subject[:200], "\n".join(lines)
