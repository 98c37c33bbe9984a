"""Set from where a metric is too bad, for all circuits, a product, a grade or one circuit (G5)."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.choices import CircuitGrade
from mainstay.accounts.catalog.models import Product
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.circuits import visible_circuit
from mainstay.network.performance.choices import LARGEST, Metric, Severity
from mainstay.network.performance.errors import BadThreshold
from mainstay.network.performance.models import Threshold
from mainstay.network.performance.queries.settings import threshold
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, differences, record

MOST_PERIODS = 1_000


@dataclass(frozen=True)
class NewThreshold:
    """A threshold wanted; see models.Threshold. `product` is a code; empty words fit any."""

    metric: str
    raise_at: int
    clear_at: int
    raise_periods: int = 3
    clear_periods: int = 3
    severity: str = Severity.MAJOR
    product: str = ""
    grade: str = ""
    circuit_id: int | None = None
    watched: bool = True
    note: str = ""


SHIPPED = (
    NewThreshold(Metric.UTIL_IN, 900_000, 800_000, 6, 6, Severity.WARNING, note="30 minutes over 90 %"),
    NewThreshold(Metric.UTIL_OUT, 900_000, 800_000, 6, 6, Severity.WARNING, note="30 minutes over 90 %"),
    NewThreshold(Metric.LOSS, 10_000, 1_000, 3, 6, Severity.MAJOR, note="1 % lost, over at 0.1 %"),
    NewThreshold(Metric.DELAY, 100_000, 80_000, 3, 6, Severity.MINOR, note="100 ms round trip"),
    NewThreshold(Metric.SES, 10, 1, 2, 3, Severity.MAJOR, note="severely errored seconds, ITU-T G.826"),
)
"""What a new house begins with: stated assumptions, to be changed."""


@transaction.atomic
def load_defaults(*, at: datetime, by: Actor) -> int:
    """Set the shipped thresholds where there are none at all; return how many."""
    if Threshold.objects.exists():
        return 0
    for new in SHIPPED:
        add_threshold(new, at=at, by=by)
    return len(SHIPPED)


@transaction.atomic
def add_threshold(new: NewThreshold, *, at: datetime, by: Actor) -> Threshold:
    """Set a threshold. Raises BadThreshold (figures that cannot be, or another speaks of the very same), NotAllowed,
    NoSuchCircuit."""
    require(by, Permission.SETTINGS)
    made = Threshold(**_columns(new, by=by))
    _refuse_twin(made)
    made.save()
    _record("threshold.add", made, None, asdict(new), at=at, by=by)
    return made


@transaction.atomic
def change_threshold(threshold_id: int, new: NewThreshold, *, at: datetime, by: Actor) -> Threshold:
    """Let a threshold say something else from the next sample on. Raises as `add_threshold`, and NoSuchThreshold."""
    require(by, Permission.SETTINGS)
    found = threshold(by, threshold_id)
    before = asdict(said(found))
    for name, value in _columns(new, by=by).items():
        setattr(found, name, value)
    _refuse_twin(found)
    found.save()
    was, now = differences(before, asdict(new))
    if now:
        _record("threshold.change", found, was, now, at=at, by=by)
    return found


@transaction.atomic
def remove_threshold(threshold_id: int, *, at: datetime, by: Actor) -> None:
    """Take a threshold away: a less specific one decides instead, or none. Raises NoSuchThreshold."""
    require(by, Permission.SETTINGS)
    found = threshold(by, threshold_id)
    _record("threshold.remove", found, asdict(said(found)), {}, at=at, by=by)
    found.delete()


def said(rule: Threshold) -> NewThreshold:
    """Return what a threshold says."""
    same = {name: getattr(rule, name) for name in NewThreshold.__dataclass_fields__ if name != "product"}
    return NewThreshold(**same, product=rule.product.code if rule.product else "")


def _columns(new: NewThreshold, *, by: Actor) -> dict[str, Any]:
    _check(new)
    product = Product.objects.filter(code=new.product).first() if new.product else None
    if new.product and product is None:
        raise BadThreshold(msgid("There is no product {code}; choose one of the catalogue."), code=new.product)
    if new.circuit_id is not None:
        visible_circuit(by, new.circuit_id)
    columns = asdict(replace(new, note=new.note[:200]))
    return {**columns, "product": product}


def _check(new: NewThreshold) -> None:
    if new.metric not in Metric.values or new.severity not in Severity.values:
        raise BadThreshold(msgid("“{metric}” or “{severity}” is unknown; choose from the lists."),
                           metric=new.metric, severity=new.severity)  # fmt: skip
    if new.grade and new.grade not in CircuitGrade.values:
        raise BadThreshold(msgid("There is no circuit grade {grade}; choose from the list."), grade=new.grade)
    if not 0 <= new.clear_at < new.raise_at <= LARGEST:
        raise BadThreshold(
            msgid("It must be over below where it begins: {clear} is not under {raise_at}; correct the figures."),
            clear=new.clear_at, raise_at=new.raise_at,
        )  # fmt: skip
    if not all(1 <= count <= MOST_PERIODS for count in (new.raise_periods, new.clear_periods)):
        raise BadThreshold(msgid("Give 1 to {most} periods in a row."), most=MOST_PERIODS)


def _refuse_twin(rule: Threshold) -> None:
    same = Threshold.objects.filter(metric=rule.metric, product=rule.product, grade=rule.grade, circuit=rule.circuit)
    twin = same.exclude(pk=rule.pk).first()
    if twin is not None:
        raise BadThreshold(
            msgid("Threshold {number} speaks of the very same already; change that one instead."), number=twin.pk
        )


def _record(
    action: str, rule: Threshold, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    label = str(Metric(rule.metric).label)
    customer = rule.circuit.customer_id if rule.circuit else None
    region = rule.circuit.region_code if rule.circuit else ""
    change = Change("threshold", rule.pk, label, before, after, customer_id=customer, region_code=region)
    record(action, [change], at=at, by=by)
