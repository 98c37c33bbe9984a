"""Read clauses: what is laid down for all is read by all staff, a customer's own by who may see the customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.compensation import ClauseSet, clause_set_from, reckon
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.queries import scope
from mainstay.service.compensation.errors import NoSuchTerms
from mainstay.service.compensation.holding import HoldingClauses, clauses_for
from mainstay.service.compensation.models import ClauseTerms
from mainstay.service.compensation.month_facts import facts_of
from mainstay.service.compensation.queries.claims import circuit_named
from mainstay.service.compensation.wording import clause_words, sentences_of, set_words

OWNERS = ("circuit__customer", "line__contract__customer", "contract__customer", "customer")
FETCHED = (*OWNERS, "profile", "product", "package")


def visible_to(actor: Actor) -> QuerySet[ClauseTerms]:
    """Return the sets the actor may read, what they belong to fetched."""
    if not actor.is_staff:
        return ClauseTerms.objects.none()
    seen = Q(circuit__isnull=True, line__isnull=True, contract__isnull=True, customer__isnull=True)
    for owner in OWNERS:
        mine = scope(actor, customer=owner, region=f"{owner}__region__code")
        seen |= mine & Q(**{f"{owner}__isnull": False})
    return ClauseTerms.objects.filter(seen).select_related(*FETCHED)


def visible_terms(actor: Actor, terms_id: int, *, lock: bool = False) -> ClauseTerms:
    """Return one set. Raises NoSuchTerms, also when it may not be seen."""
    rows = visible_to(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=terms_id).first()
    if found is None:
        raise NoSuchTerms(msgid("There are no clauses {id} that you may see; choose from the list."), id=terms_id)
    return found


@dataclass(frozen=True)
class ClauseLine:
    """One clause in words."""

    code: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class TermsRow:
    """A set as pages show it: where it holds, its clauses and what holds for all of them, in the reader's language."""

    id: int
    name: str
    source: str
    level: str
    level_label: str
    place: str
    valid_from: date
    valid_to: date | None
    version: int
    is_example: bool
    in_force: bool
    clauses: tuple[ClauseLine, ...]
    words: tuple[str, ...]
    customer_id: int | None
    contract_id: int | None
    circuit_id: int | None


def terms_rows(rows: Iterable[ClauseTerms], *, on: date) -> list[TermsRow]:
    """Return sets as pages show them (no query)."""
    return [terms_row(row, on=on) for row in rows]


def terms_row(row: ClauseTerms, *, on: date) -> TermsRow:
    """Return one set as pages show it."""
    clauses = clause_set_from(row.terms)
    holds = row.valid_from <= on and (row.valid_to is None or on < row.valid_to)
    in_force = holds and not row.is_example and (row.profile is None or row.profile.active)
    contract = row.contract or (row.line.contract if row.line else None)
    return TermsRow(
        row.pk, row.name, row.source, row.level, row.level_label, _place(row), row.valid_from, row.valid_to,
        row.version, row.is_example, in_force,
        tuple(ClauseLine(one.code, one.name or one.code, tuple(clause_words(one))) for one in clauses.clauses),
        tuple(set_words(clauses)) if clauses.clauses else (), row.customer_id, contract.pk if contract else None,
        row.circuit_id,
    )  # fmt: skip


def _place(row: ClauseTerms) -> str:
    if row.circuit:
        return row.circuit.number
    if row.line:
        return f"{row.line.contract.number} · {row.line.position}"
    if row.contract:
        return row.contract.number
    if row.customer:
        return str(row.customer.name)
    if row.package:
        return row.package.name
    parts = (row.profile.name if row.profile else "", row.grade, row.product.name if row.product else "")
    return " · ".join(part for part in parts if part)


def all_terms(actor: Actor, *, on: date, ended: bool = False) -> list[TermsRow]:
    """Return the sets the actor may read, those for all first (1 query); `ended` adds past versions."""
    rows = visible_to(actor)
    if not ended:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return terms_rows(rows.order_by("is_example", "customer", "contract", "line", "circuit", "name", "-version"), on=on)


def versions(actor: Actor, terms: ClauseTerms, *, on: date) -> list[TermsRow]:
    """Return a set's versions, the newest first."""
    same = Q(circuit=terms.circuit_id, line=terms.line_id, contract=terms.contract_id, customer=terms.customer_id)
    same &= Q(package=terms.package_id, profile=terms.profile_id, grade=terms.grade, product=terms.product_id)
    rows = list(visible_to(actor).filter(same).order_by("-valid_from", "-version"))
    chain = {terms.pk}
    for _ in rows:  # each turn finds the neighbours of what is known
        chain |= {row.pk for row in rows if row.before_id in chain}
        chain |= {row.before_id for row in rows if row.pk in chain and row.before_id}
    return terms_rows([row for row in rows if row.pk in chain], on=on)


def special_terms(actor: Actor, *, customer_id: int, contract_id: int | None = None, on: date) -> list[TermsRow]:
    """Return the sets agreed with a customer (with `contract_id`: in that contract), past ones too (1 query)."""
    mine = Q(contract=contract_id) | Q(line__contract=contract_id)
    if contract_id is None:
        mine = Q(customer=customer_id) | Q(contract__customer=customer_id) | Q(line__contract__customer=customer_id)
        mine |= Q(circuit__customer=customer_id)
    return terms_rows(visible_to(actor).filter(mine).order_by("-valid_from", "-pk"), on=on)


@dataclass(frozen=True)
class Trial:
    """What clauses give for a circuit's month: nothing is written."""

    circuit_id: int
    number: str
    customer_name: str
    month: date
    closed: bool
    version: int
    name: str
    reason: str
    amount_fen: int
    lines: tuple[str, ...]
    holding: HoldingClauses | None


def try_out(actor: Actor, number: str, month: date, clauses: ClauseSet | None = None, *, name: str = "") -> Trial:
    """Reckon a circuit's month under clauses, or under those that hold; writes nothing. Raises BadClaim."""
    pk = circuit_named(actor, number)
    row = Circuit.objects.select_related("contract_line__contract", "customer").get(pk=pk or 0)
    found = facts_of(month, [row])[row.pk]
    holding = clauses_for([row], month).get(row.pk)
    used = clauses if clauses is not None else (holding.clauses if holding else ClauseSet())
    given = reckon(used, found.facts)
    return Trial(
        row.pk, row.number, row.customer.name, month, found.facts.closed, found.version,
        name or (holding.name if holding else ""), holding.reason() if holding and clauses is None else "",
        given.due_fen, sentences_of(given.lines), holding,
    )  # fmt: skip
