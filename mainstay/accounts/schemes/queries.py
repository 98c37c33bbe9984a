"""Read scheme models (every member of staff may) and the schemes drafted for customers (within scope)."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from mainstay.accounts.schemes.choices import SchemeStatus
from mainstay.accounts.schemes.errors import NoSuchScheme
from mainstay.accounts.schemes.models import CounterScheme, CustomerScheme, SchemeModel, SchemePart, SchemeVersion
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import is_found


@dataclass(frozen=True)
class ModelFilter:
    """What a list of scheme models is limited to; empty means any. `kind`, `industry`: models for such customers."""

    text: str = ""
    scheme_type: str = ""
    kind: str = ""
    industry: str = ""
    competitor: str = ""
    product: str = ""
    status: str = ""


def models_matching(wanted: ModelFilter) -> QuerySet[SchemeModel]:
    """Return scheme models, unordered, with `part_count` and `counter_count`."""
    rows = SchemeModel.objects.annotate(
        part_count=Count("parts", distinct=True), counter_count=Count("counters", distinct=True)
    )
    exact = {"scheme_type": wanted.scheme_type, "status": wanted.status}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.competitor:
        rows = rows.filter(pk__in=CounterScheme.objects.filter(competitor=wanted.competitor).values("model"))
    if wanted.product:
        rows = rows.filter(pk__in=SchemePart.objects.filter(product__code=wanted.product).values("model"))
    for name, value in (("customer_kinds", wanted.kind), ("industries", wanted.industry)):
        if value:
            rows = rows.filter(pk__in=_for(name, value))
    return rows.filter(is_found(wanted.text, "scheme_model")) if wanted.text.strip() else rows


def _for(name: str, value: str) -> list[int]:
    """Return the ids of the models meant for a kind or trade: few rows, so the lists are looked at here (1 query)."""
    return [
        pk for pk, listed in SchemeModel.objects.values_list("pk", name)
        if not listed or any(value.startswith(each) for each in listed)
    ]  # fmt: skip


def model(model_id: int) -> SchemeModel:
    """Return one scheme model with parts (products fetched) and counter-schemes (3 queries). Raises NoSuchScheme."""
    parts = Prefetch("parts", SchemePart.objects.select_related("product").order_by("position"))
    counters = Prefetch("counters", CounterScheme.objects.order_by("competitor", "pk"))
    found = SchemeModel.objects.prefetch_related(parts, counters).filter(pk=model_id).first()
    if found is None:
        raise NoSuchScheme(msgid("There is no scheme model {id}; choose one of the list."), id=model_id)
    return found


def versions(model_id: int) -> list[SchemeVersion]:
    """Return the versions of a scheme model, the latest first (1 query)."""
    return list(SchemeVersion.objects.filter(model=model_id).order_by("-version"))


def released() -> list[tuple[int, str]]:
    """Return the released models as (id, name) by name (1 query)."""
    return list(SchemeModel.objects.filter(status=SchemeStatus.RELEASED).order_by("name").values_list("pk", "name"))


def competitors() -> list[str]:
    """Return the competitors that some model answers, by name (1 query)."""
    return list(CounterScheme.objects.order_by("competitor").values_list("competitor", flat=True).distinct())


def visible_to(actor: Actor) -> QuerySet[CustomerScheme]:
    """Return the customers' schemes the actor may see; none for customers' own people."""
    if not actor.is_staff:
        return CustomerScheme.objects.none()
    return CustomerScheme.objects.filter(scope(actor, customer="customer_id", region="customer__region__code"))


@dataclass(frozen=True)
class DraftFilter:
    """What a list of customers' schemes is limited to; empty means any."""

    text: str = ""
    model_id: int | None = None
    customer_id: int | None = None


def drafts_matching(actor: Actor, wanted: DraftFilter) -> QuerySet[CustomerScheme]:
    """Return customers' schemes with customer and model fetched, unordered."""
    rows = visible_to(actor).select_related("customer", "model")
    exact = {"model": wanted.model_id, "customer": wanted.customer_id}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.text.strip():
        rows = rows.filter(Q(title__icontains=wanted.text.strip()) | is_found(wanted.text, "customer",
                                                                             column="customer_id"))  # fmt: skip
    return rows


def draft(actor: Actor, scheme_id: int) -> CustomerScheme:
    """Return one customer's scheme, customer (with manager) and model fetched. Raises NoSuchScheme."""
    rows = visible_to(actor).select_related("customer__account_manager", "model")
    found = rows.filter(pk=scheme_id).first()
    if found is None:
        raise NoSuchScheme(msgid("There is no scheme {id} that you may see; check the address."), id=scheme_id)
    return found
