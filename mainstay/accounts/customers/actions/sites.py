"""Name a customer's places once, so that circuits, contacts and people speak of the same (A1)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.errors import BadCustomer, NoSuchSite
from mainstay.accounts.customers.models import Contact, Customer, Site
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

CHANGEABLE = frozenset({"name", "address", "region_id", "contact_id", "note"})


@transaction.atomic
def add_site(customer_id: int, given: Mapping[str, Any], *, at: datetime, by: Actor) -> Site:
    """Name a place of a customer; `given` holds fields of CHANGEABLE. Raises NoSuchCustomer, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    customer = visible_customer(by, customer_id)
    site = Site(customer=customer, **_known(given))
    _check(site)
    site.save()
    journal.record("site.add", [_change(site, customer, None, dict(given))], at=at, by=by)
    return site


@transaction.atomic
def change_site(site_id: int, given: Mapping[str, Any], *, at: datetime, by: Actor) -> Site:
    """Change fields of CHANGEABLE. Raises NoSuchSite, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    return _write(visible_site(by, site_id), _known(given), "site.change", at=at, by=by)


@transaction.atomic
def close_site(site_id: int, *, on: date, at: datetime, by: Actor) -> Site:
    """Note that the customer left a place; it stays on record. Raises NoSuchSite, BadCustomer: closed already."""
    require(by, Permission.WRITE_CUSTOMERS)
    site = visible_site(by, site_id)
    if site.closed_on is not None:
        raise BadCustomer(
            msgid("Site {name} is closed since {day}; nothing was changed."), name=site.name, day=site.closed_on
        )
    return _write(site, {"closed_on": on}, "site.close", at=at, by=by)


def visible_site(actor: Actor, site_id: int) -> Site:
    """Return one site with its customer fetched. Raises NoSuchSite, also when the customer may not be seen."""
    rows = Site.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"), pk=site_id)
    found = rows.select_related("customer", "contact", "region").first()
    if found is None:
        raise NoSuchSite(msgid("There is no site {id} that you may see; check the address."), id=site_id)
    return found


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    others = sorted(given.keys() - CHANGEABLE)
    if others:
        raise BadCustomer(
            msgid("{fields} cannot be changed here; change one of {known}."),
            fields=", ".join(others), known=", ".join(sorted(CHANGEABLE)),
        )  # fmt: skip
    return dict(given)


def _check(site: Site) -> None:
    if not site.name.strip():
        raise BadCustomer(msgid("A site of {customer} has no name; give one."), customer=site.customer.name)
    same = Site.objects.filter(customer=site.customer_id, name=site.name).exclude(pk=site.pk)
    if same.exists():
        raise BadCustomer(
            msgid("{customer} has a site {name} already; change that one, or choose another name."),
            customer=site.customer.name, name=site.name,
        )  # fmt: skip
    if site.contact_id and not Contact.objects.filter(pk=site.contact_id, customer=site.customer_id).exists():
        raise BadCustomer(msgid("Whom to ask at {name} is a person of the same customer; choose one."), name=site.name)


def _write(site: Site, changed: dict[str, Any], action: str, *, at: datetime, by: Actor) -> Site:
    before, after = journal.differences({name: getattr(site, name) for name in changed}, changed)
    if not after:
        return site
    for name, value in after.items():
        setattr(site, name, value)
    _check(site)
    site.save(update_fields=list(after))
    journal.record(action, [_change(site, site.customer, before, after)], at=at, by=by)
    return site


def _change(site: Site, customer: Customer, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    return Change("site", site.pk, site.name, before, after, customer_id=customer.pk, region_code=customer.region_id)
