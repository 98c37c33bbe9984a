"""Contracts and their lines from and to files: one row is one line of a contract (A7, D1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.actions import (
    NewContract,
    NewLine,
    bad_line,
    check_contract,
    check_renewal,
    register_contracts,
    wrong_in,
)
from mainstay.accounts.contracts.choices import AT_FIRST, OVER, ContractStatus
from mainstay.accounts.contracts.errors import BadContract
from mainstay.accounts.contracts.finding import index_contracts
from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.contracts.queries import visible_to
from mainstay.accounts.contracts.snapshots import keep_changes, keep_missing
from mainstay.accounts.contracts.turning import watch
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports import changing, origin
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.search.actions import forget

COLUMNS = (
    Column("number", _("Contract number"), _("The same in every row of the contract."), "HT-0001", required=True,
           longest=40, aliases=("合同编号", "合同号", "contract", "contract_no")),
    Column("position", _("Contract line"), _("Position of the line, from 1."), "1", required=True, reads="integer",
           aliases=("合同行", "合同行号", "行号", "line")),
    Column("customer", _("Customer code"), "", "C0001", required=True, longest=32,
           aliases=("客户编码", "customer_code", "客户号")),
    Column("name", _("Name"), _("Of the contract."), "专线服务协议", required=True, longest=120, aliases=("合同名称",)),
    Column("signed_on", _("Signed on"), "", "2025-12-01", required=True, reads="date",
           aliases=("签订日期", "签约日期")),
    Column("starts_on", _("Starts on"), "", "2026-01-01", required=True, reads="date",
           aliases=("生效日期", "开始日期")),
    Column("ends_on", _("Ends on"), _("The first day it no longer holds; empty: open."), "2027-01-01", reads="date",
           aliases=("终止日期", "到期日期", "结束日期")),
    Column("status", _("Status"), _("“ended” ends a contract on its last day; give that too."), "active",
           reads="choice", choices=ContractStatus.choices, aliases=("状态", "合同状态")),
    Column("auto_renew_months", _("Renews itself by, months"), _("0: it ends."), "12", reads="integer",
           aliases=("自动续约月数", "auto_renew")),
    Column("notice_days", _("Days of notice"), "", "30", reads="integer", aliases=("提前通知天数", "notice")),
    Column("payment", _("Payment"), "", "按月后付", longest=200, aliases=("付款方式", "结算方式")),
    Column("registration_number", _("Registration number"), _("With the key-account group."), "BA-2026-0001",
           longest=40, aliases=("备案号", "备案编号")),
    Column("registered_on", _("Registered on"), "", "2025-12-05", reads="date", aliases=("备案日期",)),
    Column("product", _("Product code"), "", "digital-circuit", required=True, longest=32,
           aliases=("产品", "产品编码", "product_code")),
    Column("grade", _("Circuit grade"), _("AAA, AA, A, I, II or III."), "AAA", required=True, reads="choice",
           choices=CircuitGrade.choices, aliases=("等级", "保障等级")),
    Column("monthly_price", _("Monthly price in yuan"), "", "8800.00", reads="decimal",
           aliases=("月租", "月租费", "价格", "monthly_price_yuan")),
    *origin.COLUMNS,
)  # fmt: skip
_FURTHER = ("auto_renew_months", "notice_days", "payment", "registration_number", "registered_on")
_OF_CONTRACT = ("name", "signed_on", "starts_on", "ends_on", "status", *_FURTHER)
_NEW = ("name", "signed_on", "starts_on", "ends_on", *_FURTHER)
_OF_LINE = {"product": "product_id", "grade": "grade", "monthly_price": "monthly_price_fen"}


@dataclass(frozen=True)
class _There:
    """What is there of what the rows name."""

    customers: Mapping[str, Customer]
    products: Mapping[str, Product]
    contracts: Mapping[str, Contract]
    mine: frozenset[str]
    lines: Mapping[tuple[int, int], ContractLine]


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Register contracts whose number is new, change the others and their lines (A7). About 15 queries for any rows."""
    require(by, Permission.WRITE_CONTRACTS)
    there = _read(rows, by=by)
    found = _register([row for row in rows if row.values["number"] not in there.contracts], there, at=at, by=by)
    found |= _change([row for row in rows if row.values["number"] in there.contracts], there, at=at, by=by)
    return [found[row.line] for row in rows]


