"""Write scheme models down in versions, release and withdraw them (D4)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.schemes.choices import NEXT_STATUS, Counting, PartKind, SchemeStatus, SchemeType
from mainstay.accounts.schemes.drawing import ways
from mainstay.accounts.schemes.errors import BadScheme, NoSuchScheme
from mainstay.accounts.schemes.finding import index_models
from mainstay.accounts.schemes.models import CounterScheme, SchemeModel, SchemePart, SchemeVersion
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

SAID = ("name", "scheme_type", "customer_kinds", "industries", "summary", "drawing", "advantages", "limits")


@dataclass(frozen=True)
class NewPart:
    """A part wanted; `product` is a code, prices are in fen and of what has no tariff."""

    kind: str
    name: str
    product: str = ""
    technology: str = ""
    counting: str = Counting.ONCE.value
    quantity: int = 1
    speed_kbps: int = 0
    one_time_fen: int = 0
    monthly_fen: int = 0


@dataclass(frozen=True)
class NewCounter:
    """A counter-scheme wanted: whose scheme is answered, and how."""

    competitor: str
    rival: str
    how: str


@dataclass(frozen=True)
class NewModel:
    """A scheme model wanted; `parameters` are (label, value) pairs, empty kinds and industries mean all."""

    code: str
    name: str
    scheme_type: str
    summary: str
    parts: tuple[NewPart, ...]
    customer_kinds: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    drawing: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    advantages: str = ""
    limits: str = ""
    counters: tuple[NewCounter, ...] = ()


@transaction.atomic
def save_model(
    new: NewModel, *, model_id: int | None = None, version: int | None = None, at: datetime, by: Actor
) -> SchemeModel:
    """Write a scheme model down, or its next version; the reason is `by.because(…)`. Schemes drafted from it stay.

    Raises NoSuchScheme; BadScheme, also when it has moved on from `version`.
    """
    require(by, Permission.WRITE_SCHEMES)
    row = _locked(model_id) if model_id is not None else SchemeModel(code=new.code, version=0)
    if version is not None and row.version != version:
        raise BadScheme(
            msgid("Scheme model {name} was changed meanwhile; look at it again and repeat your change."), name=row.name
        )
    products = _checked(new, row)
    for name in SAID:
        value = getattr(new, name)
        setattr(row, name, list(value) if isinstance(value, tuple) else value)
    row.parameters = [{"label": label, "value": value} for label, value in new.parameters]
    row.version, row.changed_at, row.changed_by = row.version + 1, at, by.name[:80]
    row.save()
    _write_parts(row, new, products)
    SchemeVersion.objects.create(
        model=row, version=row.version, content=journal.plain(asdict(new)), why=by.why[:400], made_at=at,
        made_by=by.name[:80],
    )  # fmt: skip
    change = Change("scheme_model", row.pk, row.name[:160], None, {"version": row.version, "name": row.name})
    journal.record("scheme_model.update" if model_id else "scheme_model.add", [change], at=at, by=by)
    index_models([row])
    return row


@transaction.atomic
def move_model(model_id: int, to: str, *, at: datetime, by: Actor) -> SchemeModel:
    """Release a scheme model or withdraw it. Raises NoSuchScheme, BadScheme."""
    require(by, Permission.WRITE_SCHEMES)
    row = _locked(model_id)
    if to not in NEXT_STATUS[SchemeStatus(row.status)]:
        raise BadScheme(
            msgid("Scheme model {name} cannot go from “{begin}” to “{to}”; choose one of the steps shown."),
            name=row.name, begin=row.get_status_display(), to=to,
        )  # fmt: skip
    before = {"status": row.status}
    row.status = to
    row.save(update_fields=["status"])
    change = Change("scheme_model", row.pk, row.name[:160], before, {"status": to})
    journal.record("scheme_model.move", [change], at=at, by=by)
    return row


def _locked(model_id: int) -> SchemeModel:
    row = SchemeModel.objects.select_for_update().filter(pk=model_id).first()
    if row is None:
        raise NoSuchScheme(msgid("There is no scheme model {id}; choose one of the list."), id=model_id)
    return row


def _checked(new: NewModel, row: SchemeModel) -> Mapping[str, Product]:
    if not (new.code and new.name.strip() and new.summary.strip() and new.parts):
        raise BadScheme(msgid("A scheme model needs a code, a name, a summary and at least one part; give them."))
    if not row.version and SchemeModel.objects.filter(code=new.code).exists():
        raise BadScheme(msgid("Scheme model {code} exists already; change it, or choose another code."), code=new.code)
    if new.scheme_type not in SchemeType.values:
        raise _wrong(new, new.scheme_type)
    ways(new.drawing)
    products = {each.code: each for each in Product.objects.filter(code__in={part.product for part in new.parts})}
    for part in new.parts:
        _check_part(new, part, products)
    for counter in new.counters:
        if not (counter.competitor.strip() and counter.rival.strip() and counter.how.strip()):
            raise BadScheme(
                msgid("Scheme model {name}: a counter-scheme names the competitor, their scheme and the answer."),
                name=new.name,
            )
    return products


def _check_part(new: NewModel, part: NewPart, products: Mapping[str, Product]) -> None:
    if part.kind not in PartKind.values or part.counting not in Counting.values:
        raise _wrong(new, f"{part.kind} {part.counting}")
    if not part.name.strip() or part.quantity < 1:
        raise _wrong(new, part.name or "—")
    if part.kind == PartKind.PRODUCT and part.product not in products:
        raise BadScheme(
            msgid("Scheme model {name}: there is no product “{product}”; choose one of the catalogue."),
            name=new.name, product=part.product or "—",
        )  # fmt: skip
    if min(part.one_time_fen, part.monthly_fen, part.speed_kbps) < 0:
        raise _wrong(new, part.name)


def _wrong(new: NewModel, what: str) -> BadScheme:
    return BadScheme(msgid("Scheme model {name}: “{what}” is not possible; correct it."), name=new.name, what=what)


def _write_parts(row: SchemeModel, new: NewModel, products: Mapping[str, Product]) -> None:
    row.parts.all().delete()
    row.counters.all().delete()
    parts = [
        SchemePart(model=row, position=n, **(asdict(part) | {"product": products.get(part.product)}))
        for n, part in enumerate(new.parts, start=1)
    ]
    SchemePart.objects.bulk_create(parts)
    CounterScheme.objects.bulk_create(CounterScheme(model=row, **asdict(counter)) for counter in new.counters)


def load_shipped(new: Sequence[NewModel], *, at: datetime, by: Actor) -> int:
    """Add and release the models that are missing; return how many came new."""
    known = set(SchemeModel.objects.values_list("code", flat=True))
    missing = [each for each in new if each.code not in known]
    for each in missing:
        move_model(save_model(each, at=at, by=by).pk, SchemeStatus.RELEASED.value, at=at, by=by)
    return len(missing)


def content_of(row: SchemeModel) -> dict[str, Any]:
    """Return what a customer's scheme keeps of its model: words, drawing, parameters."""
    names = ("name", "scheme_type", "summary", "drawing", "parameters", "advantages", "limits")
    return {name: getattr(row, name) for name in names}
