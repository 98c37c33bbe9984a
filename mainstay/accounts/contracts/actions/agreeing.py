"""Agree special terms in contracts and with customers, and end them (D2)."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from mainstay.accounts.catalog.terms import Terms, calendars_for, check_terms
from mainstay.accounts.contracts.actions.registering import change_of
from mainstay.accounts.contracts.actions.stepping import refuse_over
from mainstay.accounts.contracts.errors import BadContract, NoSuchSpecialTerm
from mainstay.accounts.contracts.models import SpecialTerm
from mainstay.accounts.contracts.queries import visible_contract, visible_special_term
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


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
    refuse_over(contract)
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
    journal.record("contract.terms", [change_of(contract, None, after)], at=at, by=by)
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
        change = change_of(contract, before, after)
    elif term.customer is not None:
        owner = term.customer
        change = Change("customer", owner.pk, owner.name, before, after, owner.pk, owner.region_id)
    else:
        raise NoSuchSpecialTerm(msgid("There is no term {id} that you may see; choose one of the list."), id=term_id)
    journal.record(f"{change.object_kind}.term_end", [change], at=at, by=by)
    return term
