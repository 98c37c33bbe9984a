"""Special terms from and to files: what was promised one customer, for all it has, a contract or a line (A7, D2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.accounts.catalog.terms import Terms, check_terms
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import BadContract
from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.accounts.contracts.queries import visible_to
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_returning
from mainstay.platform.calendars.models import Calendar
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports import changing
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

COLUMNS = (
    Column("customer", _("Customer code"), _("To whom it was promised."), "C0001", required=True, longest=32,
           aliases=("客户编码", "customer_code", "客户号")),
    Column("contract", _("Contract number"), _("Empty: for all the customer has."), "HT-0001", longest=40,
           aliases=("合同编号", "合同号", "合同", "contract_no")),
    Column("line", _("Contract line"), _("Empty: for the whole contract."), "1", reads="integer",
           aliases=("合同行", "合同行号", "行号", "position")),
    Column("metric", _("Promise"), _("What is promised."), "restoration", required=True, reads="choice",
           choices=Metric.choices, aliases=("承诺", "指标")),
    Column("amount", _("Amount"), _("How much of the unit."), "4", required=True, reads="decimal", aliases=("数值",)),
    Column("unit", _("Unit"), "", "natural_minutes", required=True, reads="choice", choices=Unit.choices,
           aliases=("单位",)),
    Column("calendar", _("Calendar"), _("Code of the calendar by which it is counted."), "24x7", required=True,
           longest=32, aliases=("日历",)),
    Column("valid_from", _("Valid from"), _("With what it is promised for, and the promise, it identifies the term."),
           "2026-01-01", required=True, reads="date", aliases=("生效日期", "开始日期")),
    Column("valid_to", _("Valid to"), _("The first day it no longer holds; empty: open."), "", reads="date",
           aliases=("终止日期", "到期日期")),
)  # fmt: skip
PLACES = ("customer_id", "contract_id", "line_id")
_SET = ("amount", "unit", "calendar_id", "valid_to")


@dataclass(frozen=True)
class _There:
    """What is there of what the rows name."""

    customers: Mapping[str, Customer]
    contracts: Mapping[str, Contract]
    lines: Mapping[tuple[int, int], ContractLine]
    calendars: Mapping[str, Calendar]
    terms: Mapping[tuple[object, ...], SpecialTerm]


@dataclass(frozen=True)
class _Wanted:
    """A row that is sound: where its term belongs, and the term."""

    line: int
    owner: Customer | Contract
    place: tuple[int | None, int | None, int | None]
    columns: dict[str, Any]

    def key(self) -> tuple[object, ...]:
        return (*self.place, self.columns["metric"], self.columns["valid_from"])


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Agree terms that are new, change the others (A7). About 10 queries for any rows."""
    require(by, Permission.WRITE_CONTRACTS)
    there = _read(rows, by=by)
    found: dict[int, Written] = {}
    wanted: list[_Wanted] = []
    for row in rows:
        try:
            wanted.append(_wanted(row, there))
        except MainstayError as error:
            found[row.line] = refused(error)
    new = [each for each in wanted if each.key() not in there.terms]
    columns = (*PLACES, "metric", "valid_from", *_SET)
    keys = insert_returning(SpecialTerm, columns, [(*e.place, *(e.columns[n] for n in columns[3:])) for e in new])
    for each, key in zip(new, keys, strict=True):
        found[each.line] = _written(Outcome.CREATED, each, None, {"term": key} | each.columns)
    known = [(each, there.terms[each.key()]) for each in wanted if each.key() in there.terms]
    changed = changing.set_columns([(term, {name: each.columns[name] for name in _SET}) for each, term in known])
    changing.write_columns(changed)
    for (each, term), change in zip(known, changed, strict=True):
        outcome = Outcome.UPDATED if change.after else Outcome.UNCHANGED
        told = {"term": term.pk} if change.after else {}
        found[each.line] = _written(outcome, each, change.before | told, change.after | told)
    _record([each for each in wanted if found[each.line].after], found, at=at, by=by)
    return [found[row.line] for row in rows]


def _written(outcome: str, each: _Wanted, before: dict[str, Any] | None, after: dict[str, Any]) -> Written:
    kind = "contract" if isinstance(each.owner, Contract) else "customer"
    return Written(outcome, kind, each.owner.pk, str(each.owner), None, before, after)


def _record(wanted: Sequence[_Wanted], found: Mapping[int, Written], *, at: datetime, by: Actor) -> None:
    for kind in ("contract", "customer"):
        told = [(each, found[each.line]) for each in wanted if found[each.line].object_kind == kind]
        journal.record(f"{kind}.terms", [_entry(each.owner, w.before, w.after) for each, w in told], at=at, by=by)


def _entry(owner: Customer | Contract, before: Any, after: Any) -> Change:
    customer = owner.customer if isinstance(owner, Contract) else owner
    kind = "contract" if isinstance(owner, Contract) else "customer"
    return Change(kind, owner.pk, str(owner), before, after, customer.pk, customer.region_id)


