"""Read compensations: lists and totals by scope, one with its derivation; a customer's people only what was granted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet, Sum

from mainstay.domain.actor import Actor, ActorKind
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.circuits import visible_to as circuits_visible_to
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.compensation.choices import GRANTED, TOLD, ClaimKind, ClaimStatus
from mainstay.service.compensation.errors import BadClaim, NoSuchClaim
from mainstay.service.compensation.finding import may_propose
from mainstay.service.compensation.models import Claim, Letter
from mainstay.service.compensation.wording import sentences, yuan

CHUNK = 900
SORTS = {
    "month": ("month", "pk"),
    "amount": ("amount_fen", "pk"),
    "customer": ("customer__name", "pk"),
    "status": ("status", "-month", "-pk"),
    "proposed": ("proposed_at", "pk"),
}


@dataclass(frozen=True)
class ClaimFilter:
    """What a list is limited to; empty means any. `status` may be "open", "granted" or a status."""

    status: str = ""
    month: date | None = None
    customer_id: int | None = None
    contract_id: int | None = None
    circuit_id: int | None = None
    run_id: int | None = None
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class ClaimRow:
    """A compensation as lists and reports show it; words are in the reader's language."""

    id: int
    number: str
    customer_id: int
    customer_name: str
    circuit_id: int | None
    circuit_number: str
    month: date
    clause_code: str
    clause_name: str
    amount_fen: int
    amount: str
    kind: str
    kind_label: str
    status: str
    status_label: str
    proposed_by: str
    proposed_at: datetime
    derivation: tuple[str, ...] = ()


def visible_to(actor: Actor) -> QuerySet[Claim]:
    """Return the compensations the actor may see."""
    rows = Claim.objects.filter(scope(actor))
    if actor.kind == ActorKind.CUSTOMER:
        return rows.filter(status__in=TOLD) if actor.may(Permission.PORTAL) else rows.none()
    return rows


