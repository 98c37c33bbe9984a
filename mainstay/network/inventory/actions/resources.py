"""Add resources and what they depend on; everything is checked before anything is written (E1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, NotAllowed, msgid
from mainstay.network.inventory.actions.feed import bump_revision
from mainstay.network.inventory.choices import HOLDS, DeviceRole, ResourceKind, Technology
from mainstay.network.inventory.errors import BadInventory, UnknownCode
from mainstay.network.inventory.finding import index_resources
from mainstay.network.inventory.models import Dependency, Resource
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

ENDS_OF_LINKS = (ResourceKind.DEVICE, ResourceKind.PORT)
CHUNK = 900


@dataclass(frozen=True)
class NewResource:
    """A resource wanted. `parent`, `a_end`, `z_end`, `runs_in` are codes, of the same batch or already there.

    `runs_in`: what it depends on beyond containment (a link on its fibre or cable). An empty `region_code` is taken
    from the parent, for a link from its A end.
    """

    code: str
    kind: str
    name: str
    parent: str = ""
    a_end: str = ""
    z_end: str = ""
    runs_in: tuple[str, ...] = ()
    region_code: str = ""
    role: str = ""
    technology: str = ""
    vendor: str = ""
    model: str = ""
    address: str = ""
    management_ip: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@transaction.atomic
def add_resources(new: Sequence[NewResource], *, at: datetime, by: Actor) -> list[Resource]:
    """Add resources, all or none, in any order; return them in the order given (E1).

    Raises BadInventory (a code twice, a parent of a kind that cannot hold it, a link without its two ends),
    UnknownCode, NotAllowed (no permission, or outside the actor's regions).
    """
    require(by, Permission.WRITE_INVENTORY)
    batch = _by_code(new)
    known = resources_by_code(code for item in new for code in (item.code, *_named(item)) if code)
    for item in new:
        _check(item, batch, known)
    made = {code: _row(item) for code, item in batch.items()}
    _write(batch, made, known, by=by)
    pairs = [(made[item.code], made.get(code) or known[code]) for item in new for code in dict.fromkeys(item.runs_in)]
    depend(pairs)
    rows = list(made.values())
    journal.record("resource.add", [_change(row, after=_said(row)) for row in rows], at=at, by=by)
    index_resources(rows)
    bump_revision(resources=[row.pk for row in rows])
    return rows


def faults_in(new: Sequence[NewResource], *, by: Actor) -> list[MainstayError | None]:
    """Return what is wrong with each new resource, None where nothing is; rings are seen only when they are added.

    What refers to an unsound one is unsound too. Costs the same queries however many.
    """
    known = resources_by_code(code for item in new for code in (item.code, *_named(item)) if code)
    batch = {item.code: item for item in new}
    faults: dict[str, MainstayError] = {}
    found = True
    while found:
        found = False
        for code, item in list(batch.items()):
            try:
                _check(item, batch, known)
            except MainstayError as error:
                faults[code], found = error, True
                del batch[code]
    return [faults.get(item.code) for item in new]


@transaction.atomic
def add_dependencies(pairs: Iterable[tuple[str, str]], *, at: datetime, by: Actor) -> int:
    """Say by codes that the first of each pair fails when the second does; return how many were new.

    Raises UnknownCode, and BadInventory naming the ring when a resource would come to depend on itself.
    """
    require(by, Permission.WRITE_INVENTORY)
    wanted = list(dict.fromkeys(pairs))
    known = resources_by_code(code for pair in wanted for code in pair)
    for code in (code for pair in wanted for code in pair):
        if code not in known:
            raise _unknown(code)
    ids = {(known[child].pk, known[parent].pk) for child, parent in wanted}
    ids -= set(Dependency.objects.filter(resource__in={child for child, _ in ids}).values_list("resource", "on"))
    depend([(known[child], known[on]) for child, on in wanted if (known[child].pk, known[on].pk) in ids])
    journal.record(
        "resource.depend",
        [_change(known[child], after={"depends_on": on}) for child, on in wanted],
        at=at,
        by=by,
    )
    bump_revision(resources=[child for child, _ in ids])
    return len(ids)


def resources_by_code(codes: Iterable[str]) -> dict[str, Resource]:
    """Return the resources with these codes, by code."""
    wanted, found = list(dict.fromkeys(codes)), {}
    for start in range(0, len(wanted), CHUNK):
        for row in Resource.objects.filter(code__in=wanted[start : start + CHUNK]):
            found[row.code] = row
    return found


def _named(item: NewResource) -> tuple[str, ...]:
    return (item.parent, item.a_end, item.z_end, *item.runs_in)


def _by_code(new: Sequence[NewResource]) -> dict[str, NewResource]:
    batch: dict[str, NewResource] = {}
    for item in new:
        if item.code in batch:
            raise BadInventory(
                msgid("Resource {code} is given twice in this batch; give every code once."), code=item.code
            )
        batch[item.code] = item
    return batch


def _unknown(code: str) -> UnknownCode:
    return UnknownCode(msgid("There is no resource {code}; add it first, or correct the code."), code=code)


def _check(item: NewResource, batch: Mapping[str, NewResource], known: Mapping[str, Resource]) -> None:
    if not item.code.strip() or not item.name.strip():
        raise BadInventory(
            msgid("Resource “{code}” ({name}) lacks a code or a name; give both."), code=item.code, name=item.name
        )
    if item.code in known:
        raise BadInventory(msgid("Resource {code} exists already; change it, or choose another code."), code=item.code)
    _check_words(item)
    for code in _named(item):
        if code and code not in batch and code not in known:
            raise UnknownCode(
                msgid(
                    "Resource {code} refers to {other}, which does not exist; add {other} first, or correct the code."
                ),
                code=item.code,
                other=code,
            )
    kind_of = {code: (batch.get(code) or known[code]).kind for code in _named(item) if code}
    _check_place(item, kind_of)
    _check_ends(item, kind_of)


def check_joints(item: NewResource, kind_of: Mapping[str, str]) -> None:
    """Refuse a resource that is there already a place or ends it cannot have; ends are given both or not at all."""
    _check_place(item, kind_of)
    if item.a_end or item.z_end:
        _check_ends(item, kind_of)


def _check_words(item: NewResource) -> None:
    for field, value, allowed in (
        ("kind", item.kind, ResourceKind.values),
        ("role", item.role, DeviceRole.values),
        ("technology", item.technology, ["", *Technology.values]),
    ):
        if value not in allowed:
            raise BadInventory(
                msgid("Resource {code}: “{value}” is not a {field}; use one of {known}."),
                code=item.code,
                value=value,
                field=field,
                known=", ".join(word for word in allowed if word),
            )


def _check_place(item: NewResource, kind_of: Mapping[str, str]) -> None:
    if item.parent and item.kind not in HOLDS.get(kind_of[item.parent], ()):
        holders = [holder for holder, held in HOLDS.items() if item.kind in held]
        raise BadInventory(
            msgid(
                "Resource {code}: a {kind} cannot be part of {parent}, a {parent_kind}; it can be part of: {holders}."
            ),
            code=item.code,
            kind=item.kind,
            parent=item.parent,
            parent_kind=kind_of[item.parent],
            holders=", ".join(holders) or "—",
        )


def _check_ends(item: NewResource, kind_of: Mapping[str, str]) -> None:
    ends = [code for code in (item.a_end, item.z_end) if code]
    if item.kind != ResourceKind.LINK:
        if ends:
            raise BadInventory(
                msgid("Resource {code} is a {kind}, and only links have ends; leave its ends empty."),
                code=item.code,
                kind=item.kind,
            )
        return
    if len(ends) != 2 or item.a_end == item.z_end:
        raise BadInventory(
            msgid("Link {code} needs two different ends; name a port or device at its A end and at its Z end."),
            code=item.code,
        )
    for code in ends:
        if kind_of[code] not in ENDS_OF_LINKS:
            raise BadInventory(
                msgid("Link {code} ends at {other}, a {kind}; a link ends at a port or a device."),
                code=item.code,
                other=code,
                kind=kind_of[code],
            )


def _row(item: NewResource) -> Resource:
    return Resource(
        code=item.code,
        kind=item.kind,
        name=item.name,
        region_code=item.region_code,
        role=item.role,
        technology=item.technology,
        vendor=item.vendor,
        model=item.model,
        address=item.address,
        management_ip=item.management_ip,
        latitude=item.latitude,
        longitude=item.longitude,
    )


def _write(
    batch: Mapping[str, NewResource], made: Mapping[str, Resource], known: Mapping[str, Resource], *, by: Actor
) -> None:
    """Write kind by kind, holders first, so that every row's parent and ends have their ids."""

    def find(code: str) -> Resource | None:
        return (made.get(code) or known[code]) if code else None

    for kind in ResourceKind.values:
        rows = [made[code] for code, item in batch.items() if item.kind == kind]
        for row in rows:
            item = batch[row.code]
            row.parent, row.a_end, row.z_end = find(item.parent), find(item.a_end), find(item.z_end)
            above = row.parent or row.a_end
            row.region_code = row.region_code or (above.region_code if above else "")
            _check_region(row, by=by)
        Resource.objects.bulk_create(rows, batch_size=CHUNK)


def _check_region(row: Resource, *, by: Actor) -> None:
    if not may_see(by, customer_id=None, region_code=row.region_code):
        raise NotAllowed(
            msgid("Resource {code} lies in region “{region}”, outside yours; ask a colleague there."),
            code=row.code,
            region=row.region_code,
        )


def depend(pairs: Sequence[tuple[Resource, Resource]]) -> None:
    """Write that the first of each pair fails with the second, in the caller's transaction. Refuses rings."""
    rows = [Dependency(resource=child, on=on) for child, on in pairs]
    if rows:
        _refuse_rings({(child.pk, on.pk) for child, on in pairs})
        Dependency.objects.bulk_create(rows, batch_size=CHUNK)


def _refuse_rings(added: set[tuple[int, int]]) -> None:
    """Refuse when something comes to depend on itself through parts, ends and dependencies together.

    Walks upward from the targets only, level by level, so a small change asks few questions of a large network.
    """
    above: dict[int, set[int]] = {}
    for child, on in added:
        above.setdefault(child, set()).add(on)
    level = {on for _, on in added} | {child for child, _ in added}
    walked: set[int] = set()
    while level:
        walked |= level
        for child, on in _directly_above(level):
            above.setdefault(child, set()).add(on)
        level = {on for child in level for on in above.get(child, ())} - walked
    ring = _ring_in(above)
    if ring:
        codes = dict(Resource.objects.filter(pk__in=ring).values_list("pk", "code"))
        raise BadInventory(
            msgid("These resources would depend on each other in a ring: {ring}; leave out one of the steps."),
            ring=" → ".join(codes[pk] for pk in ring),
        )


def _directly_above(ids: set[int]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for pk, *over in Resource.objects.filter(pk__in=part).values_list("pk", "parent", "a_end", "z_end"):
            pairs += [(pk, on) for on in over if on is not None]
        pairs += Dependency.objects.filter(resource__in=part).values_list("resource", "on")
    return pairs


def _ring_in(above: Mapping[int, set[int]]) -> list[int]:
    """Return the ids of one ring, its first repeated at the end; empty when there is none."""
    done: set[int] = set()
    for start in above:
        trail: dict[int, None] = {}
        stack: list[tuple[int, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                trail.pop(node)
                done.add(node)
            elif node in trail:
                way = list(trail)
                return [*way[way.index(node) :], node]
            elif node not in done:
                trail[node] = None
                stack.append((node, True))
                stack += [(on, False) for on in above.get(node, ())]
    return []


def _said(row: Resource) -> dict[str, object]:
    return {
        "code": row.code,
        "kind": row.kind,
        "name": row.name,
        "parent": row.parent.code if row.parent else "",
        "a_end": row.a_end.code if row.a_end else "",
        "z_end": row.z_end.code if row.z_end else "",
    }


def _change(row: Resource, *, after: dict[str, object]) -> Change:
    return Change("resource", row.pk, row.code, None, after, region_code=row.region_code)
