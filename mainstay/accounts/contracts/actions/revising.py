"""Change what a contract says, as a further version from a day on; a draft is changed as it stands (D1)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.actions.registering import (
    NewLine,
    bad_line,
    change_of,
    check_renewal,
    wrong_in,
)
from mainstay.accounts.contracts.actions.stepping import refuse_over, taken
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import BadContract
from mainstay.accounts.contracts.events import ContractsChanged
from mainstay.accounts.contracts.finding import index_contracts
from mainstay.accounts.contracts.models import Contract, ContractLine, ContractVersion
from mainstay.accounts.contracts.snapshots import differences, keep_missing
from mainstay.accounts.contracts.turning import apply_version, watch
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal


@dataclass(frozen=True)
class Revision:
    """What a contract shall say from `valid_from` on; complete: what is left out is no longer part of it.

    Lines keep their position; a new position is a new line. For a draft, `starts_on` moves its begin.
    """

    valid_from: date
    name: str
    ends_on: date | None
    lines: tuple[NewLine, ...]
    auto_renew_months: int = 0
    notice_days: int = 0
    payment: str = ""
    why: str = ""
    starts_on: date | None = None


@transaction.atomic
def change_contract(
    contract_id: int, wanted: Revision, *, at: datetime, by: Actor, revision: int | None = None
) -> ContractVersion:
    """Make the next version of a contract, or change a draft; return the version.

    What was said before stays readable, prices too. Raises NoSuchContract, BadContract (over, nothing differs, a day
    before the newest version's, a line that is wrong, no reason for a signed one), ChangedMeanwhile.
    """
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    refuse_over(row)
    keep_missing([row], at=at, by=by)
    newest = row.versions.order_by("-number").first()
    assert newest is not None
    is_draft = row.status == ContractStatus.DRAFT
    products = {one.code: one for one in Product.objects.filter(code__in={line.product for line in wanted.lines})}
    _check(row, wanted, newest, products)
    facts = _facts(row, wanted, products)
    if facts == newest.facts:
        raise BadContract(msgid("Contract {number} says just this already; nothing was changed."), number=row.number)
    said = _plain_differences(newest.facts, facts)
    if is_draft:
        newest.facts, newest.valid_from = facts, wanted.starts_on or row.starts_on
        newest.save(update_fields=["facts", "valid_from"])
    else:
        newest = ContractVersion.objects.create(
            contract=row, number=newest.number + 1, valid_from=wanted.valid_from, facts=facts, why=wanted.why[:400],
            made_at=at, made_by=by.name[:80],
        )  # fmt: skip
    _write(row, wanted, newest, products, today=timezone.localdate(at), is_draft=is_draft)
    watch([row], at=at)
    after = {"version": newest.number, "valid_from": newest.valid_from, "changes": said, "why": wanted.why}
    journal.record("contract.change", [change_of(row, None, after)], at=at, by=by)
    index_contracts([row])
    journal.announce(ContractsChanged((row.customer_id,)), by=by)
    return newest


def _check(row: Contract, wanted: Revision, newest: ContractVersion, products: Mapping[str, Product]) -> None:
    is_draft = row.status == ContractStatus.DRAFT
    starts_on = (wanted.starts_on if is_draft else None) or row.starts_on
    if not is_draft and (wanted.valid_from < newest.valid_from or wanted.valid_from < row.starts_on):
        raise BadContract(msgid("Contract {number}: version {version} holds from {day}; begin then or later."),
                          number=row.number, version=newest.number, day=newest.valid_from)  # fmt: skip
    if not is_draft and not wanted.why.strip():
        raise BadContract(msgid("Contract {number}: say why it is changed."), number=row.number)
    end = wanted.ends_on
    if end is not None and (end <= starts_on or (not is_draft and end <= wanted.valid_from)):
        raise BadContract(
            msgid("Contract {number} ends on {end}, not after its begin on {begin}; correct the dates."),
            number=row.number, end=end, begin=starts_on if is_draft else wanted.valid_from,
        )  # fmt: skip
    check_renewal(row.number, end, wanted.auto_renew_months, wanted.notice_days)
    positions = [line.position for line in wanted.lines]
    for line in wanted.lines:
        wrong = wrong_in(line, positions, products)
        if wrong:
            raise bad_line(row.number, line.position, wrong)


def _facts(row: Contract, wanted: Revision, products: Mapping[str, Product]) -> dict[str, Any]:
    starts_on = (wanted.starts_on if row.status == ContractStatus.DRAFT else None) or row.starts_on
    return {
        "name": wanted.name, "signed_on": row.signed_on.isoformat() if row.signed_on else None,
        "starts_on": starts_on.isoformat(), "ends_on": wanted.ends_on.isoformat() if wanted.ends_on else None,
        "auto_renew_months": wanted.auto_renew_months, "notice_days": wanted.notice_days, "payment": wanted.payment,
        "lines": [
            {"position": line.position, "product": line.product, "product_name": products[line.product].name,
             "product_name_en": products[line.product].name_en, "grade": line.grade,
             "monthly_price_fen": line.monthly_price_fen}
            for line in sorted(wanted.lines, key=lambda line: line.position)
        ],
    }  # fmt: skip


def _plain_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [asdict(one) for one in differences(before, after)]


def _write(
    row: Contract, wanted: Revision, version: ContractVersion, products: Mapping[str, Product], *, today: date,
    is_draft: bool,
) -> None:  # fmt: skip
    """Let the columns follow: the contract's own at once, a line's when its version is in force."""
    for name in ("name", "ends_on", "auto_renew_months", "notice_days", "payment"):
        setattr(row, name, getattr(wanted, name))
    if is_draft:
        row.starts_on = wanted.starts_on or row.starts_on
    lines = {line.position: line for line in row.lines.all()}
    chosen = {line.position: line for line in wanted.lines}
    begins = None if is_draft else version.valid_from
    ContractLine.objects.bulk_create(
        ContractLine(contract=row, position=position, product=products[line.product], grade=line.grade,
                     monthly_price_fen=line.monthly_price_fen, begins_on=begins, in_force=is_draft)
        for position, line in chosen.items() if position not in lines
    )  # fmt: skip
    for position, line in lines.items():
        if position not in chosen and line.dropped_on is None:
            line.dropped_on = row.starts_on if is_draft else version.valid_from
            line.save(update_fields=["dropped_on"])
        elif position in chosen and line.dropped_on is not None:
            line.dropped_on = None
            line.save(update_fields=["dropped_on"])
    if is_draft:
        row.version = 0
    apply_version(row, max(today, row.starts_on) if is_draft else today)
    row.revision += 1
    row.save()