def _read(rows: Sequence[Given], *, by: Actor) -> _There:
    numbers = {row.values["number"] for row in rows}
    codes = {row.values["customer"] for row in rows if row.values.get("customer")}
    products = {row.values["product"] for row in rows if row.values.get("product")}
    contracts = {c.number: c for c in Contract.objects.filter(number__in=numbers).select_related("customer")}
    lines = ContractLine.objects.filter(contract__in=[c.pk for c in contracts.values()])
    return _There(
        {c.code: c for c in customers_visible_to(by).filter(code__in=codes)},
        {p.code: p for p in Product.objects.filter(code__in=products)},
        contracts,
        frozenset(visible_to(by).filter(number__in=numbers).values_list("number", flat=True)),
        {(line.contract_id, line.position): line for line in lines},
    )


def _register(rows: Sequence[Given], there: _There, *, at: datetime, by: Actor) -> dict[int, Written]:
    found = origin.faults_in(rows, at=at, by=by)
    rows = [row for row in rows if row.line not in found]
    groups: dict[str, list[Given]] = {}
    for row in rows:
        wrong = wrong_in(_line(row), [row.values["position"]], there.products)
        if wrong:
            found[row.line] = refused(bad_line(row.values["number"], row.values["position"], wrong))
        else:
            groups.setdefault(row.values["number"], []).append(row)
    sound: list[NewContract] = []
    for number, group in groups.items():
        try:
            sound.append(_contract(group, there))
        except MainstayError as error:
            found |= {row.line: refused(error) for row in groups[number]}
    made = {c.number: c for c in register_contracts(sound, at=at, by=by)} if sound else {}
    for number, contract in made.items():
        for row in groups[number]:
            after = {"position": row.values["position"], "new_contract": True}
            found[row.line] = Written(Outcome.CREATED, "contract", contract.pk, number, after=after)
    return found


def _contract(group: Sequence[Given], there: _There) -> NewContract:
    given: dict[str, Any] = {}
    if any(row.values.get("status") in OVER for row in group):
        raise BadContract(msgid("Contract {number} is not there, so it cannot end; leave the status out."),
                          number=group[0].values["number"])  # fmt: skip
    for row in reversed(group):
        given |= {name: row.values[name] for name in ("customer", *_NEW) if row.values.get(name) is not None}
    given["status"] = next((s for row in group if (s := row.values.get("status")) in AT_FIRST), ContractStatus.ACTIVE)
    missing = [name for name in ("customer", "name", "signed_on", "starts_on") if not given.get(name)]
    if missing:
        raise _lacking(group[0].values["number"], missing)
    new = NewContract(number=group[0].values["number"], lines=tuple(_line(row) for row in group), **given)
    check_contract(new, there.customers, there.products)
    return new


def _lacking(number: str, missing: Sequence[str]) -> BadContract:
    titles = {column.name: column.title for column in COLUMNS}
    return BadContract(msgid("Contract {number} lacks {fields}; fill them in."), number=number,
                       fields=", ".join(str(titles[name]) for name in missing))  # fmt: skip


def _line(row: Given) -> NewLine:
    values = row.values
    return NewLine(values["position"], values.get("product") or "", values.get("grade") or "",
                   _fen(values.get("monthly_price") or Decimal(0)))  # fmt: skip


def _fen(yuan: Decimal) -> int:
    return round(yuan * 100)


def _change(rows: Sequence[Given], there: _There, *, at: datetime, by: Actor) -> dict[int, Written]:
    keep_missing([there.contracts[number] for number in {row.values["number"] for row in rows}], at=at, by=by)
    found: dict[int, Written] = {}
    contracts: list[changing.Changed[Contract]] = []
    lines: list[changing.Changed[ContractLine]] = []
    new: list[tuple[Given, ContractLine]] = []
    for row in rows:
        contract = there.contracts[row.values["number"]]
        try:
            _check(row, contract, there)
        except MainstayError as error:
            found[row.line] = refused(error)
            continue
        own = {name: row.values[name] for name in _OF_CONTRACT if name in row.values}
        contracts += changing.set_columns([(contract, own)])
        line = there.lines.get((contract.pk, row.values["position"]))
        if line is None:
            new.append((row, _new_line(row, contract, there)))
            after: dict[str, Any] = {"position": row.values["position"]}
            found[row.line] = Written(Outcome.CREATED, "contract", contract.pk, contract.number, None,
                                      contracts[-1].before, after | contracts[-1].after)  # fmt: skip
        else:
            lines += changing.set_columns([(line, _columns(row, there))])
            found[row.line] = _told(contract, contracts[-1], lines[-1], row.values["position"])
    changing.write_columns(contracts)
    changing.write_columns(lines)
    ContractLine.objects.bulk_create([line for _row, line in new], batch_size=500)
    _keep_versions(found.values(), there.contracts, at=at, by=by)
    _record("contract.update", found.values(), there.contracts, at=at, by=by)
    return found


