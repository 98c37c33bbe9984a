"""Read contracts, their lines and special terms, within what an actor may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, DateField, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from mainstay.accounts.contracts.choices import LIVE, SHIPPED_DAYS, ContractStatus
from mainstay.accounts.contracts.errors import NoSuchAttachment, NoSuchContract, NoSuchSpecialTerm, NoSuchVersion
from mainstay.accounts.contracts.models import (
    Attachment,
    Contract,
    ContractLine,
    ContractVersion,
    ReminderRule,
    SpecialTerm,
)
from mainstay.accounts.contracts.snapshots import facts_of
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found


@dataclass(frozen=True)
class ContractFilter:
    """What a list is limited to; empty means any. `ends_before` leaves running contracts that end before that day.

    `unregistered`: signed ones that were not registered with the key-account group.
    """

    text: str = ""
    status: str = ""
    ends_before: date | None = None
    unregistered: bool = False


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
    found = (
        visible_to(actor)
        .filter(pk=contract_id)
        .select_related("customer", "followed_by")
        .prefetch_related(*_parts())
        .first()
    )
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
        rows = rows.filter(status__in=LIVE, ends_on__lt=wanted.ends_before)
    if wanted.unregistered:
        rows = rows.filter(status__in=LIVE, registration_number="")
    if wanted.text.strip():
        rows = rows.filter(is_found(wanted.text, "contract"))
    ends_key = Coalesce("ends_on", Value(date.max), output_field=DateField())
    lines = ContractLine.objects.filter(contract=OuterRef("pk"), in_force=True).order_by().values("contract")
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
    rows = visible_to(actor).filter(status__in=LIVE, followed_by=None, ends_on__lt=before)
    if after is not None:
        rows = rows.filter(ends_on__gte=after)
    return list(rows.select_related("customer__account_manager").order_by("ends_on", "number"))


def next_to_end(actor: Actor, customer_id: int, *, on: date) -> Contract | None:
    """Return a customer's running contract that ends next, with `days_left` from a day on, or None (1 query)."""
    rows = visible_to(actor).filter(customer=customer_id, status__in=LIVE, ends_on__gte=on)
    found = rows.order_by("ends_on", "number").first()
    if found is not None and found.ends_on is not None:
        found.days_left = (found.ends_on - on).days  # type: ignore[attr-defined]
    return found


def unregistered(actor: Actor) -> QuerySet[Contract]:
    """Return signed contracts that were not registered with the key-account group, customer fetched, oldest first."""
    rows = visible_to(actor).filter(status=ContractStatus.SIGNED, registration_number="")
    return rows.select_related("customer").order_by("signed_on", "number")


def reminder_days() -> list[int]:
    """Return how many days before their end managers are told of contracts, the most first (1 query).

    Where nobody has set any, those that are shipped.
    """
    return list(ReminderRule.objects.values_list("days", flat=True)) or list(SHIPPED_DAYS)


def versions(contract: Contract) -> list[ContractVersion]:
    """Return all versions of a contract the caller has seen, newest first; one not kept yet is made of the rows."""
    found = list(contract.versions.order_by("-number"))
    if found:
        return found
    facts = facts_of(contract, contract.lines.filter(in_force=True).select_related("product"))
    return [ContractVersion(contract=contract, number=contract.version, valid_from=contract.starts_on, facts=facts)]


def version(contract: Contract, number: int) -> ContractVersion:
    """Return one version of a contract the caller has seen. Raises NoSuchVersion."""
    for found in versions(contract):
        if found.number == number:
            return found
    raise NoSuchVersion(msgid("Contract {number} has no version {version}; choose one of its list."),
                        number=contract.number, version=number)  # fmt: skip


def version_on(contract: Contract, day: date) -> ContractVersion:
    """Return the version in force on a day; before the first one began, the first."""
    found = versions(contract)
    return next((each for each in found if each.valid_from <= day), found[-1])


