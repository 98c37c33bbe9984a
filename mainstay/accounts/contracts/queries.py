"""Read contracts, their lines and special terms, within what an actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, DateField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import NoSuchContract, NoSuchSpecialTerm
from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found


@dataclass(frozen=True)
class ContractFilter:
    """What a list is limited to; empty means any. `ends_before` leaves running contracts that end before that day."""

    text: str = ""
    status: str = ""
    ends_before: date | None = None


def visible_to(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts the actor may see."""
    return Contract.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def visible_contract(actor: Actor, contract_id: int) -> Contract:
    """Return one contract with its customer fetched. Raises NoSuchContract, also when it may not be seen."""
    found = visible_to(actor).select_related("customer").filter(pk=contract_id).first()
    if found is None:
        raise NoSuchContract(msgid("There is no contract {id} that you may see; check the address."), id=contract_id)
    return found


def contract(actor: Actor, contract_id: int) -> Contract:
    """Return one contract with lines (products, special terms) and its own terms fetched (6 queries)."""
    found = visible_to(actor).filter(pk=contract_id).select_related("customer").prefetch_related(*_parts()).first()
    if found is None:
        raise NoSuchContract(msgid("There is no contract {id} that you may see; check the address."), id=contract_id)
    return found


def by_customer(actor: Actor, customer_id: int) -> list[Contract]:
    """Return a customer's contracts, running ones first, each with its lines fetched (6 queries, however many)."""
    rows = visible_to(actor).filter(customer=customer_id).select_related("customer").prefetch_related(*_parts())
    return list(rows.order_by("status", "ends_on", "number"))


def filtered(actor: Actor, wanted: ContractFilter) -> QuerySet[Contract]:
    """Return the contracts within the filter with their customer, unordered.

    Each has `line_count`, `monthly_fen` and `ends_key`: the day it ends, the last of days when it is open-ended.
    """
    rows = visible_to(actor).select_related("customer")
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if wanted.ends_before is not None:
        rows = rows.filter(status=ContractStatus.ACTIVE, ends_on__lt=wanted.ends_before)
    if wanted.text.strip():
        rows = rows.filter(is_found(wanted.text, "contract"))
    ends_key = Coalesce("ends_on", Value(date.max), output_field=DateField())
    lines = ContractLine.objects.filter(contract=OuterRef("pk")).order_by().values("contract")
    counted = Subquery(lines.annotate(n=Count("pk")).values("n"))
    monthly = Subquery(lines.annotate(n=Sum("monthly_price_fen")).values("n"))
    zero = Value(0)
    return rows.annotate(line_count=Coalesce(counted, zero), monthly_fen=Coalesce(monthly, zero), ends_key=ends_key)


def contract_list(actor: Actor, *, text: str = "", status: str = "", page: int = 1, size: int = 50) -> Page[Any]:
    """Return a page of Contract with `line_count` and `monthly_fen`, the next to end first (2 queries)."""
    rows = filtered(actor, ContractFilter(text=text, status=status))
    return LongPaginator(rows.order_by("ends_on", "number"), size).get_page(page)


def expiring(actor: Actor, before: date, *, after: date | None = None) -> list[Contract]:
    """Return running contracts that end in [after, before), the next first, customer and manager fetched (1 query)."""
    rows = visible_to(actor).filter(status=ContractStatus.ACTIVE, ends_on__lt=before)
    if after is not None:
        rows = rows.filter(ends_on__gte=after)
    return list(rows.select_related("customer__account_manager").order_by("ends_on", "number"))


def next_to_end(actor: Actor, customer_id: int, *, on: date) -> Contract | None:
    """Return a customer's running contract that ends next, with `days_left` from a day on, or None (1 query)."""
    rows = visible_to(actor).filter(customer=customer_id, status=ContractStatus.ACTIVE, ends_on__gte=on)
    found = rows.order_by("ends_on", "number").first()
    if found is not None and found.ends_on is not None:
        found.days_left = (found.ends_on - on).days  # type: ignore[attr-defined]
    return found


def customer_terms(customer_ids: Iterable[int]) -> list[SpecialTerm]:
    """Return the special terms agreed for these customers as a whole, calendar fetched (1 query)."""
    rows = SpecialTerm.objects.filter(customer__in=list(customer_ids)).select_related("calendar", "customer")
    return list(rows.order_by("metric", "valid_from", "pk"))


def visible_special_term(actor: Actor, term_id: int) -> SpecialTerm:
    """Return one special term with what it belongs to and its calendar fetched (1 query).

    Raises NoSuchSpecialTerm, also when customer or contract may not be seen.
    """
    seen = Q(pk__in=())
    for owner in ("line__contract__customer", "contract__customer", "customer"):
        seen |= scope(actor, customer=owner, region=f"{owner}__region__code") & Q(**{f"{owner}__isnull": False})
    owners = ("line__contract__customer", "contract__customer", "customer", "calendar")
    found = SpecialTerm.objects.filter(seen, pk=term_id).select_related(*owners).first()
    if found is None:
        raise NoSuchSpecialTerm(msgid("There is no term {id} that you may see; choose one of the list."), id=term_id)
    return found


def _parts() -> tuple[Prefetch, str]:
    lines = ContractLine.objects.select_related("product").prefetch_related("terms__calendar")
    return Prefetch("lines", queryset=lines), "terms__calendar"
