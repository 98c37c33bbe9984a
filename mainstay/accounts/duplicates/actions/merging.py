"""Make one customer of two, in two steps and with a reason; undo it (A8).

The customer that goes stays as a retained row that leads on. What it held moves by the holdings of the registry; the
audit trail keeps naming who it was done to.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.actions.customers import CHANGEABLE
from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.events import CustomersMerged, CustomersRenamed
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import family_ids, visible_customer
from mainstay.accounts.duplicates.choices import MergeState, PairState
from mainstay.accounts.duplicates.errors import BadMerge
from mainstay.accounts.duplicates.models import Merge, Pair
from mainstay.accounts.duplicates.queries import FieldChoice, visible_merge
from mainstay.accounts.duplicates.registry import holdings
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.changing import former_values
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

FIELDS = ("name", "short_name", "kind", "parent_id", "region_id", "industry_id", "ownership", "service_grade",
          "grade_reason", "is_special", "customer_engineer_id", "address", "phone", "since_on")  # fmt: skip
KEPT, GONE = "kept", "gone"
SENSITIVE = frozenset({"tax_number", "identity_number", "bank_account"})
"""Fields that pages and the audit trail show by their last four characters only."""


def fields_of_choice() -> tuple[str, ...]:
    """Return the fields of which one value stays: FIELDS, then whatever else of a customer can be changed."""
    return (*FIELDS, *sorted(CHANGEABLE - set(FIELDS)))


def choices(kept: Customer, gone: Customer) -> list[FieldChoice]:
    """Return the fields in which two customers differ; the kept one's value stays unless it is empty."""
    found = []
    for name in fields_of_choice():
        mine, theirs = getattr(kept, name), getattr(gone, name)
        if mine != theirs and not (name == "parent_id" and theirs == kept.pk):
            found.append(FieldChoice(name, mine, theirs, GONE if mine in (None, "") else KEPT))
    return found


def shown(name: str, value: Any) -> Any:
    """Return a field's value as it may be shown."""
    return f"…{str(value)[-4:]}" if name in SENSITIVE and value else value


@transaction.atomic
def prepare(kept_id: int, gone_id: int, chosen: Mapping[str, str], *, at: datetime, by: Actor) -> Merge:
    """Keep what somebody chose, field by field ("kept" or "gone"); nothing of the customers changes yet.

    Raises NoSuchCustomer, BadMerge (one and the same, merged already, the kept one below the other in its group).
    """
    require(by, Permission.MERGE_CUSTOMERS)
    kept, gone = visible_customer(by, kept_id), visible_customer(by, gone_id)
    _check(kept, gone)
    fields = {
        each.name: {"kept": each.kept, "gone": each.gone, "chosen": _chosen(each, chosen)}
        for each in choices(kept, gone)
    }
    row = Merge.objects.create(kept=kept, gone=gone, fields=journal.plain(fields), made_at=at, made_by=by.name[:80])
    told = {"merged_into": kept.code, "merged": gone.code}
    change = Change("merge", row.pk, row.number, None, told, customer_id=kept.pk, region_code=kept.region_id)
    journal.record("merge.prepare", [change], at=at, by=by)
    return row


@transaction.atomic
def carry_out(merge_id: int, *, at: datetime, by: Actor) -> Merge:
    """Make one of two: set the chosen values, move what the one held, retain it. The actor's reason is kept.

    Raises NoSuchMerge, BadMerge (no reason, done already, a value changed since it was chosen).
    """
    require(by, Permission.MERGE_CUSTOMERS)
    row = visible_merge(by, merge_id, lock=True)
    if row.state != MergeState.DRAFT:
        raise BadMerge(msgid("Merge {number} was carried out already; look at it."), number=row.number)
    if not by.why.strip():
        raise BadMerge(msgid("Say why they are one and the same customer."))
    kept, gone = _locked(row)
    _check(kept, gone)
    _check_unchanged(row, kept, gone)
    _set_fields(row, kept, at=at)
    for holding in holdings():
        count = holding.count(gone.pk)
        moved = holding.move(gone.pk, kept.pk, at, by) if count else []
        if count:
            row.moved[holding.column] = moved
        if count > len(moved):
            row.stayed[holding.column] = count - len(moved)
    row.archive_before = gone.archive
    _mark(gone, Archive.RETAINED, kept.pk, at=at)
    row.state, row.done_at, row.done_by, row.why = MergeState.DONE, at, by.name[:80], by.why[:400]
    row.save()
    _pair(row, PairState.OPEN, PairState.MERGED, at=at, by=by)
    _tell(row, kept, gone, gone.pk, kept.pk, at=at, by=by)
    return row


@transaction.atomic
def undo(merge_id: int, *, at: datetime, by: Actor) -> Merge:
    """Make two of one again: what moved goes back, values that are as the merge set them get their former ones.

    What was changed since stays, and `left` says so. Raises NoSuchMerge, BadMerge (no reason, not carried out, the
    customer that stayed was itself merged since).
    """
    require(by, Permission.MERGE_CUSTOMERS)
    row = visible_merge(by, merge_id, lock=True)
    if row.state != MergeState.DONE:
        raise BadMerge(msgid("Merge {number} is not in force; there is nothing to undo."), number=row.number)
    if not by.why.strip():
        raise BadMerge(msgid("Say why the merge is undone."))
    kept, gone = _locked(row)
    if kept.merged_into_id is not None:
        raise BadMerge(msgid("{name} was merged into another since; undo that first."), name=kept.name)
    left = _unset_fields(row, kept, at=at)
    back: dict[str, list[int]] = {}
    for holding in reversed(holdings()):
        keys = row.moved.get(holding.column, [])
        back[holding.column] = holding.move_back(keys, kept.pk, gone.pk) if keys else []
        missing = sorted(set(keys) - set(back[holding.column]))
        if missing:
            left.append({"column": holding.column, "ids": missing})
    archive = row.archive_before if gone.archive == Archive.RETAINED else gone.archive
    _mark(gone, archive, None, at=at)
    row.state, row.left = MergeState.UNDONE, left
    row.undone_at, row.undone_by, row.undone_why = at, by.name[:80], by.why[:400]
    row.save()
    _pair(row, PairState.MERGED, PairState.OPEN, at=at, by=by)
    _tell(row, kept, gone, kept.pk, gone.pk, at=at, by=by, moved=back)
    return row


