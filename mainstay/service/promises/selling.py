"""Apply packages to circuits, contract lines, contracts, customers or products; marketing agrees to discounts (D2).

Running clocks keep what they froze. A discount above what the version leaves free waits for marketing: another person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.contracts.choices import OVER
from mainstay.accounts.contracts.models import Contract
from mainstay.accounts.contracts.queries import visible_contract
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.packages.choices import VersionStatus
from mainstay.accounts.packages.models import PackageVersion
from mainstay.accounts.packages.queries import version as package_version
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.service.promises.applied import use_label
from mainstay.service.promises.choices import UseStatus
from mainstay.service.promises.errors import BadPromise
from mainstay.service.promises.models import PackageUse
from mainstay.service.promises.package_uses import owner_of, visible_use


@dataclass(frozen=True)
class Sale:
    """A package wanted at one place: a circuit, a contract (with a line's position: that line), a customer, a product.

    `price_fen`: of one circuit a month, None for the list price. Valid on [valid_from, valid_to).
    """

    version_id: int
    valid_from: date
    circuit_id: int | None = None
    contract_id: int | None = None
    position: int | None = None
    customer_id: int | None = None
    product: str = ""
    price_fen: int | None = None
    valid_to: date | None = None
    why: str = ""


@transaction.atomic
def apply_package(sale: Sale, *, at: datetime, by: Actor) -> PackageUse:
    """Apply a package; it holds at once, or once marketing agreed to its discount. Return its use.

    For a product it needs SETTINGS, else WRITE_CONTRACTS. Raises BadPromise (not approved, not for the product, dates,
    a price below 0, the same package there already), and that the place may not be seen.
    """
    require(by, Permission.SETTINGS if sale.product else Permission.WRITE_CONTRACTS)
    version = package_version(sale.version_id)
    place = _place(sale, version, by)
    _check(sale, version)
    _refuse_twice(sale, version, place)
    price = version.monthly_price_fen if sale.price_fen is None else sale.price_fen
    discount = discount_percent(version.monthly_price_fen, price)
    free = discount <= version.free_discount_percent
    if not free and not sale.why.strip():
        raise BadPromise(msgid("{name}: a discount of {percent} % needs a reason; marketing reads it."),
                         name=str(version), percent=discount)  # fmt: skip
    use = PackageUse.objects.create(
        version=version, price_fen=price, discount_percent=discount, valid_from=sale.valid_from,
        valid_to=sale.valid_to, status=UseStatus.APPROVED if free else UseStatus.WAITING, why=sale.why.strip()[:400],
        asked_at=at, asked_by=by.name[:80], asked_by_id=by.user_id, **place,
    )  # fmt: skip
    _tell("promise.package", use, None, _said(use), at=at, by=by)
    return use


@transaction.atomic
def decide_package(use_id: int, *, approve: bool, why: str = "", at: datetime, by: Actor) -> PackageUse:
    """Give marketing's word on a discount, by another person than who asked (D2).

    Raises NoSuchUse, BadPromise (decided already, one's own, a refusal without a reason).
    """
    require(by, Permission.APPROVE_PRICES)
    visible_use(by, use_id)
    use = PackageUse.objects.select_for_update(of=("self",)).select_related("version__package").get(pk=use_id)
    named = {"name": str(use.version)}
    if use.status != UseStatus.WAITING:
        raise BadPromise(msgid("{name}: this discount was decided already."), **named)
    if use.asked_by_id is not None and use.asked_by_id == by.user_id:
        raise BadPromise(msgid("{name}: you asked for this discount; somebody else has to decide."), **named)
    if not approve and not why.strip():
        raise BadPromise(msgid("{name}: say why the discount is rejected."), **named)
    use.status = UseStatus.APPROVED if approve else UseStatus.REJECTED
    use.decided_at, use.decided_by, use.decided_why = at, by.name[:80], why.strip()[:400]
    use.save(update_fields=["status", "decided_at", "decided_by", "decided_why"])
    after = {"status": use.status, "why": use.decided_why}
    _tell("promise.package_decide", use, {"status": UseStatus.WAITING.value}, after, at=at, by=by)
    return use


@transaction.atomic
def end_package(use_id: int, *, on: date, at: datetime, by: Actor) -> PackageUse:
    """Let a package hold no longer at its place from a day on. Raises NoSuchUse, BadPromise."""
    use = visible_use(by, use_id)
    require(by, Permission.SETTINGS if use.product_id else Permission.WRITE_CONTRACTS)
    if on <= use.valid_from or (use.valid_to is not None and on > use.valid_to):
        raise BadPromise(
            msgid("{name} holds from {begin} to {end}; choose a day after its begin, up to its end."),
            name=use_label(use), begin=use.valid_from, end=use.valid_to or "—",
        )  # fmt: skip
    before = {"valid_to": use.valid_to}
    use.valid_to = on
    use.save(update_fields=["valid_to"])
    _tell("promise.package_end", use, before, {"valid_to": on}, at=at, by=by)
    return use


def discount_percent(list_price_fen: int, price_fen: int) -> Decimal:
    """Return what a price is below the list price, in per cent to two places; 0 when it is not."""
    if list_price_fen <= 0 or price_fen >= list_price_fen:
        return Decimal(0)
    share = Decimal(list_price_fen - price_fen) * 100 / Decimal(list_price_fen)
    return share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _place(sale: Sale, version: PackageVersion, by: Actor) -> dict[str, Any]:
    given = [sale.circuit_id, sale.contract_id, sale.customer_id, sale.product or None]
    if sum(one is not None for one in given) != 1:
        raise BadPromise(msgid("A package is applied at one place: a circuit, a contract, a customer or a product."))
    if sale.circuit_id is not None:
        circuit = visible_circuit(by, sale.circuit_id)
        _fits(version, circuit.product.code, circuit.number)
        return {"circuit": circuit}
    if sale.customer_id is not None:
        return {"customer": visible_customer(by, sale.customer_id)}
    if sale.contract_id is not None:
        return _contract_place(visible_contract(by, sale.contract_id), sale, version)
    product = Product.objects.filter(code=sale.product).first()
    if product is None:
        raise BadPromise(msgid("There is no product {code}; choose one of the list."), code=sale.product)
    _fits(version, product.code, product.name)
    return {"product": product}


def _contract_place(contract: Contract, sale: Sale, version: PackageVersion) -> dict[str, Any]:
    if contract.status in OVER:
        raise BadPromise(msgid("Contract {number} is over; a package is sold under one that runs."),
                         number=contract.number)  # fmt: skip
    if sale.position is None:
        return {"contract": contract}
    line = contract.lines.select_related("product").filter(position=sale.position, dropped_on=None).first()
    if line is None:
        raise BadPromise(msgid("Contract {number} has no line {position}; choose one of its lines."),
                         number=contract.number, position=sale.position)  # fmt: skip
    _fits(version, line.product.code, f"{contract.number} · {line.position}")
    return {"line": line}


def _fits(version: PackageVersion, product_code: str, where: str) -> None:
    if not version.is_for(product_code):
        raise BadPromise(msgid("{name} is not for the product of {where}; choose another package."),
                         name=str(version), where=where)  # fmt: skip


def _check(sale: Sale, version: PackageVersion) -> None:
    named = {"name": str(version)}
    if version.status != VersionStatus.APPROVED:
        raise BadPromise(msgid("{name} is not approved by marketing; choose an approved version."), **named)
    if sale.valid_from < version.valid_from:
        raise BadPromise(msgid("{name} is sold from {day} on; choose that day or a later one."),
                         day=version.valid_from, **named)  # fmt: skip
    if sale.valid_to is not None and sale.valid_to <= sale.valid_from:
        raise BadPromise(msgid("{name}: it ends on {end}, not after its begin; correct the days."),
                         end=sale.valid_to, **named)  # fmt: skip
    if sale.price_fen is not None and sale.price_fen < 0:
        raise BadPromise(msgid("{name}: a price is 0 or more; correct it."), **named)


def _refuse_twice(sale: Sale, version: PackageVersion, place: dict[str, Any]) -> None:
    """Refuse the same package at the same place on the same days; others are kept, and shown as overlaps."""
    rows = PackageUse.objects.filter(version__package=version.package_id, **place).exclude(status=UseStatus.REJECTED)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=sale.valid_from))
    if sale.valid_to is not None:
        rows = rows.filter(valid_from__lt=sale.valid_to)
    other = rows.first()
    if other is not None:
        raise BadPromise(msgid("{name} is applied there already, from {begin} to {end}; end that first."),
                         name=version.package.name, begin=other.valid_from, end=other.valid_to or "—")  # fmt: skip


def _said(use: PackageUse) -> dict[str, Any]:
    return {
        "package": str(use.version), "use": use.pk, "place": use.place, "price_fen": use.price_fen,
        "discount_percent": use.discount_percent, "valid_from": use.valid_from, "valid_to": use.valid_to,
        "status": use.status, "why": use.why,
    }  # fmt: skip


def _tell(
    action: str, use: PackageUse, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    owner = owner_of(use)
    change = Change(owner.kind, owner.id, owner.label, before, after, owner.customer_id, owner.region_code)
    journal.record(action, [change], at=at, by=by)