def _read(rows: Sequence[Given], *, by: Actor) -> _There:
    def given(name: str) -> set[Any]:
        return {row.values[name] for row in rows if row.values.get(name)}

    customers = {c.code: c for c in customers_visible_to(by).filter(code__in=given("customer"))}
    owned = visible_to(by).filter(number__in=given("contract")).select_related("customer")
    contracts = {c.number: c for c in owned}
    ids = [c.pk for c in contracts.values()]
    lines = {(line.contract_id, line.position): line for line in ContractLine.objects.filter(contract__in=ids)}
    places = Q(customer__in=[c.pk for c in customers.values()]) | Q(contract__in=ids) | Q(line__contract__in=ids)
    terms = SpecialTerm.objects.filter(places)
    return _There(
        customers, contracts, lines,
        {calendar.code: calendar for calendar in Calendar.objects.filter(code__in=given("calendar"))},
        {(t.customer_id, t.contract_id, t.line_id, t.metric, t.valid_from): t for t in terms},
    )  # fmt: skip


def _wanted(row: Given, there: _There) -> _Wanted:
    """Return what a row wants. Raises BadContract, BadTerm."""
    values = row.values
    customer = there.customers.get(values["customer"])
    if customer is None:
        raise BadContract(msgid("There is no customer {code} that you may see; correct the code."),
                          code=values["customer"])  # fmt: skip
    owner, place = _place(row, customer, there)
    term = Terms(values["metric"], values.get("amount") or Decimal(0), values.get("unit") or "",
                 values.get("calendar") or "", values["valid_from"], values.get("valid_to"))  # fmt: skip
    check_terms(str(owner), [term], dict(there.calendars))
    columns = {"metric": term.metric, "valid_from": term.valid_from, "amount": term.amount, "unit": term.unit,
               "calendar_id": there.calendars[term.calendar].pk, "valid_to": term.valid_to}  # fmt: skip
    return _Wanted(row.line, owner, place, columns)


def _place(
    row: Given, customer: Customer, there: _There
) -> tuple[Customer | Contract, tuple[int | None, int | None, int | None]]:
    number, position = row.values.get("contract"), row.values.get("line")
    if not number and position:
        raise BadContract(msgid("A contract line needs the number of its contract; fill it in."))
    if not number:
        return customer, (customer.pk, None, None)
    contract = there.contracts.get(number)
    if contract is None or contract.customer_id != customer.pk:
        raise BadContract(msgid("Contract {number} is not one of customer {code}; correct one of them."),
                          number=number, code=customer.code)  # fmt: skip
    if contract.status == ContractStatus.ENDED:
        raise BadContract(msgid("Contract {number} ended on {day} already; nothing was changed."),
                          number=number, day=contract.ends_on or "—")  # fmt: skip
    if not position:
        return contract, (None, contract.pk, None)
    line = there.lines.get((contract.pk, position))
    if line is None:
        raise BadContract(msgid("Contract {number} has no line {position}; choose one of its lines."),
                          number=number, position=position)  # fmt: skip
    return contract, (None, None, line.pk)


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: take agreed terms out again, give changed ones their former values."""
    require(by, Permission.WRITE_CONTRACTS)
    owners = SpecialTerm.objects.select_related("customer", "contract__customer", "line__contract__customer")
    terms = owners.in_bulk({(row.after or {}).get("term", 0) for row in rows})
    errors: list[MainstayError | None] = []
    out: list[int] = []
    told: list[Change] = []
    for row in rows:
        term = terms.get((row.after or {}).get("term", 0))
        if term is None:
            errors.append(changing.gone(row))
            continue
        errors.append(None)
        owner = term.customer or term.contract or (term.line and term.line.contract)
        told.append(_entry(owner, row.after, row.before))  # type: ignore[arg-type]
        if row.created:
            out.append(term.pk)
        else:
            former = changing.former_values(SpecialTerm, row.before)
            changing.write_columns(changing.set_columns([(term, former)]))
    for kind in ("contract", "customer"):
        journal.record(f"{kind}.take_back", [each for each in told if each.object_kind == kind], at=at, by=by)
    SpecialTerm.objects.filter(pk__in=out).delete()
    return errors


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give every special term of the customers the actor may see, as it would be imported."""
    own = scope(by, customer="customer_id", region="customer__region__code") & Q(customer__isnull=False)
    seen = visible_to(by).values("pk")
    rows = SpecialTerm.objects.filter(own | Q(contract__in=seen) | Q(line__contract__in=seen)).order_by("pk")
    rows = rows.select_related("customer", "contract__customer", "line__contract__customer", "calendar")
    for term in rows.iterator(chunk_size=1_000):
        contract = term.contract or (term.line and term.line.contract)
        customer = contract.customer if contract else term.customer
        yield {
            "customer": customer and customer.code, "contract": contract and contract.number,
            "line": term.line and term.line.position, "metric": term.metric, "amount": term.amount, "unit": term.unit,
            "calendar": term.calendar.code, "valid_from": term.valid_from, "valid_to": term.valid_to,
        }  # fmt: skip


TERMS = Kind(
    "terms", _("Special promises"), COLUMNS, ("customer", "contract", "line", "metric", "valid_from"),
    Permission.WRITE_CONTRACTS, write, take_back, give, may_lack=("contract", "line"),
    about=_("What was promised single customers: for all they have, for a contract, or for a line of one."),
)  # fmt: skip