def _keep_versions(done: Iterable[Written], contracts: Mapping[str, Contract], *, at: datetime, by: Actor) -> None:
    """Keep what changed as further versions from today on, and have their days watched."""
    changed = {each.label for each in done if each.outcome in (Outcome.CREATED, Outcome.UPDATED)}
    rows = [contracts[number] for number in sorted(changed)]
    if rows:
        keep_changes(rows, on=timezone.localdate(at), why=by.why or "", at=at, by=by)
        watch(rows, at=at)


def _check(row: Given, contract: Contract, there: _There) -> None:
    """Refuse a row about another's contract, another customer, dates out of order, or with a wrong line."""
    values = row.values
    if contract.number not in there.mine or values.get("customer", contract.customer.code) != contract.customer.code:
        raise BadContract(
            msgid("Contract {number}: there is no customer {code} that you may see; correct the code."),
            number=contract.number, code=values.get("customer", "—"),
        )  # fmt: skip
    starts, ends = values.get("starts_on") or contract.starts_on, values.get("ends_on", contract.ends_on)
    if ends is not None and ends <= starts:
        raise BadContract(
            msgid("Contract {number} ends on {end}, not after its begin on {begin}; correct the dates."),
            number=contract.number, end=ends, begin=starts,
        )  # fmt: skip
    _check_steps(values, contract)
    if values.get("status", contract.status) in OVER and ends is None:
        raise BadContract(
            msgid("Contract {number} cannot have ended without a day; give the day it ends on."), number=contract.number
        )
    if contract.status in OVER and values.get("status", contract.status) != contract.status:
        raise BadContract(msgid("Contract {number} ended on {day} already; nothing was changed."),
                          number=contract.number, day=contract.ends_on or "—")  # fmt: skip
    line = there.lines.get((contract.pk, values["position"]))
    product = values.get("product") or (line and next(iter(there.products), "")) or ""
    judged = NewLine(values["position"], product, values.get("grade") or (line.grade if line else ""),
                     _fen(values.get("monthly_price") or Decimal(0)))  # fmt: skip
    known = there.products if values.get("product") or line is None else {product: None}
    wrong = wrong_in(judged, [values["position"]], known)  # type: ignore[arg-type]
    if wrong:
        raise bad_line(contract.number, values["position"], wrong)


def _check_steps(values: Mapping[str, Any], contract: Contract) -> None:
    """Refuse steps that are not taken by file: only a contract's end is."""
    wanted = values.get("status", contract.status)
    if wanted not in (contract.status, ContractStatus.ENDED, ContractStatus.TERMINATED):
        raise BadContract(msgid("Contract {number} is {status}; sign, register or renew it on its page."),
                          number=contract.number, status=contract.get_status_display())  # fmt: skip
    number = values.get("registration_number", contract.registration_number)
    taken = number and number != contract.registration_number
    if taken and Contract.objects.filter(registration_number=number).exclude(pk=contract.pk).exists():
        raise BadContract(msgid("Registration number {number} is taken; choose another."), number=number)
    ends = values.get("ends_on", contract.ends_on)
    check_renewal(contract.number, ends, values.get("auto_renew_months") or contract.auto_renew_months,
                  values.get("notice_days") or contract.notice_days)  # fmt: skip


def _columns(row: Given, there: _There) -> dict[str, Any]:
    values = row.values
    found: dict[str, Any] = {"product_id": there.products[values["product"]].pk} if values.get("product") else {}
    found |= {"grade": values["grade"]} if values.get("grade") else {}
    return found | ({"monthly_price_fen": _fen(values["monthly_price"])} if values.get("monthly_price") else {})


def _new_line(row: Given, contract: Contract, there: _There) -> ContractLine:
    return ContractLine(contract=contract, position=row.values["position"], **_columns(row, there))


def _told(
    contract: Contract, own: changing.Changed[Contract], line: changing.Changed[ContractLine], position: int
) -> Written:
    before = own.before | {f"line.{name}": value for name, value in line.before.items()}
    after = own.after | {f"line.{name}": value for name, value in line.after.items()}
    outcome = Outcome.UPDATED if after else Outcome.UNCHANGED
    return Written(outcome, "contract", contract.pk, contract.number, None,
                   before | {"position": position}, after | {"position": position})  # fmt: skip


