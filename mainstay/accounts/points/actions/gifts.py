"""Keep the catalogue of gifts: what there is, for how many points, how many (B4)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.points.errors import BadGift, NoSuchGift
from mainstay.accounts.points.models import Gift
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, differences


@dataclass(frozen=True)
class NewGift:
    """A gift as it is kept; see `Gift`."""

    code: str
    name: str
    price: int
    valid_from: date
    valid_to: date | None = None
    name_en: str = ""
    text: str = ""
    grades: tuple[str, ...] = ()


@transaction.atomic
def save_gift(new: NewGift, *, at: datetime, by: Actor, gift_id: int | None = None, pieces: int = 0) -> Gift:
    """Add a gift to the catalogue, or change one; what was asked for already keeps its price. `pieces`: see `stock`.

    Raises NotAllowed, NoSuchGift, BadGift.
    """
    require(by, Permission.SETTINGS)
    _check(new, gift_id)
    row = _locked(gift_id) if gift_id else Gift(revision=0)
    before = _told(row) if gift_id else None
    for name, value in asdict(new).items():
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.revision += 1
    row.save()
    old, after = differences(before or {}, _told(row))
    journal.record("gift.save", [Change("gift", row.pk, row.name, old if gift_id else None, after)], at=at, by=by)
    if pieces:
        stock(row.pk, pieces, at=at, by=by)
    return row


@transaction.atomic
def stock(gift_id: int, pieces: int, *, at: datetime, by: Actor) -> None:
    """Add pieces to a gift's stock, or take some out (below zero). Raises NotAllowed, NoSuchGift, BadGift."""
    require(by, Permission.SETTINGS)
    row = _locked(gift_id)
    if not Gift.objects.filter(pk=gift_id, stock__gte=-pieces).update(stock=F("stock") + pieces):
        raise BadGift(msgid("There are {stock} of “{gift}”; take out fewer."), stock=row.stock, gift=row.name)
    change = Change("gift", row.pk, row.name, {"stock": row.stock}, {"stock": row.stock + pieces})
    journal.record("gift.stock", [change], at=at, by=by)


def _check(new: NewGift, gift_id: int | None) -> None:
    if Gift.objects.filter(code=new.code).exclude(pk=gift_id or 0).exists():
        raise BadGift(msgid("There is a gift with the code {code} already; choose another."), code=new.code)
    if new.price <= 0:
        raise BadGift(msgid("A gift costs at least one point; correct it."))
    if new.valid_to is not None and new.valid_to < new.valid_from:
        raise BadGift(msgid("The last day lies before the first; correct the dates."))
    if set(new.grades) - set(ServiceGrade.values):
        raise BadGift(msgid("Choose grades of the list."))


def _locked(gift_id: int) -> Gift:
    row = Gift.objects.select_for_update().filter(pk=gift_id).first()
    if row is None:
        raise NoSuchGift(msgid("There is no gift {id}; look in the catalogue."), id=gift_id)
    return row


def _told(row: Gift) -> dict[str, object]:
    names = ("code", "name", "name_en", "text", "price", "valid_from", "valid_to", "grades")
    return {name: str(value) if isinstance(value := getattr(row, name), date) else value for name in names}