def matching(actor: Actor, wanted: ClaimFilter) -> QuerySet[Claim]:
    """Return the compensations within a filter, unordered."""
    rows = visible_to(actor)
    if wanted.status == "open":
        rows = rows.filter(status=ClaimStatus.PROPOSED)
    elif wanted.status == "granted":
        rows = rows.filter(status__in=GRANTED)
    elif wanted.status in ClaimStatus.values:
        rows = rows.filter(status=wanted.status)
    plain = {
        "month": wanted.month, "customer": wanted.customer_id, "contract": wanted.contract_id,
        "circuit": wanted.circuit_id, "billing_rows__run": wanted.run_id, "kind": wanted.kind,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    return rows.filter(_says(wanted.text.strip())) if wanted.text.strip() else rows


def _says(text: str) -> Q:
    number = text.upper().removeprefix("CP-").lstrip("0")
    said = Q(customer__name__icontains=text) | Q(customer__short_name__icontains=text)
    said |= Q(circuit__number__icontains=text)
    return said | Q(pk=int(number)) if number.isdecimal() and len(number) < 18 else said


def fetched(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return rows with what lists need."""
    return rows.select_related("customer", "circuit")


def claim_list(
    actor: Actor, wanted: ClaimFilter = ClaimFilter(), *, sort: str = "-month", page: int = 1, size: int = 50
) -> Page[Any]:
    """Return a page of ClaimRow (2 queries)."""
    name, falling = sort.removeprefix("-"), sort.startswith("-")
    order = SORTS.get(name, SORTS["month"])
    columns = [(c.removeprefix("-") if c.startswith("-") else f"-{c}") if falling else c for c in order]
    cut = LongPaginator(fetched(matching(actor, wanted)).order_by(*columns), size).get_page(page)
    cut.object_list = [row_of(claim) for claim in cut.object_list]
    return cut


def row_of(claim: Claim, *, derivation: bool = False) -> ClaimRow:
    """Return a compensation as lists show it; customer and circuit are fetched."""
    return ClaimRow(
        claim.pk, claim.number, claim.customer_id, str(claim.customer.name), claim.circuit_id,
        claim.circuit.number if claim.circuit else "", claim.month, claim.clause_code, claim.clause_name,
        claim.amount_fen, yuan(claim.amount_fen), claim.kind, str(ClaimKind(claim.kind).label), claim.status,
        str(ClaimStatus(claim.status).label), claim.proposed_by, claim.proposed_at,
        sentences(claim.lines) if derivation else (),
    )  # fmt: skip


def claims_of(customer_ids: Collection[int], month: date) -> dict[int, list[ClaimRow]]:
    """Return what was granted to customers for a month, reversals too, by customer id (1 query for 900). No scope."""
    wanted = sorted(customer_ids)
    found: dict[int, list[ClaimRow]] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Claim.objects.filter(customer__in=wanted[start : start + CHUNK], month=month, status__in=TOLD)
        for claim in fetched(rows).order_by("circuit__number", "pk"):
            found.setdefault(claim.customer_id, []).append(row_of(claim, derivation=True))
    return found


@dataclass(frozen=True)
class Total:
    """How many compensations are in a state, and their sum."""

    status: str
    label: str
    count: int
    sum_fen: int
    amount: str


def totals(rows: QuerySet[Claim]) -> list[Total]:
    """Sum compensations by state, in the order of the states (1 query)."""
    counted = rows.order_by().values("status").annotate(count=Count("pk"), sum_fen=Sum("amount_fen"))
    by_status = {row["status"]: row for row in counted}
    return [
        Total(status, str(label), row["count"], row["sum_fen"], yuan(row["sum_fen"]))
        for status, label in ClaimStatus.choices
        if (row := by_status.get(status)) is not None
    ]


def months(actor: Actor) -> list[date]:
    """Return the months with compensations, the newest first (1 query)."""
    return list(visible_to(actor).order_by("-month").values_list("month", flat=True).distinct())


@dataclass(frozen=True)
class Link:
    """Another compensation this one has to do with."""

    id: int
    number: str
    status_label: str
    amount: str


@dataclass(frozen=True)
class LetterRow:
    """A letter about a compensation."""

    document_id: int
    language: str
    made_at: datetime


@dataclass(frozen=True)
class BillingLine:
    """A billing run a compensation went into, and what billing said."""

    run_id: int
    run_number: str
    made_at: datetime
    answer_label: str
    why: str


@dataclass(frozen=True)
class ClaimPage:
    """One compensation with everything its page needs; `may_…`: what this actor may do now."""

    row: ClaimRow
    contract_id: int | None
    contract_number: str
    region_code: str
    why: str
    decided_by: str
    decided_at: datetime | None
    decided_why: str
    terms_id: int | None
    terms_name: str
    terms_version: int
    result_version: int
    revision: int
    events: tuple[Mapping[str, Any], ...]
    reverses: Link | None
    waits_for: Link | None
    reversals: tuple[Link, ...]
    others: tuple[Link, ...]
    letters: tuple[LetterRow, ...]
    billing: tuple[BillingLine, ...]
    may_decide: bool
    may_reject: bool
    may_reverse: bool
    may_write: bool


def claim(actor: Actor, claim_id: int) -> ClaimPage:
    """Return one compensation with its derivation (7 queries). Raises NoSuchClaim, also when it may not be seen."""
    rows = fetched(visible_to(actor)).select_related("contract", "clause_terms", "reverses", "waits_for")
    found = rows.filter(pk=claim_id).first()
    if found is None:
        raise NoSuchClaim(msgid("There is no compensation {id} that you may see; look in the list."), id=claim_id)
    reversals = [link_of(row) for row in visible_to(actor).filter(reverses=found).order_by("pk")]
    others = visible_to(actor).filter(circuit=found.circuit_id, month=found.month, circuit__isnull=False)
    billing = found.billing_rows.select_related("run").order_by("pk") if actor.is_staff else ()
    terms = found.clause_terms
    return ClaimPage(
        row=row_of(found, derivation=True), contract_id=found.contract_id,
        contract_number=found.contract.number if found.contract else "", region_code=found.region_code, why=found.why,
        decided_by=found.decided_by, decided_at=found.decided_at, decided_why=found.decided_why,
        terms_id=found.clause_terms_id, terms_name=terms.name if terms else "",
        terms_version=terms.version if terms else 0, result_version=found.result_version, revision=found.revision,
        events=tuple(found.facts.get("events", ())), reverses=_maybe(found.reverses), waits_for=_maybe(found.waits_for),
        reversals=tuple(reversals), others=tuple(link_of(row) for row in others.exclude(pk=found.pk).order_by("pk")),
        letters=tuple(_letters([found.pk])),
        billing=tuple(
            BillingLine(r.run_id, r.run.number, r.run.made_at, str(r.get_answer_display()), r.why) for r in billing
        ),
        **_verbs(found, actor, undone=bool(reversals)),
    )  # fmt: skip


def _verbs(found: Claim, actor: Actor, *, undone: bool) -> dict[str, bool]:
    waits, approves = found.status == ClaimStatus.PROPOSED, actor.may(Permission.APPROVE)
    own = found.proposed_user_id is not None and found.proposed_user_id == actor.user_id
    first = found.waits_for is not None and found.waits_for.status == ClaimStatus.PROPOSED
    granted = found.status in GRANTED and found.kind != ClaimKind.REVERSAL
    return {
        "may_decide": waits and approves and not own and not first,
        "may_reject": waits and (approves or own),
        "may_reverse": granted and not undone and may_propose(actor),
        "may_write": found.status in TOLD and may_propose(actor),
    }


def circuit_named(actor: Actor, number: str) -> int | None:
    """Return the id of a circuit the actor may see by its number, None for an empty one. Raises BadClaim."""
    if not number.strip():
        return None
    found = circuits_visible_to(actor).filter(number=number.strip()).values_list("pk", flat=True).first()
    if found is None:
        raise BadClaim(msgid("There is no circuit {number} that you may see; correct the number."), number=number)
    return found


def _maybe(row: Claim | None) -> Link | None:
    return link_of(row) if row is not None else None


def link_of(row: Claim) -> Link:
    """Return a compensation as others name it."""
    return Link(row.pk, row.number, str(ClaimStatus(row.status).label), yuan(row.amount_fen))


def _letters(claim_ids: Iterable[int]) -> list[LetterRow]:
    rows = Letter.objects.filter(claim__in=list(claim_ids)).order_by("-made_at", "language")
    return [LetterRow(row.document_id, row.language, row.made_at) for row in rows]
