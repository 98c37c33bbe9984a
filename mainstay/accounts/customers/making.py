"""Check and lay out new customers before they are written; shared by creating one, many, and imports (A1, A7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.choices import CustomerKind, IdentityKind, Ownership, TaxpayerKind
from mainstay.accounts.customers.errors import BadCustomer
from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.domain.masking import is_masked
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.places.models import Industry, Region


@dataclass(frozen=True)
class NewCustomer:
    """A customer wanted. `parent` is a code of this batch or of one there already; `region` and `industry` are codes.

    `account_manager`, `customer_engineer` and `sales_person` are user names. For an account manager who sees only a
    portfolio an empty `account_manager` is that manager. `created_at` and `created_by` (a name): who made it elsewhere,
    before it came here; empty: now, the actor.
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
    sales_person: str = ""
    identity_kind: str = ""
    identity_number: str = ""
    birthday_on: date | None = None
    employer: str = ""
    taxpayer_kind: str = ""
    tax_number: str = ""
    invoice_title: str = ""
    bank_name: str = ""
    bank_account: str = ""
    created_at: datetime | None = None
    created_by: str = ""


WORDS: dict[str, list[str]] = {
    "kind": CustomerKind.values,
    "ownership": ["", *Ownership.values],
    "service_grade": ServiceGrade.values,
    "identity_kind": ["", *IdentityKind.values],
    "taxpayer_kind": ["", *TaxpayerKind.values],
}
STAFF = ("account_manager", "customer_engineer", "sales_person")
PLAIN = (
    "short_name", "kind", "ownership", "service_grade", "grade_reason", "is_special", "address", "phone", "since_on",
    "identity_kind", "identity_number", "birthday_on", "employer", "taxpayer_kind", "tax_number", "invoice_title",
    "bank_name", "bank_account",
)  # fmt: skip
"""What goes into a customer's columns as it is given."""


def check_unmasked(code: str, given: Mapping[str, object]) -> None:
    """Refuse a masked value: written back it would take the place of the real one."""
    for field, value in given.items():
        if is_masked(value):
            raise BadCustomer(
                msgid("Customer {code}: the {field} is masked; give the whole value, or leave it out."),
                code=code, field=field,
            )  # fmt: skip


def check_word(code: str, field: str, value: object, known: Sequence[str]) -> None:
    """Refuse a word that is none of a field's."""
    if value not in known:
        raise BadCustomer(
            msgid("Customer {code}: “{value}” is not a {field}; use one of {known}."),
            code=code,
            value=value,
            field=field,
            known=", ".join(word for word in known if word),
        )


def unknown(code: str, field: str, value: object) -> BadCustomer:
    """Return the error for something named that does not exist."""
    return BadCustomer(
        msgid("Customer {code}: there is no {field} “{value}”; correct it, or add it first."),
        code=code,
        field=field,
        value=value,
    )


@dataclass(frozen=True)
class Named:
    """What the new customers name, read once."""

    taken: frozenset[str]
    parents: Mapping[str, Customer]
    regions: frozenset[str]
    industries: frozenset[str]
    users: Mapping[str, Any]

    @classmethod
    def read(cls, new: Sequence[NewCustomer], *, by: Actor) -> "Named":
        """Read everything the new customers name (4 to 7 queries for up to 900)."""
        known = {
            row.code: row
            for part in chunks({code for item in new for code in (item.code, item.parent) if code})
            for row in Customer.objects.filter(code__in=part)
        }
        return cls(
            taken=frozenset(known),
            parents={
                code: row for code, row in known.items() if may_see(by, customer_id=row.pk, region_code=row.region_id)
            },
            regions=existing(Region, {item.region for item in new}),
            industries=existing(Industry, {item.industry for item in new if item.industry}),
            users=staff_named({name for item in new for role in STAFF if (name := getattr(item, role))}),
        )


def checked(item: NewCustomer, named: Named, *, at: datetime, by: Actor) -> int | None:
    """Refuse a new customer that is wrong, but for its parent; return its account manager's id.

    Raises BadCustomer, NotAllowed.
    """
    check_new(item, named)
    check_origin(item, at=at, by=by)
    manager = named.users[item.account_manager].pk if item.account_manager else None
    if by.customer_ids is not None:
        manager = manager or by.user_id
    check_own(item, manager, by=by)
    return manager


