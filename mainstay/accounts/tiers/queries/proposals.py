"""Read proposed changes of grades, within what an actor may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.tiers.choices import MOVES, REACH, Level, Standing
from mainstay.accounts.tiers.errors import NoSuchRules
from mainstay.accounts.tiers.grades import grades_of, label_of, names_in, table_of
from mainstay.accounts.tiers.models import Proposal
from mainstay.accounts.tiers.wording import because_words, figures_words
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.tiering.moving import Move
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope

SORTS = {"asked": ("asked_at", "pk"), "due": ("due_on", "pk"), "customer": ("customer__name", "pk")}


@dataclass(frozen=True)
class ProposalFilter:
    """What a list is limited to; empty means any. `mine`: only what the actor's level and region can decide."""

    rule_set: str = ""
    standing: str = Standing.WAITING
    move: str = ""
    level: str = ""
    text: str = ""
    overdue_on: date | None = None
    customer_id: int | None = None


def visible_to(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals the actor may see: by customer."""
    if not actor.is_staff:
        return Proposal.objects.none()
    return Proposal.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


def visible_proposal(actor: Actor, proposal_id: int, *, lock: bool = False) -> Proposal:
    """Return one. Raises NoSuchRules, also when it may not be seen."""
    rows = visible_to(actor).select_related("customer", "rule_set", "version__rule_set")
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = rows.filter(pk=proposal_id).first()
    if found is None:
        raise NoSuchRules(msgid("There is no change of a grade {id} that you may see."), id=proposal_id)
    return found


def matching(actor: Actor, wanted: ProposalFilter) -> QuerySet[Proposal]:
    """Return what matches, unordered."""
    rows = visible_to(actor)
    if wanted.standing:
        rows = rows.filter(standing=wanted.standing)
    if wanted.rule_set:
        rows = rows.filter(rule_set__code=wanted.rule_set)
    if wanted.move:
        rows = rows.filter(move=int(wanted.move))
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    if wanted.text.strip():
        rows = rows.filter(customer__name__icontains=wanted.text.strip())
    if wanted.customer_id is not None:
        rows = rows.filter(customer=wanted.customer_id)
    return rows.filter(due_on__lt=wanted.overdue_on) if wanted.overdue_on else rows


def fetched(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Fetch what rows of a list show."""
    return rows.select_related("customer__region", "customer__account_manager", "rule_set", "version__rule_set")


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as lists show it."""

    id: int
    customer_id: int
    customer: str
    region: str
    manager: str
    rules: str
    rules_code: str
    before: str
    after: str
    move: int
    move_words: str
    row: int
    figures: str
    level: str
    standing: str
    asked_at: Any
    due_on: date
    decided_by: str
    decided_why: str


def row_of(found: Proposal) -> ProposalRow:
    """Return a row in the reader's language."""
    owner, version = found.rule_set, found.version
    table = table_of(version) if version else None
    labels = {grade.code: grade.label() for grade in grades_of(owner)}
    masks = (found.before, found.after)
    figures = because_words(table, labels, found.row, masks, found.facts) if table else ""
    if table and 0 <= found.decay < len(table.decays):
        figures += " · " + figures_words(table.decays[found.decay], table, found.facts)
    return ProposalRow(
        found.pk, found.customer_id, found.customer.name, found.customer.region.name,
        str(found.customer.account_manager or ""), label_of(owner), owner.code, names_in(owner, found.before),
        names_in(owner, found.after), found.move, str(MOVES[Move(found.move)]), found.row + 1, found.why or figures,
        str(Level(found.level).label), str(Standing(found.standing).label), found.asked_at, found.due_on,
        found.decided_by, found.decided_why,
    )  # fmt: skip


def waiting_for(actor: Actor) -> QuerySet[Proposal]:
    """Return the proposals this actor can decide: permission, level, not their own."""
    if not actor.may(Permission.APPROVE_TIERS):
        return Proposal.objects.none()
    longest = min((len(prefix) for prefix in actor.regions), default=99)
    levels = [level for level in (Level.PROVINCE, Level.CITY, Level.COUNTY) if longest <= REACH[level]]
    rows = visible_to(actor).filter(standing=Standing.WAITING, level__in=levels)
    return rows.exclude(asked_by_id=actor.user_id) if actor.user_id is not None else rows


def counts_for(actor: Actor, *, on: date) -> tuple[int, int]:
    """Return how many proposals this actor can decide, and how many of these are overdue on a day (1 query)."""
    if not actor.may(Permission.APPROVE_TIERS):
        return 0, 0
    found = waiting_for(actor).aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=on)))
    return found["all"], found["late"]