def _record(action: str, done: Any, contracts: Mapping[str, Contract], *, at: datetime, by: Actor) -> None:
    real = [each for each in done if each.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    journal.record(action, [_entry(contracts[each.label], each.before, each.after) for each in real], at=at, by=by)
    index_contracts({each.label: contracts[each.label] for each in real}.values())


def _entry(row: Contract, before: Any, after: Any) -> Change:
    return Change("contract", row.pk, row.number, before, after, row.customer_id, row.customer.region_id)


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: take added lines out, and contracts whose last line goes; give former values back."""
    require(by, Permission.WRITE_CONTRACTS)
    contracts = visible_to(by).select_related("customer").in_bulk({row.object_id for row in rows})
    lines = {(line.contract_id, line.position): line for line in ContractLine.objects.filter(contract__in=contracts)}
    errors: list[MainstayError | None] = []
    out: list[ContractLine] = []
    used = _used([lines[key] for row in rows if row.created and (key := _key(row)) in lines])
    for row in rows:
        line = lines.get(_key(row))
        if row.object_id not in contracts or line is None:
            errors.append(changing.gone(row))
        elif row.created and line.pk in used:
            errors.append(used[line.pk])
        else:
            errors.append(None)
            _give_back(row, contracts[row.object_id], line, out)
    _finish([row for row, error in zip(rows, errors, strict=True) if error is None], contracts, out, at=at, by=by)
    return errors


def _key(row: Taken) -> tuple[int, int]:
    return row.object_id, (row.after or {}).get("position", 0)


def _used(lines: Sequence[ContractLine]) -> dict[int, MainstayError]:
    rows = [Taken("contract", line.pk, str(line.position), True, None, None) for line in lines]
    return changing.in_use(ContractLine, rows, set()) if rows else {}


def _give_back(row: Taken, contract: Contract, line: ContractLine, out: list[ContractLine]) -> None:
    before = dict(row.before or {})
    changing.write_columns(changing.set_columns([(contract, changing.former_values(Contract, before))]))
    if row.created:
        out.append(line)
        return
    of_line = {name.removeprefix("line."): value for name, value in before.items() if name.startswith("line.")}
    changing.write_columns(changing.set_columns([(line, changing.former_values(ContractLine, of_line))]))


def _finish(
    rows: Sequence[Taken], contracts: Mapping[int, Contract], out: Sequence[ContractLine], *, at: datetime, by: Actor
) -> None:
    """Take lines out, then contracts that this import made and that have no line left; tell the trail."""
    left = list(contracts.values())
    journal.record("contract.take_back",
                   [_entry(contracts[row.object_id], row.after, row.before) for row in rows], at=at, by=by)  # fmt: skip
    ContractLine.objects.filter(pk__in=[line.pk for line in out]).delete()
    made = {row.object_id for row in rows if row.created and (row.after or {}).get("new_contract")}
    bare = set(Contract.objects.filter(pk__in=made, lines=None, terms=None).values_list("pk", flat=True))
    forget("contract", bare)
    Contract.objects.filter(pk__in=bare).delete()
    kept = [row for row in left if row.pk not in bare]
    keep_missing(kept, at=at, by=by)
    keep_changes(kept, on=timezone.localdate(at), why="", at=at, by=by)
    index_contracts(contracts[pk] for pk in {row.object_id for row in rows} - bare)


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give every line of the contracts the actor may see, as it would be imported."""
    names = ("contract__number", "position", "contract__customer__code", "contract__name", "contract__signed_on",
             "contract__starts_on", "contract__ends_on", "contract__status",
             *(f"contract__{name}" for name in _FURTHER), "product__code", "grade", "monthly_price_fen")  # fmt: skip
    lines = ContractLine.objects.filter(contract__in=visible_to(by), in_force=True).order_by(
        "contract__number", "position"
    )
    columns = [column.name for column in COLUMNS if column.name not in origin.NAMES]
    for *row, price, pk in lines.values_list(*names, "contract_id").iterator(chunk_size=2_000):
        yield dict(zip((*columns, "id"), (*row, Decimal(price) / 100, pk), strict=True))


CONTRACTS = Kind(
    "contracts", _("Contracts"), COLUMNS, ("number", "position"), Permission.WRITE_CONTRACTS, write, take_back, give,
    origin="contract", about=_("Contracts with their lines: one row a line, the contract's own columns repeated."),
)  # fmt: skip
