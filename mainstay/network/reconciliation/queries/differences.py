"""Read differences: lists by object, what deciding them would touch."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from mainstay.accounts.catalog.choices import GRADE_RANK
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Hop, Resource
from mainstay.network.reconciliation.choices import DifferenceState
from mainstay.network.reconciliation.errors import NoSuchDifference
from mainstay.network.reconciliation.models import Difference
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class DifferenceFilter:
    """What a list is limited to; empty means any. `state` defaults to what waits."""

    source_id: int | None = None
    kind: str = ""
    object_type: str = ""
    state: str = DifferenceState.OPEN
    region: str = ""
    field: str = ""
    text: str = ""
    run_id: int | None = None


@dataclass(frozen=True)
class Touched:
    """What an object carries: circuits in service, of how many customers, with the highest grade; `more`: at least."""

    circuits: int = 0
    customers: int = 0
    grade: str = ""


@dataclass
class ObjectRow:
    """An object with its differences."""

    source_name: str
    source_id: int
    key: str
    code: str
    label: str
    object_kind: str
    object_type: str
    object_id: int | None
    touched: Touched
    differences: list[Difference] = field(default_factory=list)


def visible_to(actor: Actor) -> QuerySet[Difference]:
    """Return the differences the actor may see: the one door. Staff by region; portfolios see their circuits'."""
    return Difference.objects.filter(scope(actor))


def visible_difference(actor: Actor, difference_id: int) -> Difference:
    """Return one difference with its source fetched. Raises NoSuchDifference."""
    found = visible_to(actor).select_related("source").filter(pk=difference_id).first()
    if found is None:
        raise NoSuchDifference(msgid("There is no difference {id} that you may see; check the address."),
                               id=difference_id)  # fmt: skip
    return found


def filtered(actor: Actor, wanted: DifferenceFilter) -> QuerySet[Difference]:
    """Return the differences the actor may see within the filters."""
    given = {
        "source_id": wanted.source_id, "kind": wanted.kind, "object_type": wanted.object_type, "state": wanted.state,
        "region_code__startswith": wanted.region, "field": wanted.field, "run_id": wanted.run_id,
    }  # fmt: skip
    rows = visible_to(actor).filter(**{name: value for name, value in given.items() if value})
    if wanted.text:
        rows = rows.filter(Q(code__icontains=wanted.text) | Q(label__icontains=wanted.text) | Q(key=wanted.text))
    return rows


def by_object(actor: Actor, wanted: DifferenceFilter, *, page: int = 1, size: int = 50) -> Page[ObjectRow]:
    """Return a page of differences, grouped by object (4 queries, however many)."""
    rows = filtered(actor, wanted).select_related("source", "other_source")
    found = Paginator(rows.order_by("source_id", "code", "key", "field", "-pk"), size).get_page(page)
    listed = list(found.object_list)
    touched = touched_by(listed)
    groups: dict[tuple[int, str], ObjectRow] = {}
    for row in listed:
        place = (row.source_id, row.key)
        if place not in groups:
            groups[place] = ObjectRow(
                row.source.name, row.source_id, row.key, row.code, row.label, row.object_kind, row.object_type,
                row.object_id, touched.get((row.object_kind, row.object_id or 0), Touched()),
            )  # fmt: skip
        groups[place].differences.append(row)
    return Page(list(groups.values()), found.number, found.paginator)  # type: ignore[arg-type]


def touched_by(rows: Iterable[Difference]) -> dict[tuple[str, int], Touched]:
    """Return what the objects of these differences carry (2 queries); the caller has seen the differences."""
    listed = [row for row in rows if row.object_id]
    found = {
        ("circuit", row.object_id or 0): Touched(1, 1, row.grade) for row in listed if row.object_kind == "circuit"
    }
    resources = {row.object_id or 0 for row in listed if row.object_kind == "resource"}
    return found | {("resource", pk): touched for pk, touched in _over(resources).items()}


def _over(ids: set[int]) -> dict[int, Touched]:
    """Count the circuits in service over each resource, its parts and links that end there (2 queries)."""
    roots: dict[int, set[int]] = {pk: {pk} for pk in ids}
    held = Q(parent__in=ids) | Q(parent__parent__in=ids) | Q(a_end__in=ids) | Q(z_end__in=ids)
    held_by = ("pk", "parent_id", "parent__parent_id", "a_end_id", "z_end_id")
    for pk, *over in Resource.objects.filter(held).values_list(*held_by):
        for root in set(over) & ids:
            roots.setdefault(pk, set()).add(root)
    hops = Hop.objects.filter(resource__in=list(roots), path__circuit__status="active")
    columns = ("resource_id", "path__circuit_id", "path__circuit__customer_id", "path__circuit__grade")
    circuits: dict[int, dict[int, tuple[int, str]]] = {}
    for resource, circuit, customer, grade in hops.values_list(*columns).distinct()[:20_000]:
        for root in roots[resource]:
            circuits.setdefault(root, {})[circuit] = (customer, grade)
    return {
        pk: Touched(len(over), len({customer for customer, _g in over.values()}),
                    min((grade for _c, grade in over.values()), key=_grade_rank))
        for pk, over in circuits.items()
    }  # fmt: skip


def _grade_rank(grade: str) -> int:
    return GRADE_RANK.get(grade, len(GRADE_RANK))


def counts(actor: Actor) -> dict[str, int]:
    """Count differences by state (1 query)."""
    return dict(visible_to(actor).values_list("state").annotate(n=Count("pk")).order_by())


def open_count(actor: Actor) -> int:
    """Count the differences that wait for a decision (1 query)."""
    return visible_to(actor).filter(state=DifferenceState.OPEN).count()
