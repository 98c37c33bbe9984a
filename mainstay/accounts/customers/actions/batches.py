"""Change many customers at once, and take an import's customers back (A4, A7)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.actions.customers import CHANGEABLE, kept_in
from mainstay.accounts.customers.actions.owners import tell_owners
from mainstay.accounts.customers.choices import Archive, ArchiveReason
from mainstay.accounts.customers.errors import BadCustomer
from mainstay.accounts.customers.events import CustomersRenamed
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.making import check_unmasked, not_mine
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Taken, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.search.actions import forget

SETTABLE = CHANGEABLE | {"account_manager_id", "archive", "archive_reason", "archive_note", "archived_at"}
DERIVED = ("ownerspell.customer", "pair.one", "pair.other")
"""What rooms above note of every customer by themselves; it goes with a customer that is taken out."""

Wanted = Sequence[tuple[Customer, Mapping[str, Any]]]


@transaction.atomic
def change_customers(wanted: Wanted, *, at: datetime, by: Actor) -> list[Written]:
    """Change customers the actor has seen; what a change would spoil is refused alone, in the order given.

    Values are checked by the caller, but for names, rings of parents and the actor's reach. Costs the same queries
    however many, but one more per level of the groups that are rearranged.
    """
    require(by, Permission.WRITE_CUSTOMERS)
    faults = _faults(wanted, by=by)
    sound = [each for each, fault in zip(wanted, faults, strict=True) if fault is None]
    changed = iter(_write(sound, "customer.update", at=at, by=by))
    return [refused(fault) if fault is not None else _written(next(changed)) for fault in faults]


@transaction.atomic
def take_back_customers(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import (A7); a customer that has people, contracts, circuits or tickets by now stays as it is.

    What was taken on by mistake goes to the retained archive: nothing about a customer is deleted (A2).
    """
    require(by, Permission.WRITE_CUSTOMERS)

    def take_out(customers: list[Customer]) -> None:
        gone = kept_in(Archive.RETAINED, ArchiveReason.UNDONE, by.why, at=at) | {"parent_id": None}
        _write([(customer, gone) for customer in customers], "customer.take_back", at=at, by=by)
        forget("customer", [customer.pk for customer in customers])

    return changing.take_back(
        rows,
        visible_to(by),
        owned=DERIVED,
        take_out=take_out,
        change=lambda wanted: _write(wanted, "customer.take_back", at=at, by=by),
    )


def _write(wanted: Wanted, action: str, *, at: datetime, by: Actor) -> list[changing.Changed[Customer]]:
    changed = changing.set_columns(wanted)
    for each in changed:
        if each.after:
            each.thing.revision += 1
            each.thing.changed_at = at
    real = changing.write_columns(changed, "revision", "changed_at")
    journal.record(action, [_change(each.thing, each.before, each.after) for each in real], at=at, by=by)
    index_customers(each.thing for each in real)
    renamed = [each.thing.pk for each in real if not {"name", "short_name"}.isdisjoint(each.after)]
    if renamed:
        journal.announce(CustomersRenamed(tuple(renamed)), by=by)
    owned = [each for each in real if "account_manager_id" in each.after]
    tell_owners([each.thing for each in owned], [each.before["account_manager_id"] for each in owned], at=at, by=by)
    return changed


def _written(each: changing.Changed[Customer]) -> Written:
    outcome = Outcome.UPDATED if each.after else Outcome.UNCHANGED
    return Written(outcome, "customer", each.thing.pk, each.thing.name, before=each.before, after=each.after)


def _faults(wanted: Wanted, *, by: Actor) -> list[MainstayError | None]:
    above = _parents({columns["parent_id"] for _customer, columns in wanted if columns.get("parent_id")})
    above |= {customer.pk: columns["parent_id"] for customer, columns in wanted if "parent_id" in columns}
    return [_fault(customer, columns, above, by=by) for customer, columns in wanted]


def _fault(
    customer: Customer, columns: Mapping[str, Any], above: Mapping[int, int | None], *, by: Actor
) -> MainstayError | None:
    others = sorted(columns.keys() - SETTABLE)
    if others:
        return BadCustomer(msgid("{fields} cannot be changed here; change one of {known}."),
                           fields=", ".join(others), known=", ".join(sorted(SETTABLE)))  # fmt: skip
    if not str(columns.get("name", "…")).strip():
        return BadCustomer(msgid("Customer {code} needs a name; give one."), code=customer.code)
    try:
        check_unmasked(customer.code, columns)
    except MainstayError as error:
        return error
    region = columns.get("region_id", customer.region_id)
    if by.customer_ids is None and not may_see(by, customer_id=customer.pk, region_code=region):
        return not_mine(customer.code)
    if columns.get("parent_id") and _stands_above_itself(customer.pk, above):
        return BadCustomer(msgid("Customer {code} would stand above itself in its group; choose another parent."),
                           code=customer.code)  # fmt: skip
    return None


def _stands_above_itself(customer_id: int, above: Mapping[int, int | None]) -> bool:
    seen: set[int] = set()
    at = above.get(customer_id)
    while at is not None and at not in seen:
        if at == customer_id:
            return True
        seen.add(at)
        at = above.get(at)
    return False


def _parents(ids: set[int]) -> dict[int, int | None]:
    """Return the parents of these and of all above them (1 query a level)."""
    found: dict[int, int | None] = {}
    level = ids
    while level:
        rows: dict[int, int | None] = dict(Customer.objects.filter(pk__in=level).values_list("pk", "parent_id"))
        found |= rows
        level = {parent for parent in rows.values() if parent} - found.keys()
    return found


def _change(row: Customer, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    return Change("customer", row.pk, row.name, before, after, customer_id=row.pk, region_code=row.region_id)
