"""Read suspected pairs, merges, and who a new customer resembles, within what an actor may see (A8)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.customers.queries import visible_to as visible_customers
from mainstay.accounts.duplicates import matching
from mainstay.accounts.duplicates.choices import MergeState, PairState
from mainstay.accounts.duplicates.errors import NoSuchMerge, NoSuchPair
from mainstay.accounts.duplicates.likeness import Facts, Likeness
from mainstay.accounts.duplicates.models import Merge, Pair
from mainstay.accounts.duplicates.registry import holdings
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.models import ImportRow
from mainstay.platform.search.queries import is_found


@dataclass(frozen=True)
class Like:
    """A customer that another resembles, and how."""

    customer: Customer
    likeness: Likeness


@dataclass(frozen=True)
class FieldChoice:
    """A field in which two customers differ: both values, which stays unless somebody chooses."""

    name: str
    kept: Any
    gone: Any
    chosen: str


@dataclass(frozen=True)
class Moves:
    """So many rows of a kind would move."""

    column: str
    title: Any
    count: int


def _seen(actor: Actor, *ends: str) -> Q:
    seen = Q()
    for end in ends:
        seen &= scope(actor, customer=f"{end}_id", region=f"{end}__region__code")
    return seen if actor.is_staff else Q(pk__in=())


def pairs(actor: Actor, *, state: str = PairState.OPEN, text: str = "", region: str = "") -> QuerySet[Pair]:
    """Return pairs both of whose customers the actor sees, the likest first, with both fetched."""
    rows = Pair.objects.filter(_seen(actor, "one", "other"), state=state)
    if state == PairState.OPEN:
        rows = rows.filter(one__merged_into__isnull=True, other__merged_into__isnull=True)
    if region:
        rows = rows.filter(Q(one__region__code__startswith=region) | Q(other__region__code__startswith=region))
    if text.strip():
        found = visible_customers(actor).filter(is_found(text, "customer")).values("pk")
        rows = rows.filter(Q(one__in=found) | Q(other__in=found))
    ends = ("one__region", "other__region", "one__account_manager", "other__account_manager")
    return rows.select_related(*ends).order_by("-score", "id")


def visible_pair(actor: Actor, pair_id: int, *, lock: bool = False) -> Pair:
    """Return one pair. Raises NoSuchPair, also when one of its customers may not be seen."""
    rows = Pair.objects.select_for_update(of=("self",)) if lock else Pair.objects.select_related("one", "other")
    found = rows.filter(_seen(actor, "one", "other"), pk=pair_id).first()
    if found is None:
        raise NoSuchPair(msgid("There is no pair {id} that you may see; look in the list of duplicates."), id=pair_id)
    return found


def pairs_of(actor: Actor, customer_id: int) -> list[Pair]:
    """Return the undecided pairs of a customer that the actor sees (1 query)."""
    return list(pairs(actor).filter(Q(one=customer_id) | Q(other=customer_id))[:10])


def pairs_of_import(actor: Actor, run_id: int) -> list[Pair]:
    """Return the first undecided pairs that customers created by an import are in; the reader has seen the import."""
    made = ImportRow.objects.filter(run=run_id, object_kind="customer", outcome=Outcome.CREATED).values("object_id")
    return list(pairs(actor).filter(Q(one__in=made) | Q(other__in=made))[:10])


def like(actor: Actor, facts: Facts) -> list[Like]:
    """Return the customers the actor sees that one wanted (id 0) resembles, the likest first (about 5 queries)."""
    found = dict(matching.like(facts))
    rows = visible_customers(actor).filter(pk__in=found).select_related("region", "account_manager")
    return sorted((Like(row, found[row.pk]) for row in rows), key=lambda each: -each.likeness.score)


def merges(actor: Actor) -> QuerySet[Merge]:
    """Return merges whose customers the actor sees, the newest first, with both fetched."""
    rows = Merge.objects.filter(_seen(actor, "kept", "gone")).exclude(state=MergeState.DRAFT)
    return rows.select_related("kept", "gone").order_by("-pk")


def visible_merge(actor: Actor, merge_id: int, *, lock: bool = False) -> Merge:
    """Return one merge. Raises NoSuchMerge, also when one of its customers may not be seen."""
    rows = Merge.objects.select_for_update(of=("self",)) if lock else Merge.objects.all()
    found = rows.filter(_seen(actor, "kept", "gone"), pk=merge_id).select_related("kept", "gone").first()
    if found is None:
        raise NoSuchMerge(msgid("There is no merge {id} that you may see; look in the list of merges."), id=merge_id)
    return found


def merge_of(customer_id: int) -> Merge | None:
    """Return how a merged customer became part of another, for who has seen it (1 query)."""
    return Merge.objects.filter(gone=customer_id, state=MergeState.DONE).select_related("kept").first()


def merged_into(customer_id: int) -> list[Customer]:
    """Return the customers that became part of one the reader has seen (1 query)."""
    return list(Customer.objects.filter(merged_into=customer_id).order_by("pk"))


def seen_or_none(actor: Actor, customer_id: int) -> Customer | None:
    """Return a customer if the actor may see it."""
    return visible_customers(actor).filter(pk=customer_id).first()


def moves(actor: Actor, gone_id: int) -> list[Moves]:
    """Say what would move, kind by kind (1 query each). Raises NoSuchCustomer."""
    visible_customer(actor, gone_id)
    counted = [Moves(each.column, each.title, each.count(gone_id)) for each in holdings()]
    return [each for each in counted if each.count]
