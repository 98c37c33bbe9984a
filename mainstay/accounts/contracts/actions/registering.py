"""Enter contracts with lines and special terms (D1, D2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.accounts.contracts.choices import AT_FIRST, ContractStatus
from mainstay.accounts.contracts.errors import BadContract
from mainstay.accounts.contracts.events import ContractsChanged
from mainstay.accounts.contracts.finding import index_contracts
from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.accounts.contracts.snapshots import keep_first
from mainstay.accounts.contracts.turning import watch
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to as customers_visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class NewLine:
    """A line wanted: a product (code) at a grade, at a monthly price in fen (0.01 yuan), with its own special terms."""

    position: int
    product: str
    grade: str
    monthly_price_fen: int = 0
    terms: tuple[Terms, ...] = ()


@dataclass(frozen=True)
class NewContract:
    """A contract wanted, valid on [starts_on, ends_on); `customer` is a code. `terms` hold for all its lines.

    `status`: a draft, signed, or active: signed and in force. The other fields as in `Contract`.
    """

    number: str
    customer: str
    name: str
    signed_on: date | None
    starts_on: date
    ends_on: date | None = None
    lines: tuple[NewLine, ...] = ()
    terms: tuple[Terms, ...] = ()
    status: str = ContractStatus.ACTIVE
    auto_renew_months: int = 0
    notice_days: int = 0
    payment: str = ""
    registration_number: str = ""
    registered_on: date | None = None


@transaction.atomic
def register_contracts(new: Sequence[NewContract], *, at: datetime, by: Actor) -> list[Contract]:
    """Enter contracts, all or none; return them in the order given (D1).

    Raises BadContract (number taken, unknown customer or product, dates out of order, positions twice, a negative
    price) and BadTerm (catalog).
    """
    require(by, Permission.WRITE_CONTRACTS)
    customers, products = _customers(new, by=by), _products(new)
    calendars = calendars_for(_all_terms(new))
    _refuse_taken([item.number for item in new])
    for item in new:
        check_contract(item, customers, products)
        check_terms(item.number, _all_terms([item]), calendars)
    made = [_row(item, customers) for item in new]
    Contract.objects.bulk_create(made, batch_size=500)
    lines = [(ContractLine(contract=c, product=products[n.product], grade=n.grade, position=n.position,
                           monthly_price_fen=n.monthly_price_fen), n)
             for c, item in zip(made, new, strict=True) for n in item.lines]  # fmt: skip
    ContractLine.objects.bulk_create([line for line, _ in lines], batch_size=500)
    special = [SpecialTerm(contract=c, **t.columns(calendars)) for c, i in zip(made, new, strict=True) for t in i.terms]
    special += [SpecialTerm(line=line, **t.columns(calendars)) for line, wanted in lines for t in wanted.terms]
    SpecialTerm.objects.bulk_create(special, batch_size=500)
    keep_first(made, [line for line, _ in lines], at=at, by=by)
    watch(made, at=at)
    changes = [change_of(row, None, asdict(item)) for row, item in zip(made, new, strict=True)]
    journal.record("contract.register", changes, at=at, by=by)
    index_contracts(made)
    journal.announce(ContractsChanged(tuple({row.customer_id for row in made})), by=by)
    return made


def _all_terms(new: Iterable[NewContract]) -> list[Terms]:
    return [term for item in new for terms in (item.terms, *(line.terms for line in item.lines)) for term in terms]


def _customers(new: Sequence[NewContract], *, by: Actor) -> dict[str, Customer]:
    codes = sorted({item.customer for item in new})
    parts = [codes[start : start + 900] for start in range(0, len(codes), 900)]
    return {row.code: row for part in parts for row in customers_visible_to(by).filter(code__in=part)}


def _products(new: Sequence[NewContract]) -> dict[str, Product]:
    codes = {line.product for item in new for line in item.lines}
    return {row.code: row for row in Product.objects.filter(code__in=codes)}


def _refuse_taken(numbers: Sequence[str]) -> None:
    seen: set[str] = set()
    for number in numbers:
        if number in seen:
            raise BadContract(
                msgid("Contract {number} is given twice in this batch; give every number once."), number=number
            )
        seen.add(number)
    for start in range(0, len(numbers), 900):
        taken = Contract.objects.filter(number__in=numbers[start : start + 900]).first()
        if taken is not None:
            raise BadContract(
                msgid("Contract {number} is registered already; choose another number."), number=taken.number
            )


def check_contract(item: NewContract, customers: Mapping[str, Customer], products: Mapping[str, Product]) -> None:
    """Refuse a contract that is wrong, or a line of it. Raises BadContract."""
    if not item.number.strip():
        raise BadContract(msgid("A contract of customer {code} has no number; give one."), code=item.customer)
    if item.customer not in customers:
        raise BadContract(
            msgid("Contract {number}: there is no customer {code} that you may see; correct the code."),
            number=item.number,
            code=item.customer,
        )
    if item.ends_on is not None and item.ends_on <= item.starts_on:
        raise BadContract(
            msgid("Contract {number} ends on {end}, not after its begin on {begin}; correct the dates."),
            number=item.number,
            end=item.ends_on,
            begin=item.starts_on,
        )
    _check_state(item)
    positions = [line.position for line in item.lines]
    for line in item.lines:
        wrong = wrong_in(line, positions, products)
        if wrong:
            raise bad_line(item.number, line.position, wrong)


def _check_state(item: NewContract) -> None:
    if item.status not in AT_FIRST:
        raise BadContract(
            msgid("Contract {number} can be entered as {states}; choose one of them."),
            number=item.number, states=", ".join(AT_FIRST),
        )  # fmt: skip
    if item.signed_on is None and item.status != ContractStatus.DRAFT:
        raise BadContract(msgid("Contract {number} is signed on no day; give the day, or keep it as a draft."),
                          number=item.number)  # fmt: skip
    check_renewal(item.number, item.ends_on, item.auto_renew_months, item.notice_days)


def check_renewal(number: str, ends_on: date | None, months: int, notice_days: int) -> None:
    """Refuse a renewal that cannot be reckoned. Raises BadContract."""
    if not (0 <= months <= 120 and 0 <= notice_days <= 365):
        raise BadContract(
            msgid("Contract {number} renews itself by 0 to 120 months, with a notice of 0 to 365 days; correct that."),
            number=number,
        )
    if months and ends_on is None:
        raise BadContract(msgid("Contract {number} has no end, so it cannot renew itself; give the day it ends on."),
                          number=number)  # fmt: skip


def bad_line(number: str, position: int, what: str) -> BadContract:
    """Return the refusal of a line."""
    return BadContract(
        msgid("Contract {number}, line {position}: {what} is not possible; correct the line."),
        number=number,
        position=position,
        what=what,
    )


def wrong_in(line: NewLine, positions: Sequence[int], products: Mapping[str, Product]) -> str:
    """Name what is wrong with a line, "" when nothing is."""
    if line.position < 1 or positions.count(line.position) > 1:
        return f"position {line.position}"
    if line.product not in products:
        return f"product “{line.product}”"
    if line.grade not in CircuitGrade.values:
        return f"grade “{line.grade}”"
    return f"price {line.monthly_price_fen}" if line.monthly_price_fen < 0 else ""


def _row(item: NewContract, customers: Mapping[str, Customer]) -> Contract:
    names = ("number", "name", "signed_on", "starts_on", "ends_on", "status", "auto_renew_months", "notice_days",
             "payment", "registration_number", "registered_on")  # fmt: skip
    row = Contract(customer=customers[item.customer], **{name: getattr(item, name) for name in names})
    if item.registration_number and item.status == ContractStatus.SIGNED:
        row.status = ContractStatus.REGISTERED
    return row


def change_of(row: Contract, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    """Return an entry of the trail about a contract, customer fetched."""
    customer = row.customer
    return Change(
        "contract", row.pk, row.number, before, after, customer_id=customer.pk, region_code=customer.region_id
    )
