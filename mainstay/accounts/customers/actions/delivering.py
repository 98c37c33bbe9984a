"""Other systems keep customers up to date: whose word counts for which field, as of when (A4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.actions.customers import write_checked
from mainstay.accounts.customers.choices import Became, DifferenceState, Verdict
from mainstay.accounts.customers.errors import BadCustomer, NoSuchDifference, NoSuchSource
from mainstay.accounts.customers.models import (
    ArchiveDifference,
    ArchiveSource,
    Customer,
    Delivered,
    FieldOrigin,
    SourceRule,
)
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports.changing import former_values
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

DELIVERABLE = (
    "name", "short_name", "region_id", "industry_id", "ownership", "address", "phone", "since_on", "identity_kind",
    "identity_number", "birthday_on", "employer", "taxpayer_kind", "tax_number", "invoice_title", "bank_name",
    "bank_account",
)  # fmt: skip
"""What other systems may deliver; grade, manager and archive are decided here."""


@dataclass(frozen=True)
class Word:
    """What a source says of a customer, as of an instant; `reference`: its own number of the message."""

    values: Mapping[str, Any]
    as_of: datetime
    reference: str = ""


@transaction.atomic
def deliver(source: ArchiveSource, customer_id: int, word: Word, *, at: datetime, by: Actor) -> Delivered:
    """Take a source's word by its rules; `became` says of each field what was done. May be sent again.

    Raises NoSuchCustomer, BadCustomer: a field that no system may deliver, an instant that lies ahead.
    """
    require(by, Permission.DELIVER_CUSTOMERS)
    others = sorted(word.values.keys() - set(DELIVERABLE))
    if others:
        raise BadCustomer(
            msgid("{fields} cannot be delivered; deliver one of {known}."),
            fields=", ".join(others), known=", ".join(DELIVERABLE),
        )  # fmt: skip
    if word.as_of > at:
        raise BadCustomer(msgid("What a source says cannot lie in the future; correct the time it speaks of."))
    customer = visible_customer(by, customer_id, lock=True)
    made = Delivered.objects.create(
        source=source, customer=customer, as_of=word.as_of, received_at=at, reference=word.reference[:80]
    )
    made.became = _take(made, customer, word, at=at, by=replace(by, request_id=f"delivery-{made.pk}"))
    made.save(update_fields=["became"])
    return made


def _take(made: Delivered, customer: Customer, word: Word, *, at: datetime, by: Actor) -> dict[str, str]:
    rules = dict(SourceRule.objects.filter(source=made.source_id).values_list("field", "verdict"))
    origins = {row.field: row for row in FieldOrigin.objects.filter(customer=customer, source=made.source_id)}
    became: dict[str, str] = {}
    taken: dict[str, Any] = {}
    for field, value in word.values.items():
        verdict = rules.get(field, made.source.otherwise)
        became[field] = _judge(getattr(customer, field), value, verdict, origins.get(field), word.as_of)
        if became[field] == Became.TAKEN:
            taken[field] = value
    for field, value in list(taken.items()):
        try:
            with transaction.atomic():
                write_checked(customer, {field: value}, "customer.deliver", at=at, by=_told(by, made))
        except MainstayError:
            customer.refresh_from_db()
            became[field] = Became.WRONG
    _ask(made, customer, {f: word.values[f] for f, each in became.items() if each == Became.ASKED}, at=at)
    agreed = [f for f, each in became.items() if each in (Became.SAME, Became.TAKEN)]
    settled = ArchiveDifference.objects.filter(customer=customer, source=made.source, state=DifferenceState.OPEN)
    settled.filter(field__in=agreed).update(state=DifferenceState.KEPT)
    spoken = [f for f, each in became.items() if each not in (Became.STALE, Became.WRONG, Became.IGNORED)]
    _remember(made, customer, spoken, word.as_of)
    return became


def _told(by: Actor, made: Delivered) -> Actor:
    return by.because(" · ".join(part for part in (made.source.name, made.reference) if part))


def _judge(ours: Any, theirs: Any, verdict: str, origin: FieldOrigin | None, as_of: datetime) -> str:
    if origin is not None and origin.as_of > as_of:
        return Became.STALE
    if (ours or "") == (theirs or ""):
        return Became.SAME
    if verdict == Verdict.IGNORE:
        return Became.IGNORED
    empty = ours in (None, "")
    if verdict == Verdict.OVERWRITE or (verdict == Verdict.FILL and empty):
        return Became.TAKEN
    return Became.ASKED


def _ask(made: Delivered, customer: Customer, values: Mapping[str, Any], *, at: datetime) -> None:
    for field, value in values.items():
        ArchiveDifference.objects.update_or_create(
            customer=customer, field=field, source=made.source, state=DifferenceState.OPEN,
            defaults={"theirs": journal.plain(value), "delivery": made, "received_at": at},
        )  # fmt: skip


def _remember(made: Delivered, customer: Customer, fields: list[str], as_of: datetime) -> None:
    for field in fields:
        FieldOrigin.objects.update_or_create(
            customer=customer, field=field, source=made.source, defaults={"as_of": as_of}
        )


@transaction.atomic
def settle(difference_id: int, *, take: bool, at: datetime, by: Actor) -> ArchiveDifference:
    """Take what the source says, or keep ours. Raises NoSuchDifference, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    mine = ArchiveDifference.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    row = mine.filter(pk=difference_id, state=DifferenceState.OPEN).select_related("customer", "source").first()
    if row is None:
        raise NoSuchDifference(msgid("This difference is settled already, or not yours; read the list again."))
    customer = visible_customer(by, row.customer_id, lock=True)
    told = replace(by, request_id=f"delivery-{row.delivery_id}")
    if take:
        value = former_values(Customer, {row.field: row.theirs})[row.field]
        write_checked(customer, {row.field: value}, "customer.deliver", at=at, by=told.because(row.source.name))
    said = {"field": row.field, "source": row.source.name}
    change = Change("difference", row.pk, customer.name, None, said, customer.pk, customer.region_id)
    journal.record("difference.apply" if take else "difference.keep", [change], at=at, by=by)
    row.state = DifferenceState.TAKEN if take else DifferenceState.KEPT
    row.decided_by, row.decided_at = by.name[:80], at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row


