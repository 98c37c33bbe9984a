"""Read where packages are applied, within what an actor may see (D2)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.service.promises.choices import UseStatus
from mainstay.service.promises.errors import NoSuchUse
from mainstay.service.promises.models import PackageUse

FETCHED = ("version__package", "circuit__customer", "line__contract__customer", "contract__customer", "customer",
           "product")  # fmt: skip


@dataclass(frozen=True)
class Owner:
    """What a package is applied to: the kind and id of the object whose history tells of it, and its access stamp."""

    kind: str
    id: int
    label: str
    customer_id: int | None = None
    region_code: str = ""


def owner_of(use: PackageUse) -> Owner:
    """Return what a use belongs to; FETCHED is fetched, or read one by one."""
    if use.circuit is not None:
        return Owner("circuit", use.circuit.pk, use.circuit.number, use.circuit.customer_id, use.circuit.region_code)
    contract = use.line.contract if use.line is not None else use.contract
    if contract is not None:
        owner = contract.customer
        return Owner("contract", contract.pk, contract.number, owner.pk, owner.region_id or "")
    if use.customer is not None:
        return Owner("customer", use.customer.pk, use.customer.name, use.customer.pk, use.customer.region_id or "")
    return Owner("package", use.version.package_id, use.version.package.name)


def visible_uses(actor: Actor) -> QuerySet[PackageUse]:
    """Return the uses the actor may see; those with a product concern everybody among the staff."""
    seen = Q(pk__in=())
    places = (
        ("circuit", "circuit__customer_id", "circuit__region_code"),
        ("line", "line__contract__customer_id", "line__contract__customer__region__code"),
        ("contract", "contract__customer_id", "contract__customer__region__code"),
        ("customer", "customer_id", "customer__region__code"),
    )
    for place, customer, region in places:
        seen |= scope(actor, customer=customer, region=region) & Q(**{f"{place}__isnull": False})
    if actor.may(Permission.READ_CONSOLE):
        seen |= Q(product__isnull=False)
    return PackageUse.objects.filter(seen).select_related(*FETCHED)


def visible_use(actor: Actor, use_id: int) -> PackageUse:
    """Return one use. Raises NoSuchUse, also when its place may not be seen."""
    found = visible_uses(actor).filter(pk=use_id).first()
    if found is None:
        raise NoSuchUse(msgid("There is no applied package {id} that you may see; choose one of the list."), id=use_id)
    return found


def waiting(actor: Actor) -> list[PackageUse]:
    """Return the discounts that wait for marketing, the oldest first (1 query)."""
    return list(visible_uses(actor).filter(status=UseStatus.WAITING).order_by("asked_at", "pk"))


def of_contract(actor: Actor, contract_id: int) -> list[PackageUse]:
    """Return the packages applied to a contract or its lines, past ones too, the newest first (1 query)."""
    rows = visible_uses(actor).filter(Q(contract=contract_id) | Q(line__contract=contract_id))
    return list(rows.order_by("-valid_from", "-pk"))


def of_customer(actor: Actor, customer_id: int) -> list[PackageUse]:
    """Return the packages applied to a customer as a whole, the newest first (1 query)."""
    return list(visible_uses(actor).filter(customer=customer_id).order_by("-valid_from", "-pk"))


def of_circuit(actor: Actor, circuit_id: int) -> list[PackageUse]:
    """Return the packages applied to one circuit alone, the newest first (1 query)."""
    return list(visible_uses(actor).filter(circuit=circuit_id).order_by("-valid_from", "-pk"))


def of_package(actor: Actor, package_id: int, *, most: int = 200) -> list[PackageUse]:
    """Return where a package is applied, as far as the actor sees it, the newest first (1 query)."""
    return list(visible_uses(actor).filter(version__package=package_id).order_by("-valid_from", "-pk")[:most])


def is_valid(use: PackageUse, day: date) -> bool:
    """Say whether a use holds on a day."""
    holds = use.valid_from <= day and (use.valid_to is None or day < use.valid_to)
    return holds and use.status == UseStatus.APPROVED


def circuits_named(actor: Actor, numbers: list[str]) -> list[Circuit]:
    """Return the circuits of these numbers that the actor may see, customer fetched (a query for 900)."""
    rows = Circuit.objects.filter(scope(actor, customer="customer_id", region="region_code"))
    found: list[Circuit] = []
    for start in range(0, len(numbers), 900):
        found += rows.filter(number__in=numbers[start : start + 900]).select_related("customer")
    return found