def _chosen(each: FieldChoice, chosen: Mapping[str, str]) -> str:
    wanted = chosen.get(each.name, each.chosen)
    if wanted not in (KEPT, GONE):
        raise BadMerge(msgid("Choose one of the two values of each field."))
    return wanted


def _check(kept: Customer, gone: Customer) -> None:
    if kept.pk == gone.pk:
        raise BadMerge(msgid("A customer cannot be merged with itself; choose two."))
    for each in (kept, gone):
        if each.merged_into_id is not None:
            raise BadMerge(msgid("{name} was merged already; choose the customer it leads to."), name=each.name)
    if kept.pk in family_ids(gone.pk):
        raise BadMerge(msgid("{kept} stands below {gone} in its group; keep {gone} instead."),
                       kept=kept.name, gone=gone.name)  # fmt: skip


def _locked(row: Merge) -> tuple[Customer, Customer]:
    """Return both customers, locked in the order of their ids."""
    rows = Customer.objects.select_for_update().filter(pk__in=(row.kept_id, row.gone_id)).order_by("pk").in_bulk()
    return rows[row.kept_id], rows[row.gone_id]


def _check_unchanged(row: Merge, kept: Customer, gone: Customer) -> None:
    now = {each.name: (journal.plain(each.kept), journal.plain(each.gone)) for each in choices(kept, gone)}
    was = {name: (said["kept"], said["gone"]) for name, said in row.fields.items()}
    if now != was:
        raise BadMerge(msgid("Somebody changed one of the two since you chose; prepare the merge again."))


def _set_fields(row: Merge, kept: Customer, *, at: datetime) -> None:
    wanted = {name: said["gone"] for name, said in row.fields.items() if said["chosen"] == GONE}
    for name, value in former_values(Customer, wanted).items():
        setattr(kept, name, value)
    _save(kept, list(wanted), at=at)


def _unset_fields(row: Merge, kept: Customer, *, at: datetime) -> list[dict[str, Any]]:
    """Give the kept customer its former values; return what was changed since and stays."""
    taken = {name: said for name, said in row.fields.items() if said["chosen"] == GONE}
    same = {name: said["kept"] for name, said in taken.items() if journal.plain(getattr(kept, name)) == said["gone"]}
    for name, value in former_values(Customer, same).items():
        setattr(kept, name, value)
    _save(kept, list(same), at=at)
    return [{"field": name} for name in taken if name not in same]


def _mark(gone: Customer, archive: str, into_id: int | None, *, at: datetime) -> None:
    gone.archive, gone.merged_into_id = archive, into_id
    _save(gone, ["archive", "merged_into_id"], at=at)


def _save(customer: Customer, names: list[str], *, at: datetime) -> None:
    if names:
        customer.revision, customer.changed_at = customer.revision + 1, at
        customer.save(update_fields=[*names, "revision", "changed_at"])


def _pair(row: Merge, before: PairState, after: PairState, *, at: datetime, by: Actor) -> None:
    ends = sorted((row.kept_id, row.gone_id))
    found = Pair.objects.filter(one=ends[0], other=ends[1])
    if after == PairState.OPEN:
        found = found.filter(state=before)
    found.update(state=after, decided_at=at, decided_by=by.name[:80], why=by.why[:400])


def _tell(
    row: Merge, kept: Customer, gone: Customer, from_id: int, into_id: int, *, at: datetime, by: Actor,
    moved: dict[str, list[int]] | None = None,
) -> None:  # fmt: skip
    """Write both audit entries, make both findable, and announce what moved."""
    moved = row.moved if moved is None else moved
    done = row.state == MergeState.DONE
    counts = {column: len(ids) for column, ids in moved.items() if ids}
    taken = {name: said for name, said in row.fields.items() if said["chosen"] == GONE}
    fields = {name: shown(name, said[GONE if done else KEPT]) for name, said in taken.items()}
    former = {name: shown(name, said[KEPT if done else GONE]) for name, said in taken.items()}
    changes = [
        Change("customer", kept.pk, kept.name, {**former}, {**fields, "merged": gone.code, "moved": counts},
               customer_id=kept.pk, region_code=kept.region_id),
        Change("customer", gone.pk, gone.name, {"merged_into": "" if done else kept.code},
               {"merged_into": kept.code if done else "", "archive": gone.archive},
               customer_id=gone.pk, region_code=gone.region_id),
    ]  # fmt: skip
    journal.record("customer.merge" if done else "customer.unmerge", changes, at=at, by=by)
    index_customers([kept, gone])
    journal.announce(CustomersRenamed((kept.pk, gone.pk)), by=by)
    journal.announce(CustomersMerged(from_id, into_id, moved, at), by=by)
