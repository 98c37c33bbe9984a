"""Create, update, hand over and retain customers; nothing about a customer is ever deleted (A1, A2, A4)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import Archive, CustomerKind, Ownership
from mainstay.accounts.customers.errors import BadCustomer, CustomerMoved
from mainstay.accounts.customers.events import CustomerRenamed
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Industry, Region

CHANGEABLE = frozenset(
    {
        "name", "short_name", "kind", "parent_id", "region_id", "industry_id", "ownership", "service_grade",
        "grade_reason", "is_special", "customer_engineer_id", "address", "phone", "since_on",
    }
)  # fmt: skip
"""What `update_customer` may change; the manager changes by `hand_over`, the archive by `move_to_archive`."""


@dataclass(frozen=True)
class NewCustomer:
    """A customer wanted. `parent` is a code of this batch or of one there already; `region` and `industry` are codes.

    `account_manager` and `customer_engineer` are user names. For an account manager who sees only a portfolio an empty
    `account_manager` is that manager.
    """

    code: str
    name: str
    region: str
    short_name: str = ""
    kind: str = CustomerKind.ORGANISATION
    parent: str = ""
    industry: str = ""
    ownership: str = ""
    service_grade: str = ServiceGrade.STANDARD
    grade_reason: str = ""
    is_special: bool = False
    account_manager: str = ""
    customer_engineer: str = ""
    address: str = ""
    phone: str = ""
    since_on: date | None = None


@transaction.atomic
def create_customers(new: Sequence[NewCustomer], *, at: datetime, by: Actor) -> list[Customer]:
    """Create customers, all or none, parents before or after their subsidiaries; return them in the order given.

    Raises BadCustomer (code taken or given twice, unknown region, industry, parent or user, a parent in a ring),
    NotAllowed (no permission, or a region or portfolio that is not the actor's).
    """
    require(by, Permission.WRITE_CUSTOMERS)
    named = _Named.read(new, by=by)
    rows = {item.code: _row(item, named, at=at, by=by) for item in new}
    for level in _levels(new, rows, named):
        Customer.objects.bulk_create(level, batch_size=500)
    made = list(rows.values())
    changes = [_change(row, None, asdict(item)) for row, item in zip(made, new, strict=True)]
    journal.record("customer.create", changes, at=at, by=by)
    index_customers(made)
    return made


@transaction.atomic
def update_customer(
    customer_id: int, changed: Mapping[str, object], *, revision: int, at: datetime, by: Actor
) -> Customer:
    """Change fields of CHANGEABLE; the journal keeps each with its value before and after, and `by.why` (A4).

    `revision`: what the form was filled from. Raises NoSuchCustomer, BadCustomer, and CustomerMoved when another
    change came between, so that it is not lost.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    customer = visible_customer(by, customer_id, lock=True)
    _check_revision(customer, revision)
    _check_fields(customer, changed)
    return _write(customer, dict(changed), "customer.update", at=at, by=by)


@transaction.atomic
def hand_over(customer_ids: Sequence[int], to_username: str, *, at: datetime, by: Actor) -> int:
    """Give customers to another account manager; return how many changed hands (C4).

    Raises NoSuchCustomer, BadCustomer for an unknown or locked user.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    user = _users([to_username]).get(to_username)
    if user is None:
        raise BadCustomer(
            msgid("There is no active member of staff “{name}”; choose another account manager."), name=to_username
        )
    moved = 0
    for customer_id in dict.fromkeys(customer_ids):
        customer = visible_customer(by, customer_id, lock=True)
        if customer.account_manager_id != user.pk:
            _write(customer, {"account_manager_id": user.pk}, "customer.hand_over", at=at, by=by)
            moved += 1
    return moved


@transaction.atomic
def move_to_archive(customer_id: int, archive: str, *, at: datetime, by: Actor) -> Customer:
    """Move a customer to the retained archive or back; all history stays (A2). Refused when it is there already."""
    require(by, Permission.WRITE_CUSTOMERS)
    if archive not in Archive.values:
        raise BadCustomer(
            msgid("“{value}” is not an archive; use one of {known}."), value=archive, known=", ".join(Archive.values)
        )
    customer = visible_customer(by, customer_id, lock=True)
    if customer.archive == archive:
        raise BadCustomer(
            msgid("Customer {name} is in the {archive} archive already; nothing was changed."),
            name=customer.name,
            archive=Archive(archive).label,
        )
    return _write(customer, {"archive": archive}, "customer.archive", at=at, by=by)


def _write(customer: Customer, changed: dict[str, Any], action: str, *, at: datetime, by: Actor) -> Customer:
    before, after = journal.differences({name: getattr(customer, name) for name in changed}, changed)
    if not after:
        return customer
    for name, value in after.items():
        setattr(customer, name, value)
    customer.revision += 1
    customer.changed_at = at
    customer.save(update_fields=[*after, "revision", "changed_at"])
    journal.record(action, [_change(customer, before, after)], at=at, by=by)
    index_customers([customer])
    if not {"name", "short_name"}.isdisjoint(after):
        journal.announce(CustomerRenamed(customer.pk), by=by)
    return customer


def _check_revision(customer: Customer, revision: int) -> None:
    if customer.revision != revision:
        raise CustomerMoved(
            msgid("Customer {name} was changed by somebody else meanwhile; read it again, then repeat your change."),
            name=customer.name,
        )


def _check_fields(customer: Customer, changed: Mapping[str, object]) -> None:
    unknown = sorted(changed.keys() - CHANGEABLE)
    if unknown:
        raise BadCustomer(
            msgid("{fields} cannot be changed here; change one of {known}."),
            fields=", ".join(unknown),
            known=", ".join(sorted(CHANGEABLE)),
        )
    if "name" in changed and not str(changed["name"]).strip():
        raise BadCustomer(msgid("Customer {code} needs a name; give one."), code=customer.code)
    for field, known in _WORDS.items():
        if field in changed:
            _check_word(customer.code, field, changed[field], known)
    for field, model in (("region_id", Region), ("industry_id", Industry)):
        if changed.get(field) and not model.objects.filter(pk=changed[field]).exists():
            raise _unknown(customer.code, field.removesuffix("_id"), changed[field])
    if not changed.get("region_id", "…"):
        raise _unknown(customer.code, "region", "")
    _check_parent(customer, changed.get("parent_id"))


def _check_parent(customer: Customer, parent_id: Any) -> None:
    """Refuse a parent that does not exist or that stands below the customer."""
    above = parent_id
    while above is not None:
        if above == customer.pk:
            raise BadCustomer(
                msgid("Customer {code} would stand above itself in its group; choose another parent."),
                code=customer.code,
            )
        row = Customer.objects.filter(pk=above).values_list("parent_id", flat=True)
        if not row:
            raise _unknown(customer.code, "parent", parent_id)
        above = row[0]


_WORDS: dict[str, list[str]] = {
    "kind": CustomerKind.values,
    "ownership": ["", *Ownership.values],
    "service_grade": ServiceGrade.values,
}


def _check_word(code: str, field: str, value: object, known: Sequence[str]) -> None:
    if value not in known:
        raise BadCustomer(
            msgid("Customer {code}: “{value}” is not a {field}; use one of {known}."),
            code=code,
            value=value,
            field=field,
            known=", ".join(word for word in known if word),
        )


def _unknown(code: str, field: str, value: object) -> BadCustomer:
    return BadCustomer(
        msgid("Customer {code}: there is no {field} “{value}”; correct it, or add it first."),
        code=code,
        field=field,
        value=value,
    )


@dataclass(frozen=True)
class _Named:
    """What the new customers name, read once."""

    taken: frozenset[str]
    parents: Mapping[str, Customer]
    regions: frozenset[str]
    industries: frozenset[str]
    users: Mapping[str, Any]

    @classmethod
    def read(cls, new: Sequence[NewCustomer], *, by: Actor) -> "_Named":
        known = {
            row.code: row
            for part in _chunks({code for item in new for code in (item.code, item.parent) if code})
            for row in Customer.objects.filter(code__in=part)
        }
        return cls(
            taken=frozenset(known),
            parents={
                code: row for code, row in known.items() if may_see(by, customer_id=row.pk, region_code=row.region_id)
            },
            regions=_existing(Region, {item.region for item in new}),
            industries=_existing(Industry, {item.industry for item in new if item.industry}),
            users=_users({name for item in new for name in (item.account_manager, item.customer_engineer) if name}),
        )


def _row(item: NewCustomer, named: _Named, *, at: datetime, by: Actor) -> Customer:
    _check_new(item, named)
    manager = named.users[item.account_manager].pk if item.account_manager else None
    if by.customer_ids is not None:
        manager = manager or by.user_id
    _check_own(item, manager, by=by)
    return Customer(
        code=item.code,
        name=item.name,
        short_name=item.short_name,
        kind=item.kind,
        region_id=item.region,
        industry_id=item.industry or None,
        ownership=item.ownership,
        service_grade=item.service_grade,
        grade_reason=item.grade_reason,
        is_special=item.is_special,
        account_manager_id=manager,
        customer_engineer_id=named.users[item.customer_engineer].pk if item.customer_engineer else None,
        address=item.address,
        phone=item.phone,
        since_on=item.since_on,
        created_at=at,
        changed_at=at,
    )


def _check_new(item: NewCustomer, named: _Named) -> None:
    if not item.code.strip() or not item.name.strip():
        raise BadCustomer(
            msgid("Customer “{code}” ({name}) lacks a code or a name; give both."), code=item.code, name=item.name
        )
    if item.code in named.taken:
        raise BadCustomer(msgid("Customer {code} exists already; change it, or choose another code."), code=item.code)
    for field, known in _WORDS.items():
        _check_word(item.code, field, getattr(item, field), known)
    if item.region not in named.regions:
        raise _unknown(item.code, "region", item.region)
    if item.industry and item.industry not in named.industries:
        raise _unknown(item.code, "industry", item.industry)
    for field in ("account_manager", "customer_engineer"):
        name = getattr(item, field)
        if name and name not in named.users:
            raise _unknown(item.code, "user", name)


def _check_own(item: NewCustomer, manager: int | None, *, by: Actor) -> None:
    own = (
        manager == by.user_id if by.customer_ids is not None else may_see(by, customer_id=None, region_code=item.region)
    )
    if not own:
        raise NotAllowed(
            msgid(
                "Customer {code} would lie outside what you look after; ask the account manager or region that owns it."
            ),
            code=item.code,
        )


def _levels(new: Sequence[NewCustomer], rows: Mapping[str, Customer], named: _Named) -> list[list[Customer]]:
    """Order new customers so that parents come first, and hang each below its parent. Refuses doubles and rings."""
    if len(rows) < len(new):
        codes = [item.code for item in new]
        twice = next(code for code in codes if codes.count(code) > 1)
        raise BadCustomer(msgid("Customer {code} is given twice in this batch; give every code once."), code=twice)
    levels: list[list[Customer]] = []
    placed: set[str] = set()
    waiting = list(new)
    while waiting:
        ready = [item for item in waiting if not item.parent or item.parent in named.parents or item.parent in placed]
        if not ready:
            raise _bad_parent(waiting[0], rows)
        for item in ready:
            if item.parent:
                rows[item.code].parent = named.parents.get(item.parent) or rows[item.parent]
        levels.append([rows[item.code] for item in ready])
        placed.update(item.code for item in ready)
        waiting = [item for item in waiting if item.code not in placed]
    return levels


def _bad_parent(item: NewCustomer, rows: Mapping[str, Customer]) -> BadCustomer:
    if item.parent not in rows:
        return _unknown(item.code, "parent", item.parent)
    return BadCustomer(
        msgid("Customer {code} would stand above itself in its group; choose another parent."), code=item.code
    )


def _users(names: "set[str] | list[str]") -> dict[str, Any]:
    staff = get_user_model().objects.filter(username__in=names, is_active=True, customer_id__isnull=True)
    return {user.get_username(): user for user in staff}


def _existing(model: type[Model], codes: set[str]) -> frozenset[str]:
    found = model._default_manager.filter(pk__in=codes).values_list("pk", flat=True)
    return frozenset(found)


def _change(row: Customer, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    return Change("customer", row.pk, row.name, before, after, customer_id=row.pk, region_code=row.region_id)


def _chunks(values: set[str]) -> list[list[str]]:
    wanted = sorted(values)
    return [wanted[start : start + 900] for start in range(0, len(wanted), 900)]
