"""Register contracts with lines and special terms; end them (D1, D2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import BadContract, NoSuchSpecialTerm
from mainstay.accounts.contracts.events import ContractsChanged
from mainstay.accounts.contracts.finding import index_contracts
from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.accounts.contracts.queries import visible_contract, visible_special_term
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
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
    """A contract wanted, valid on [starts_on, ends_on); `customer` is a code. `terms` hold for all its lines."""

    number: str
    customer: str
    name: str
    signed_on: date
    starts_on: date
    ends_on: date | None = None
    lines: tuple[NewLine, ...] = ()
    terms: tuple[Terms, ...] = ()


@transaction.atomic
def register_contracts(new: Sequence[NewContract], *, at: datetime, by: Actor) -> list[Contract]:
    """Register contracts, all or none; return them in the order given (D1).

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
    changes = [_change(row, None, asdict(item)) for row, item in zip(made, new, strict=True)]
    journal.record("contract.register", changes, at=at, by=by)
    index_contracts(made)
    journal.announce(ContractsChanged(tuple({row.customer_id for row in made})), by=by)
    return made


@transaction.atomic
def agree_terms(customer_id: int, terms: Sequence[Terms], *, at: datetime, by: Actor) -> list[SpecialTerm]:
    """Agree special terms for all a customer has. Raises NoSuchCustomer, BadTerm."""
    require(by, Permission.WRITE_CONTRACTS)
    customer = visible_customer(by, customer_id)
    calendars = calendars_for(terms)
    check_terms(customer.name, terms, calendars)
    made = SpecialTerm.objects.bulk_create(SpecialTerm(customer=customer, **t.columns(calendars)) for t in terms)
    after = {"terms": [asdict(term) for term in terms]}
    change = Change("customer", customer.pk, customer.name, None, after, customer.pk, customer.region_id)
    journal.record("customer.terms", [change], at=at, by=by)
    return made


@transaction.atomic
def agree_contract_terms(
    contract_id: int, terms: Sequence[Terms], *, position: int | None = None, at: datetime, by: Actor
) -> list[SpecialTerm]:
    """Agree special terms for a whole contract, or for its line at `position`; what was agreed before stays.

    Where two hold on the same day, the one that began last wins. Raises NoSuchContract, BadContract when it has ended
    or has no such line, BadTerm.
    """
    require(by, Permission.WRITE_CONTRACTS)
    contract = visible_contract(by, contract_id)
    _refuse_ended(contract)
    line = None
    if position is not None:
        line = contract.lines.filter(position=position).first()
        if line is None:
            raise BadContract(
                msgid("Contract {number} has no line {position}; choose one of its lines."),
                number=contract.number,
                position=position,
            )
    calendars = calendars_for(terms)
    check_terms(contract.number, terms, calendars)
    place = {"line": line} if line else {"contract": contract}
    made = SpecialTerm.objects.bulk_create(SpecialTerm(**place, **t.columns(calendars)) for t in terms)
    after = {"line": position, "terms": [asdict(term) for term in terms]}
    journal.record("contract.terms", [_change(contract, None, after)], at=at, by=by)
    return made


@transaction.atomic
def end_special_term(term_id: int, *, on: date, at: datetime, by: Actor) -> SpecialTerm:
    """Let a special term of a line, contract or customer hold no longer from a day on; clocks that run keep theirs.

    Raises NoSuchSpecialTerm, BadContract when the day does not lie within its validity.
    """
    require(by, Permission.WRITE_CONTRACTS)
    term = visible_special_term(by, term_id)
    if on <= term.valid_from or (term.valid_to is not None and on > term.valid_to):
        raise BadContract(
            msgid("This term holds from {begin} to {end}; choose a day after its begin, up to its end."),
            begin=term.valid_from,
            end=term.valid_to or "—",
        )
    before, after = {"term": term.pk, "valid_to": term.valid_to}, {"term": term.pk, "valid_to": on}
    term.valid_to = on
    term.save(update_fields=["valid_to"])
    contract = term.line.contract if term.line else term.contract
    if contract is not None:
        change = _change(contract, before, after)
    elif term.customer is not None:
        owner = term.customer
        change = Change("customer", owner.pk, owner.name, before, after, owner.pk, owner.region_id)
    else:
        raise NoSuchSpecialTerm(msgid("There is no term {id} that you may see; choose one of the list."), id=term_id)
    journal.record(f"{change.object_kind}.term_end", [change], at=at, by=by)
    return term


def _refuse_ended(contract: Contract) -> None:
    if contract.status == ContractStatus.ENDED:
        raise BadContract(
            msgid("Contract {number} ended on {day} already; nothing was changed."),
            number=contract.number,
            day=contract.ends_on or "—",
        )


@transaction.atomic
def end_contract(contract_id: int, *, on: date, at: datetime, by: Actor) -> Contract:
    """End a contract on a day: from then its terms hold no more.

    Raises NoSuchContract, BadContract when it ended before.
    """
    require(by, Permission.WRITE_CONTRACTS)
    contract = visible_contract(by, contract_id)
    _refuse_ended(contract)
    if on < contract.starts_on:
        raise BadContract(
            msgid("Contract {number} begins on {begin} and cannot end on {end}, before it; choose a later day."),
            number=contract.number,
            begin=contract.starts_on,
            end=on,
        )
    before = {"status": contract.status, "ends_on": contract.ends_on}
    contract.status, contract.ends_on, contract.version = ContractStatus.ENDED, on, contract.version + 1
    contract.save(update_fields=["status", "ends_on", "version"])
    after = {"status": contract.status, "ends_on": on}
    journal.record("contract.end", [_change(contract, before, after)], at=at, by=by)
    journal.announce(ContractsChanged((contract.customer_id,)), by=by)
    return contract


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
    positions = [line.position for line in item.lines]
    for line in item.lines:
        wrong = wrong_in(line, positions, products)
        if wrong:
            raise bad_line(item.number, line.position, wrong)


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
    return Contract(
        number=item.number,
        customer=customers[item.customer],
        name=item.name,
        signed_on=item.signed_on,
        starts_on=item.starts_on,
        ends_on=item.ends_on,
    )


def _change(row: Contract, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    customer = row.customer
    return Change(
        "contract", row.pk, row.number, before, after, customer_id=customer.pk, region_code=customer.region_id
    )
