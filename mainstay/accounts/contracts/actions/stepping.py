"""Lead a contract on: sign it, register it with the key-account group, renew it, give notice, end it (D1).

Whoever read the contract gives its `revision`: where somebody else changed it meanwhile, nothing is done.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.accounts.contracts.actions.registering import change_of
from mainstay.accounts.contracts.choices import LIVE, OVER, ContractStatus
from mainstay.accounts.contracts.errors import BadContract, ChangedMeanwhile
from mainstay.accounts.contracts.events import ContractsChanged
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.contracts.queries import visible_contract
from mainstay.accounts.contracts.turning import extend, watch
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal


@transaction.atomic
def sign_contract(
    contract_id: int, *, signed_on: date, at: datetime, by: Actor, revision: int | None = None
) -> Contract:
    """Note that a draft was signed: it holds from its begin. Raises NoSuchContract, BadContract, ChangedMeanwhile."""
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    if row.status != ContractStatus.DRAFT:
        raise BadContract(msgid("Contract {number} was signed already, on {day}."),
                          number=row.number, day=row.signed_on or "—")  # fmt: skip
    if not row.lines.filter(in_force=True).exists():
        raise BadContract(msgid("Contract {number} has no line; enter what is bought before it is signed."),
                          number=row.number)  # fmt: skip
    for version in row.versions.all():
        version.facts["signed_on"] = signed_on.isoformat()
        version.save(update_fields=["facts"])
    return _set(row, "contract.sign", {"status": ContractStatus.SIGNED, "signed_on": signed_on}, at=at, by=by)


@transaction.atomic
def register_with_group(
    contract_id: int, *, number: str, on: date, at: datetime, by: Actor, revision: int | None = None
) -> Contract:
    """Note that a signed contract was registered with the key-account group (备案), under which number, when (D1, S1).

    Raises NoSuchContract, BadContract (a draft, registered already, a number that is taken), ChangedMeanwhile.
    """
    require(by, Permission.REGISTER_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    if row.status == ContractStatus.DRAFT:
        raise BadContract(msgid("Contract {number} is a draft; it is registered once it is signed."), number=row.number)
    if row.registration_number:
        raise BadContract(msgid("Contract {number} is registered already, as {as_number} on {day}."), number=row.number,
                          as_number=row.registration_number, day=row.registered_on or "—")  # fmt: skip
    if not number.strip() or (row.signed_on is not None and on < row.signed_on):
        raise BadContract(msgid("Contract {number}: give a number, and a day on which it was signed already."),
                          number=row.number)  # fmt: skip
    if Contract.objects.filter(registration_number=number.strip()).exists():
        raise BadContract(msgid("Registration number {number} is taken; choose another."), number=number.strip())
    given: dict[str, Any] = {"registration_number": number.strip(), "registered_on": on, "registered_by": by.name[:80]}
    if row.status == ContractStatus.SIGNED:
        begun = row.starts_on <= timezone.localdate(at)
        given["status"] = ContractStatus.ACTIVE if begun else ContractStatus.REGISTERED
    return _set(row, "contract.record", given, at=at, by=by)


@transaction.atomic
def renew_contract(
    contract_id: int, *, until: date | None, why: str = "", at: datetime, by: Actor, revision: int | None = None
) -> Contract:
    """Let a contract go on until a later day (None: without end), as a further version; a notice is taken back.

    Raises NoSuchContract, BadContract (over, a draft, open-ended, a day not after its end), ChangedMeanwhile.
    """
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    refuse_over(row)
    if row.status not in LIVE or row.ends_on is None or (until is not None and until <= row.ends_on):
        raise BadContract(msgid("Contract {number} runs until {end}; choose a day after that to go on until."),
                          number=row.number, end=row.ends_on or "—")  # fmt: skip
    before = {"ends_on": row.ends_on, "version": row.version}
    extend(row, row.ends_on, until, why, at=at, by=by)
    row.notice_on, row.notice_why, row.revision = None, "", row.revision + 1
    if until is None:
        row.auto_renew_months = 0
    row.save()
    watch([row], at=at)
    journal.record("contract.renew", [change_of(row, before, {"ends_on": until, "why": why})], at=at, by=by)
    return row


@transaction.atomic
def give_notice(
    contract_id: int, *, received_on: date, ends_on: date, why: str, at: datetime, by: Actor,
    revision: int | None = None,
) -> Contract:  # fmt: skip
    """Note a notice: the contract does not renew itself and is terminated on `ends_on`.

    Raises NoSuchContract, BadContract (over, a draft, sooner than the days of notice, later than its end).
    """
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    refuse_over(row)
    if row.status == ContractStatus.DRAFT or not why.strip():
        raise BadContract(msgid("Contract {number}: notice is given of a signed contract, with a reason."),
                          number=row.number)  # fmt: skip
    if (ends_on - received_on).days < row.notice_days:
        raise BadContract(msgid("Contract {number} asks for {days} days of notice; choose a later day than {end}."),
                          number=row.number, days=row.notice_days, end=ends_on)  # fmt: skip
    if (row.ends_on is not None and ends_on > row.ends_on) or ends_on <= row.starts_on:
        raise BadContract(msgid("Contract {number} runs from {begin} to {end}; choose a day within."),
                          number=row.number, begin=row.starts_on, end=row.ends_on or "—")  # fmt: skip
    given = {"notice_on": received_on, "notice_why": why.strip()[:400], "ends_on": ends_on}
    return _set(row, "contract.notice", given, at=at, by=by)


@transaction.atomic
def follow_contract(
    contract_id: int, *, by_number: str, at: datetime, by: Actor, revision: int | None = None
) -> Contract:
    """Note that another contract of the same customer takes this one's place; it ends when that one begins.

    Its circuits are put under the new one's lines by who knows which. Raises NoSuchContract, BadContract.
    """
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    refuse_over(row)
    next_one = Contract.objects.filter(number=by_number, customer=row.customer_id).exclude(pk=row.pk).first()
    if next_one is None or next_one.status not in LIVE or next_one.starts_on <= row.starts_on:
        raise BadContract(msgid("Contract {number}: “{other}” is no signed later contract of this customer."),
                          number=row.number, other=by_number)  # fmt: skip
    given: dict[str, Any] = {"followed_by": next_one, "ends_on": next_one.starts_on}
    if next_one.starts_on <= timezone.localdate(at):
        given["status"] = ContractStatus.RENEWED
    return _set(row, "contract.follow", given, at=at, by=by)


@transaction.atomic
def end_contract(contract_id: int, *, on: date, at: datetime, by: Actor, revision: int | None = None) -> Contract:
    """End a contract on a day: from then its terms hold no more.

    Raises NoSuchContract, BadContract when it ended before, ChangedMeanwhile.
    """
    require(by, Permission.WRITE_CONTRACTS)
    row = taken(contract_id, by=by, revision=revision)
    refuse_over(row)
    if on < row.starts_on:
        raise BadContract(
            msgid("Contract {number} begins on {begin} and cannot end on {end}, before it; choose a later day."),
            number=row.number,
            begin=row.starts_on,
            end=on,
        )
    return _set(row, "contract.end", {"status": ContractStatus.ENDED, "ends_on": on}, at=at, by=by)


def taken(contract_id: int, *, by: Actor, revision: int | None = None) -> Contract:
    """Return a contract, locked and with its customer fetched, as it was read at a revision.

    Raises NoSuchContract, ChangedMeanwhile.
    """
    visible_contract(by, contract_id)
    row = Contract.objects.select_for_update(of=("self",)).select_related("customer").get(pk=contract_id)
    if revision is not None and row.revision != revision:
        raise ChangedMeanwhile(
            msgid("Somebody else changed contract {number} since you opened it; look at it again, then repeat yours."),
            number=row.number,
        )
    return row


def refuse_over(row: Contract) -> None:
    """Refuse a contract that is over. Raises BadContract."""
    if row.status in OVER:
        raise BadContract(
            msgid("Contract {number} ended on {day} already; nothing was changed."),
            number=row.number,
            day=row.ends_on or "—",
        )


def _set(row: Contract, action: str, given: dict[str, Any], *, at: datetime, by: Actor) -> Contract:
    before = {name: _said(getattr(row, name)) for name in given}
    for name, value in given.items():
        setattr(row, name, value)
    row.revision += 1
    row.save(update_fields=[*given, "revision"])
    watch([row], at=at)
    after = {name: _said(value) for name, value in given.items()}
    journal.record(action, [change_of(row, before, after)], at=at, by=by)
    journal.announce(ContractsChanged((row.customer_id,)), by=by)
    return row


def _said(value: Any) -> Any:
    return value.number if isinstance(value, Contract) else value