@dataclass(frozen=True)
class SourceSettings:
    """A system that delivers: who it calls as (a user's id), what its word is worth; `rules`: field → verdict."""

    name: str
    otherwise: str
    rules: Mapping[str, str]
    user_id: int | None = None
    active: bool = True


@transaction.atomic
def save_source(code: str, wanted: SourceSettings, *, at: datetime, by: Actor) -> ArchiveSource:
    """Make or change a source with its rules. Raises BadCustomer."""
    require(by, Permission.SETTINGS)
    if not code.strip() or not wanted.name.strip():
        raise BadCustomer(msgid("A source needs a code and a name; give both."))
    verdicts = {wanted.otherwise, *wanted.rules.values()}
    if not verdicts <= set(Verdict.values) or not set(wanted.rules) <= set(DELIVERABLE):
        raise BadCustomer(msgid("A rule names a field that can be delivered and what becomes of it; correct it."))
    taken = ArchiveSource.objects.filter(user=wanted.user_id).exclude(code=code) if wanted.user_id else None
    if taken is not None and taken.exists():
        raise BadCustomer(msgid("Another source calls as this user already; give each its own."))
    row = ArchiveSource.objects.filter(code=code).first() or ArchiveSource(code=code)
    before = {"name": row.name, "rules": dict(row.rules.values_list("field", "verdict"))} if row.pk else None
    row.name, row.otherwise, row.user_id, row.active = wanted.name, wanted.otherwise, wanted.user_id, wanted.active
    row.save()
    row.rules.all().delete()
    SourceRule.objects.bulk_create(SourceRule(source=row, field=f, verdict=v) for f, v in wanted.rules.items())
    after = {"name": row.name, "otherwise": row.otherwise, "active": row.active, "rules": dict(wanted.rules)}
    change = Change("archive_source", row.pk, row.name, before, after)
    journal.record("archive_source.save", [change], at=at, by=by)
    return row


def source_of(by: Actor) -> ArchiveSource:
    """Return the source whose user calls. Raises NoSuchSource: nobody made one for this user, or it is off."""
    found = ArchiveSource.objects.filter(user=by.user_id, active=True).first() if by.user_id else None
    if found is None or by.kind != ActorKind.STAFF:
        raise NoSuchSource(
            msgid("No source of customers calls as this user; an administrator makes one in the settings.")
        )
    return found
