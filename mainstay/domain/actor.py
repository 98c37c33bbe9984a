"""Who acts, and how far they see: the one value that every action and query takes (requirement P1)."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


class ActorKind(StrEnum):
    STAFF = "staff"
    CUSTOMER = "customer"
    SYSTEM = "system"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Actor:
    """Who acts; `regions` are code prefixes ("" is everywhere); `customer_ids`, unless None, limits to those."""

    kind: ActorKind
    name: str
    user_id: int | None = None
    permissions: frozenset[str] = field(default_factory=frozenset)
    duties: frozenset[str] = field(default_factory=frozenset)
    regions: tuple[str, ...] = ()
    customer_ids: frozenset[int] | None = None
    request_id: str = ""
    why: str = ""

    @property
    def sees_everything(self) -> bool:
        """Whether no limit of region or portfolio applies."""
        return self.kind == ActorKind.SYSTEM or (
            self.kind == ActorKind.STAFF and self.customer_ids is None and "" in self.regions
        )

    @property
    def is_staff(self) -> bool:
        """Whether the actor works for the operator (or is the operator's own machinery)."""
        return self.kind in (ActorKind.STAFF, ActorKind.SYSTEM)

    def may(self, permission: str) -> bool:
        """Say whether the actor holds the permission; the system holds all."""
        return self.kind == ActorKind.SYSTEM or permission in self.permissions

    def because(self, why: str) -> "Actor":
        """Return the same actor with a reason that the journal keeps."""
        return replace(self, why=why)


def system(name: str, *, request_id: str = "") -> Actor:
    """Return the actor for the operator's own machinery, e.g. the impact worker."""
    return Actor(kind=ActorKind.SYSTEM, name=name, regions=("",), request_id=request_id)


NOBODY = Actor(kind=ActorKind.NOBODY, name="")