def new_row(item: NewCustomer, named: Named, *, at: datetime, by: Actor) -> Customer:
    """Return the unsaved customer, checked but for its parent. Raises BadCustomer, NotAllowed."""
    manager = checked(item, named, at=at, by=by)
    return Customer(
        code=item.code,
        name=item.name,
        region_id=item.region,
        industry_id=item.industry or None,
        account_manager_id=manager,
        customer_engineer_id=named.users[item.customer_engineer].pk if item.customer_engineer else None,
        sales_person_id=named.users[item.sales_person].pk if item.sales_person else None,
        **{name: getattr(item, name) for name in PLAIN},
        created_at=item.created_at or at,
        created_by=(item.created_by or by.name)[:80],
        changed_at=at,
    )


def check_new(item: NewCustomer, named: Named) -> None:
    """Refuse a new customer that is wrong in itself or names what does not exist."""
    if not item.code.strip() or not item.name.strip():
        raise BadCustomer(
            msgid("Customer “{code}” ({name}) lacks a code or a name; give both."), code=item.code, name=item.name
        )
    if item.code in named.taken:
        raise BadCustomer(msgid("Customer {code} exists already; change it, or choose another code."), code=item.code)
    for field, known in WORDS.items():
        check_word(item.code, field, getattr(item, field), known)
    if item.region not in named.regions:
        raise unknown(item.code, "region", item.region)
    if item.industry and item.industry not in named.industries:
        raise unknown(item.code, "industry", item.industry)
    check_unmasked(item.code, vars(item))
    for field in STAFF:
        name = getattr(item, field)
        if name and name not in named.users:
            raise unknown(item.code, "user", name)


def check_origin(item: NewCustomer, *, at: datetime, by: Actor) -> None:
    """Refuse to say who made it and when, unless the actor may, and any time to come."""
    if (item.created_at or item.created_by) and not by.may(Permission.KEEP_ORIGIN):
        raise NotAllowed(
            msgid("Customer {code}: who created it and when may be given by administrators only; leave it empty."),
            code=item.code,
        )
    if item.created_at and item.created_at > at:
        raise BadCustomer(
            msgid("Customer {code} would have been created in the future; correct the time."), code=item.code
        )


def faults_in(new: Sequence[NewCustomer], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Return what is wrong with each new customer, None where nothing is; together the sound ones can be created.

    A subsidiary whose parent is unsound, or missing, is unsound too. Costs the same queries however many.
    """
    named = Named.read(new, by=by)
    faults: dict[int, MainstayError] = {}
    for place, item in enumerate(new):
        try:
            checked(item, named, at=at, by=by)
        except MainstayError as error:
            faults[place] = error
    waiting = {item.code: (place, item) for place, item in enumerate(new) if place not in faults}
    known = set(named.parents)
    while ready := [code for code, (_place, item) in waiting.items() if not item.parent or item.parent in known]:
        known.update(ready)
        for code in ready:
            del waiting[code]
    batch = {item.code: item for _place, item in waiting.values()}
    faults |= {place: _bad_parent(item, batch) for place, item in waiting.values()}
    return [faults.get(place) for place in range(len(new))]


def check_own(item: NewCustomer, manager: int | None, *, by: Actor) -> None:
    """Refuse a customer that the actor could not see afterwards."""
    own = (
        manager == by.user_id if by.customer_ids is not None else may_see(by, customer_id=None, region_code=item.region)
    )
    if not own:
        raise not_mine(item.code)


def not_mine(code: str) -> NotAllowed:
    """Return the refusal of a customer beyond the actor's reach; it says nothing of whether there is one."""
    return NotAllowed(
        msgid("Customer {code} would lie outside what you look after; ask the account manager or region that owns it."),
        code=code,
    )


def levels(new: Sequence[NewCustomer], rows: Mapping[str, Customer], named: Named) -> list[list[Customer]]:
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


def _bad_parent(item: NewCustomer, rows: Mapping[str, object]) -> BadCustomer:
    if item.parent not in rows:
        return unknown(item.code, "parent", item.parent)
    return BadCustomer(
        msgid("Customer {code} would stand above itself in its group; choose another parent."), code=item.code
    )


def staff_named(names: "set[str] | list[str]") -> dict[str, Any]:
    """Return active staff by user name (1 query)."""
    staff = get_user_model().objects.filter(username__in=names, is_active=True, customer_id__isnull=True)
    return {user.get_username(): user for user in staff}


def existing(model: type[Model], codes: set[str]) -> frozenset[str]:
    """Return which of the codes exist (1 query)."""
    found = model._default_manager.filter(pk__in=codes).values_list("pk", flat=True)
    return frozenset(found)


def chunks(values: set[str]) -> list[list[str]]:
    """Cut many keys into parts that a database takes in one question."""
    wanted = sorted(values)
    return [wanted[start : start + 900] for start in range(0, len(wanted), 900)]
