"""Write marketing policies down, change them, end them (D4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.catalog.errors import BadCatalog, NoSuchPolicy
from mainstay.accounts.catalog.finding import index_policies
from mainstay.accounts.catalog.models import MarketingPolicy, Product
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Industry, Region

PLAIN = ("code", "title", "text", "source", "region_code", "valid_from", "valid_to")
LISTS = ("customer_kinds", "grades", "industries")


@dataclass(frozen=True)
class NewPolicy:
    """A policy wanted; empty sequences mean all. `figures` are (label, value) pairs, `products` codes."""

    code: str
    title: str
    text: str
    valid_from: date
    valid_to: date | None = None
    source: str = ""
    region_code: str = ""
    customer_kinds: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


@transaction.atomic
def save_policy(new: NewPolicy, *, policy_id: int | None = None, at: datetime, by: Actor) -> MarketingPolicy:
    """Write a policy down, or change it: its version then counts up. Raises NoSuchPolicy, BadCatalog."""
    require(by, Permission.SETTINGS)
    row = _locked(policy_id) if policy_id is not None else MarketingPolicy(version=0)
    products = _checked(new, row.pk)
    before = told(row) if row.pk else None
    for name in PLAIN:
        setattr(row, name, getattr(new, name))
    for name in LISTS:
        setattr(row, name, list(getattr(new, name)))
    row.figures = [{"label": label, "value": value} for label, value in new.figures]
    row.version, row.changed_at, row.changed_by = row.version + 1, at, by.name[:80]
    row.save()
    row.products.set(products)
    old, after = journal.differences(before or {}, told(row))
    change = Change("policy", row.pk, row.title[:160], old if before else None, after)
    journal.record("policy.update" if before else "policy.add", [change], at=at, by=by)
    index_policies([row])
    return row


def told(row: MarketingPolicy) -> dict[str, Any]:
    """Return what the journal keeps of a policy."""
    products = sorted(row.products.values_list("code", flat=True))
    return {name: getattr(row, name) for name in (*PLAIN, *LISTS, "figures")} | {"products": products}


def _locked(policy_id: int) -> MarketingPolicy:
    row = MarketingPolicy.objects.select_for_update().filter(pk=policy_id).first()
    if row is None:
        raise NoSuchPolicy(msgid("There is no marketing policy {id}; choose one of the list."), id=policy_id)
    return row


def _checked(new: NewPolicy, pk: int | None) -> Sequence[Product]:
    if not (new.code.strip() and new.title.strip() and new.text.strip()):
        raise BadCatalog(msgid("A marketing policy needs a number, a title and a text; give all three."))
    if new.valid_to is not None and new.valid_to <= new.valid_from:
        raise BadCatalog(
            msgid("Policy {code} ends on {end}, not after its begin on {begin}; correct the dates."),
            code=new.code, end=new.valid_to, begin=new.valid_from,
        )  # fmt: skip
    if MarketingPolicy.objects.filter(code=new.code).exclude(pk=pk or 0).exists():
        raise BadCatalog(msgid("Policy {code} exists already; change it, or choose another number."), code=new.code)
    products = list(Product.objects.filter(code__in=new.products))
    known = {row.code for row in products} | set(ServiceGrade.values)
    known |= set(Industry.objects.filter(code__in=new.industries).values_list("code", flat=True))
    known |= set(Region.objects.filter(code=new.region_code).values_list("code", flat=True))
    given = (*new.products, *new.grades, *new.industries, *((new.region_code,) if new.region_code else ()))
    if wrong := [each for each in given if each not in known]:
        raise BadCatalog(
            msgid("Policy {code}: there is no product, grade, trade or region “{wrong}”; correct it."),
            code=new.code, wrong=", ".join(wrong),
        )  # fmt: skip
    return products
