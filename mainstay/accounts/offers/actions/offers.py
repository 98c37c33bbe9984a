"""Lay down offers, open and end them (B5)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from mainstay.accounts.offers.choices import BenefitWord, OfferStatus
from mainstay.accounts.offers.conditions import check
from mainstay.accounts.offers.errors import BadOffer, NoSuchOffer, WrongStep
from mainstay.accounts.offers.models import Offer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, differences


@dataclass(frozen=True)
class NewOffer:
    """An offer as it is kept; see `Offer`. `value`: percent; fen; months a year; points."""

    code: str
    name: str
    condition: str
    benefit: str
    value: Decimal
    months: int
    starts_on: date
    ends_on: date | None = None
    name_en: str = ""
    text: str = ""


@transaction.atomic
def save_offer(new: NewOffer, *, at: datetime, by: Actor, offer_id: int | None = None) -> Offer:
    """Draft an offer, or change a draft; an open one only in its name and words. Raises NotAllowed, BadOffer."""
    require(by, Permission.SETTINGS)
    _check(new, offer_id)
    row = _locked(offer_id) if offer_id else Offer(made_at=at, made_by=by.name[:80], revision=0)
    before = _told(row) if offer_id else {}
    for name, value in asdict(new).items():
        setattr(row, name, value)
    old, after = differences(before, _told(row))
    if offer_id and row.status != OfferStatus.DRAFT and set(after) - {"name", "name_en", "text", "ends_on"}:
        raise WrongStep(msgid("“{offer}” is open already; end it and draft another one."), offer=row.name)
    row.revision += 1
    row.save()
    journal.record("offer.save", [Change("offer", row.pk, row.name, old if offer_id else None, after)], at=at, by=by)
    return row


@transaction.atomic
def set_status(offer_id: int, status: str, *, at: datetime, by: Actor) -> Offer:
    """Open a draft, or end an open one: what was granted goes on. Raises NotAllowed, NoSuchOffer, WrongStep."""
    require(by, Permission.SETTINGS)
    row = _locked(offer_id)
    if (row.status, status) not in ((OfferStatus.DRAFT, OfferStatus.OPEN), (OfferStatus.OPEN, OfferStatus.ENDED)):
        raise WrongStep(msgid("“{offer}” is “{status}”; this cannot be done to it now."), offer=row.name,
                        status=OfferStatus(row.status).label)  # fmt: skip
    before, row.status = row.status, status
    row.revision += 1
    row.save(update_fields=["status", "revision"])
    change = Change("offer", row.pk, row.name, {"status": before}, {"status": status})
    journal.record(f"offer.{'open' if status == OfferStatus.OPEN else 'end'}", [change], at=at, by=by)
    return row


def _check(new: NewOffer, offer_id: int | None) -> None:
    check(new.condition)
    if Offer.objects.filter(code=new.code).exclude(pk=offer_id or 0).exists():
        raise BadOffer(msgid("There is an offer with the code {code} already; choose another."), code=new.code)
    most = {BenefitWord.PERCENT: Decimal(100), BenefitWord.FREE_MONTHS: Decimal(12)}.get(BenefitWord(new.benefit))
    if new.value <= 0 or (most is not None and new.value > most):
        raise BadOffer(msgid("An offer gives more than nothing, at most 100 % or 12 months a year; correct it."))
    if not 1 <= new.months <= 120:
        raise BadOffer(msgid("An offer runs for 1 to 120 months."))
    if new.ends_on is not None and new.ends_on < new.starts_on:
        raise BadOffer(msgid("The last day lies before the first; correct the dates."))


def _locked(offer_id: int) -> Offer:
    row = Offer.objects.select_for_update().filter(pk=offer_id).first()
    if row is None:
        raise NoSuchOffer(msgid("There is no offer {id}; look in the list."), id=offer_id)
    return row


def _told(row: Offer) -> dict[str, Any]:
    names = ("code", "name", "name_en", "text", "condition", "benefit", "value", "months", "starts_on", "ends_on")
    told = {name: getattr(row, name) for name in names}
    return {name: value if value is None or isinstance(value, int) else str(value) for name, value in told.items()}