def version_numbers(contract_ids: Iterable[int], day: date) -> dict[int, int]:
    """Return which version was in force on a day, by contract; those without kept versions are left out (1 query)."""
    rows = ContractVersion.objects.filter(contract__in=list(contract_ids), valid_from__lte=day).order_by("number")
    return dict(rows.values_list("contract", "number"))


@dataclass(frozen=True)
class PriceSpan:
    """A line's monthly price on [begin, end), end None: until further notice."""

    begin: date
    end: date | None
    monthly_price_fen: int


def prices_of(lines: Iterable[ContractLine]) -> dict[int, list[PriceSpan]]:
    """Return the prices of lines through all versions, the oldest first, by line (1 query); contracts fetched.

    A line of a contract without kept versions has the price it has now. No scope: the caller has seen them.
    """
    wanted = list(lines)
    kept: dict[int, list[ContractVersion]] = {}
    rows = ContractVersion.objects.filter(contract__in={line.contract_id for line in wanted}).order_by("number")
    for row in rows:
        kept.setdefault(row.contract_id, []).append(row)
    return {line.pk: _spans(line, kept.get(line.contract_id, [])) for line in wanted}


def _spans(line: ContractLine, kept: list[ContractVersion]) -> list[PriceSpan]:
    if not kept:
        return [PriceSpan(line.contract.starts_on, None, line.monthly_price_fen)]
    spans: list[PriceSpan] = []
    for row, following in zip(kept, [*kept[1:], None], strict=True):
        end = following.valid_from if following else None
        price = next((one["monthly_price_fen"] for one in row.facts["lines"] if one["position"] == line.position), None)
        if price is None or end == row.valid_from:
            continue
        if spans and spans[-1].monthly_price_fen == price and spans[-1].end == row.valid_from:
            spans[-1] = PriceSpan(spans[-1].begin, end, price)
        else:
            spans.append(PriceSpan(row.valid_from, end, price))
    return spans


def visible_attachments(actor: Actor) -> QuerySet[Attachment]:
    """Return the attachments the actor may read: a customer's people only those marked for them and in use."""
    rows = Attachment.objects.filter(
        scope(actor, customer="contract__customer_id", region="contract__customer__region__code")
    )
    if not actor.may(Permission.READ_CONSOLE):
        rows = rows.filter(for_customer=True, withdrawn_at__isnull=True).exclude(contract__status=ContractStatus.DRAFT)
    return rows


def kept_digests() -> QuerySet[Attachment, str]:
    """Return which bytes attachments need (platform.documents keeps them)."""
    return Attachment.objects.values_list("content_id", flat=True)


def visible_attachment(actor: Actor, attachment_id: int) -> Attachment:
    """Return one attachment with its contract and customer fetched. Raises NoSuchAttachment."""
    found = visible_attachments(actor).select_related("contract__customer").filter(pk=attachment_id).first()
    if found is None:
        raise NoSuchAttachment(msgid("There is no file {id} that you may see; choose one of the list."),
                               id=attachment_id)  # fmt: skip
    return found


def attachments(actor: Actor, contract_id: int) -> list[Attachment]:
    """Return the files of a contract that the actor may read, withdrawn ones last (1 query, no bytes read)."""
    rows = visible_attachments(actor).filter(contract=contract_id)
    return list(rows.order_by("withdrawn_at", "-added_at", "-pk"))


def shown_to_customer(actor: Actor) -> QuerySet[Contract]:
    """Return the contracts a customer's people may see: their own, signed ones; lines and products fetched."""
    rows = visible_to(actor).exclude(status=ContractStatus.DRAFT)
    lines = ContractLine.objects.filter(in_force=True).select_related("product")
    return rows.select_related("customer").prefetch_related(Prefetch("lines", queryset=lines))


def contract_of_customer(actor: Actor, contract_id: int) -> Contract:
    """Return one of the contracts a customer's people may see, lines fetched. Raises NoSuchContract."""
    found = shown_to_customer(actor).filter(pk=contract_id).first()
    if found is None:
        raise NoSuchContract(msgid("There is no contract {id} that you may see; check the address."), id=contract_id)
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
