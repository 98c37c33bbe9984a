"""Agree with customers on time that is not judged; say which circuits a source watches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.service.service_levels.errors import NoSuchResult, WrongProposal
from mainstay.service.service_levels.models import Exclusion, Watch
from mainstay.service.service_levels.reactions import touch_circuits


@dataclass(frozen=True)
class Agreed:
    """An exclusion to be agreed: exactly one of circuit, contract, customer; see `Exclusion`."""

    why: str
    from_at: datetime
    to_at: datetime | None = None
    circuit_id: int | None = None
    contract_id: int | None = None
    customer_id: int | None = None
    weekday: int | None = None
    from_minute: int = 0
    to_minute: int = 0


@transaction.atomic
def agree_exclusion(new: Agreed, *, at: datetime, by: Actor) -> Exclusion:
    """Write down time the contract does not judge; it holds for months that are not closed."""
    require(by, Permission.WRITE_CONTRACTS)
    _check(new)
    row = Exclusion(
        why=new.why.strip()[:200], from_at=new.from_at, to_at=new.to_at, circuit_id=new.circuit_id,
        contract_id=new.contract_id, customer_id=new.customer_id, weekday=new.weekday, from_minute=new.from_minute,
        to_minute=new.to_minute, agreed_by=by.name[:80], agreed_at=at,
    )  # fmt: skip
    concerned = _concerned(row, by)
    row.save()
    touch_circuits(concerned)
    _tell("exclusion.agree", row, None, at=at, by=by)
    return row


@transaction.atomic
def end_exclusion(exclusion_id: int, *, at: datetime, by: Actor) -> Exclusion:
    """Let an exclusion hold no longer than until now. Raises NoSuchResult."""
    require(by, Permission.WRITE_CONTRACTS)
    row = Exclusion.objects.select_for_update().filter(pk=exclusion_id).first()
    if row is None or (row.to_at is not None and row.to_at <= at):
        raise NoSuchResult(msgid("There is no such exclusion that still holds; open the page again."))
    concerned, before = _concerned(row, by), {"to_at": row.to_at}
    row.to_at, row.ended_by = max(at, row.from_at), by.name[:80]
    row.save(update_fields=["to_at", "ended_by"])
    touch_circuits(concerned)
    _tell("exclusion.end", row, before, at=at, by=by)
    return row


@transaction.atomic
def watch_with(source_id: int, covers: Iterable[tuple[str, str]], *, at: datetime, by: Actor) -> None:
    """Say which circuits a source watches, as (region prefix, technology), "" any; none given: all."""
    require(by, Permission.SETTINGS)
    before = list(Watch.objects.filter(source=source_id).values_list("region_code", "technology"))
    Watch.objects.filter(source=source_id).delete()
    after = sorted(set(covers))
    Watch.objects.bulk_create(Watch(source_id=source_id, region_code=r, technology=t) for r, t in after)
    change = Change("alarm_source", source_id, "", {"watches": before}, {"watches": after})
    journal.record("source.watch", [change], at=at, by=by)


def _check(new: Agreed) -> None:
    if not new.why.strip():
        raise WrongProposal(msgid("Say what was agreed, and in which clause."))
    if new.to_at is not None and new.to_at <= new.from_at:
        raise WrongProposal(msgid("The exclusion ends before it begins; correct its times."))
    if new.weekday is not None and not (0 <= new.weekday <= 6 and 0 <= new.from_minute < new.to_minute <= 2 * 1440):
        raise WrongProposal(msgid("The weekly window is empty; give a weekday and a time from and to."))


def _concerned(row: Exclusion, by: Actor) -> set[int]:
    wanted = {"pk": row.circuit_id, "customer": row.customer_id, "contract_line__contract": row.contract_id}
    rows = Circuit.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    found = set(rows.filter(scope(by)).values_list("pk", flat=True))
    if sum(value is not None for value in wanted.values()) != 1 or not found:
        raise NoSuchResult(msgid("There is no circuit, contract or customer with circuits here that you may see."))
    return found


def _tell(action: str, row: Exclusion, before: dict[str, Any] | None, *, at: datetime, by: Actor) -> None:
    after = {"why": row.why, "from_at": row.from_at, "to_at": row.to_at, "weekday": row.weekday}
    change = Change("exclusion", row.pk, row.why, before, after, customer_id=row.customer_id)
    journal.record(action, [change], at=at, by=by)
