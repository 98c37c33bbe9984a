"""Read, check and write routes, many at once (E2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mainstay.domain.errors import msgid
from mainstay.network.inventory.actions.resources import CHUNK
from mainstay.network.inventory.choices import PathRole
from mainstay.network.inventory.errors import BadRoute, UnknownCode
from mainstay.network.inventory.models import Circuit, Hop, Path, Resource
from mainstay.network.inventory.routing import Joints, Part, check_route

_COLUMNS = ("pk", "code", "kind", "parent_id", "a_end_id", "z_end_id")


@dataclass(frozen=True)
class Route:
    """The paths wanted for one circuit, as codes from A to Z."""

    number: str
    working: tuple[str, ...]
    protection: tuple[str, ...]

    def paths(self) -> list[tuple[PathRole, tuple[str, ...]]]:
        """Return the paths that have hops, working first."""
        both = [(PathRole.WORKING, self.working), (PathRole.PROTECTION, self.protection)]
        return [(role, codes) for role, codes in both if codes]


@dataclass(frozen=True)
class Routes:
    """Routes that join up, with the ids of the resources they name."""

    routes: Sequence[Route]
    ids: Mapping[str, int]
    parts: Mapping[str, Part]
    joints: Joints

    @classmethod
    def read(cls, routes: Sequence[Route]) -> "Routes":
        """Read what the routes name and check that they join up. Raises BadRoute, UnknownCode."""
        found = cls.look_up(routes)
        for route in routes:
            found.check(route)
        return found

    @classmethod
    def look_up(cls, routes: Sequence[Route]) -> "Routes":
        """Read what the routes name, without checking (a handful of queries)."""
        parts = _parts_by_code({code for route in routes for _, codes in route.paths() for code in codes})
        joints = Joints(_with_surroundings(parts.values()))
        return cls(routes, {code: part.id for code, part in parts.items()}, parts, joints)

    def check(self, route: Route) -> None:
        """Refuse one of the routes that does not join up. Raises BadRoute, UnknownCode."""
        _check(route, self.parts, self.joints)

    def with_codes(self, codes: Iterable[str]) -> dict[str, int]:
        """Return the ids of further resources, with those already read."""
        more = {code for code in codes if code} - self.ids.keys()
        return {**self.ids, **{code: part.id for code, part in _parts_by_code(more).items()}}


def write_routes(circuits: Sequence[Circuit], routes: Routes) -> None:
    """Write checked routes of circuits that have none, in the caller's transaction."""
    paths = [
        (Path(circuit=circuit, role=role), codes)
        for circuit, route in zip(circuits, routes.routes, strict=True)
        for role, codes in route.paths()
    ]
    Path.objects.bulk_create([path for path, _ in paths], batch_size=CHUNK)
    Hop.objects.bulk_create(
        [
            Hop(path=path, position=position, resource_id=routes.ids[code])
            for path, codes in paths
            for position, code in enumerate(codes, start=1)
        ],
        batch_size=5_000,
    )


def _check(route: Route, parts: Mapping[str, Part], joints: Joints) -> None:
    if route.protection and not route.working:
        raise BadRoute(
            msgid("Circuit {number} has a protection path but no working path; give the working path too."),
            number=route.number,
        )
    for role, codes in route.paths():
        for position, code in enumerate(codes, start=1):
            if code not in parts:
                raise UnknownCode(
                    msgid(
                        "Circuit {number}, {path}: position {position}, {code}, is not in the inventory; "
                        "add it first, or correct the code."
                    ),
                    number=route.number,
                    path=role.label,
                    position=position,
                    code=code,
                )
        check_route(route.number, str(role.label), [parts[code] for code in codes], joints)


def _parts_by_code(codes: Iterable[str]) -> dict[str, Part]:
    wanted, found = sorted(codes), {}
    for start in range(0, len(wanted), CHUNK):
        for row in Resource.objects.filter(code__in=wanted[start : start + CHUNK]).values_list(*_COLUMNS):
            found[row[1]] = Part(*row)
    return found


def _with_surroundings(parts: Iterable[Part]) -> dict[int, Part]:
    """Add the ends of links and all that holds a part, level by level (a handful of levels)."""
    known = {part.id: part for part in parts}
    level = list(known.values())
    while level:
        around = {pk for part in level for pk in (part.parent_id, part.a_end_id, part.z_end_id) if pk is not None}
        wanted, level = sorted(around - known.keys()), []
        for start in range(0, len(wanted), CHUNK):
            rows = Resource.objects.filter(pk__in=wanted[start : start + CHUNK]).values_list(*_COLUMNS)
            level += [Part(*row) for row in rows]
        known.update({part.id: part for part in level})
    return known
