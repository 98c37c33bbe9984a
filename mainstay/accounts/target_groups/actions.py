"""Lock a filtered list of customers as a group, and retire it; nothing is ever deleted (A6)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Max, Min, QuerySet

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to
from mainstay.accounts.target_groups.choices import GroupState
from mainstay.accounts.target_groups.errors import BadGroup
from mainstay.accounts.target_groups.models import TargetGroup, TargetGroupMember
from mainstay.accounts.target_groups.queries import visible_group
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

AT_ONCE = 2_000
"""Members written in one transaction on SQLite, which has one writer at a time (about 15 ms)."""


@dataclass(frozen=True)
class NewGroup:
    """What a group is to be called, why it is made, and the address of the list it is locked from."""

    name: str
    note: str = ""
    query: str = ""


def lock(new: NewGroup, rows: "QuerySet[Customer]", *, at: datetime, by: Actor) -> TargetGroup:
    """Freeze the customers of a list, as far as the actor may see them, and return the group with its count.

    On PostgreSQL by one statement; on SQLite part by part, from keys read at one instant: a group that is still being
    locked says so. Raises NotAllowed, and BadGroup for no name or no customers.
    """
    require(by, Permission.LOCK_GROUPS)
    name = new.name.strip()
    if not name:
        raise BadGroup(msgid("The group has no name; say what it is for."))
    seen = visible_to(by).filter(pk__in=rows.order_by().values("pk")).order_by()
    if not seen.exists():
        raise _nobody(name)
    group = _begin(new, name, at=at, by=by)
    count = (_fill_at_once if connection.vendor == "postgresql" else _fill_by_parts)(group, seen)
    if not count:  # gone between the two
        group.delete()
        raise _nobody(name)
    return _end(group, count, _common_region(group), at=at, by=by)


def _nobody(name: str) -> BadGroup:
    told = msgid("No customer matches, so there is nothing to lock as “{name}”; widen the filters.")
    return BadGroup(told, name=name)


def _begin(new: NewGroup, name: str, *, at: datetime, by: Actor) -> TargetGroup:
    return TargetGroup.objects.create(
        name=name[:80], note=new.note.strip()[:400], query=new.query[:2000], locked_at=at, locked_by_id=by.user_id,
        locked_by_name=by.name[:80],
    )  # fmt: skip


def _fill_at_once(group: TargetGroup, seen: "QuerySet[Customer]") -> int:
    try:
        statement, values = seen.values("pk").query.sql_with_params()
    except EmptyResultSet:  # known without asking: the filters find nothing
        return 0
    table = connection.ops.quote_name(TargetGroupMember._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (group_id, customer_id) SELECT %s, found.id FROM ({statement}) AS found (id)",  # noqa: S608
            [group.pk, *values],
        )
        return int(cursor.rowcount)


def _fill_by_parts(group: TargetGroup, seen: "QuerySet[Customer]") -> int:
    keys = list(seen.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        with transaction.atomic():
            insert_many(
                TargetGroupMember, ("group_id", "customer_id"), [(group.pk, pk) for pk in keys[start : start + AT_ONCE]]
            )
    return len(keys)


def _common_region(group: TargetGroup) -> str:
    """Return the division that holds all members."""
    members = TargetGroupMember.objects.filter(group=group).values("customer")
    ends = Customer.objects.filter(pk__in=members).aggregate(first=Min("region"), last=Max("region"))
    first, last = ends["first"] or "", ends["last"] or ""
    return next((first[:length] for length in (6, 4, 2) if first[:length] == last[:length]), "")


@transaction.atomic
def _end(group: TargetGroup, count: int, region: str, *, at: datetime, by: Actor) -> TargetGroup:
    """Say that the group is locked, with its count and the division that holds all members."""
    group.count, group.state, group.region_code = count, GroupState.LOCKED, region
    group.save(update_fields=["count", "state", "region_code"])
    after: dict[str, Any] = {"name": group.name, "count": count, "query": group.query, "note": group.note}
    journal.record("target_group.lock", [_change(group, None, after)], at=at, by=by)
    return group


@transaction.atomic
def retire(group_id: int, *, at: datetime, by: Actor) -> TargetGroup:
    """Put a group away with the actor's reason; its members stay known. Raises NoSuchGroup, NotAllowed, BadGroup."""
    require(by, Permission.LOCK_GROUPS)
    group = visible_group(by, group_id, lock=True)
    if group.state == GroupState.RETIRED:
        raise BadGroup(msgid("The group “{name}” is retired already; lock a new one."), name=group.name)
    before = {"state": group.state}
    group.state, group.retired_at, group.retired_by_name = GroupState.RETIRED, at, by.name[:80]
    group.why_retired = by.why[:200]
    group.save(update_fields=["state", "retired_at", "retired_by_name", "why_retired"])
    journal.record("target_group.retire", [_change(group, before, {"state": group.state})], at=at, by=by)
    return group


def _change(group: TargetGroup, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    return Change("target_group", group.pk, group.name, before, after, region_code=group.region_code)
