"""Which products and marketing policies are there, for whom, on which day? Every member of staff may read them (D4)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from mainstay.accounts.catalog.choices import PolicyState
from mainstay.accounts.catalog.errors import NoSuchPolicy, NoSuchProduct
from mainstay.accounts.catalog.models import MarketingPolicy, Product
from mainstay.domain.errors import msgid
from mainstay.platform.places.models import Industry, Region
from mainstay.platform.search.queries import is_found


@dataclass(frozen=True)
class ProductFilter:
    """What a list of products is limited to; empty means any."""

    text: str = ""
    family: str = ""
    lifecycle: str = ""


@dataclass(frozen=True)
class PolicyFilter:
    """What a list of policies is limited to; empty means any. `state` is judged on `on`."""

    on: date
    text: str = ""
    state: str = ""
    product: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Target:
    """Whom a policy is asked for: kind, grade, industry's and region's code of a customer."""

    kind: str
    grade: str
    industry: str
    region: str


def products_matching(wanted: ProductFilter) -> QuerySet[Product]:
    """Return products with `tariff_count`, unordered."""
    rows = Product.objects.annotate(tariff_count=Count("tariffs"))
    exact = {"family": wanted.family, "lifecycle": wanted.lifecycle}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    return rows.filter(is_found(wanted.text, "product")) if wanted.text.strip() else rows


def product(product_id: int) -> Product:
    """Return one product. Raises NoSuchProduct."""
    found = Product.objects.filter(pk=product_id).first()
    if found is None:
        raise NoSuchProduct(msgid("There is no product {id}; choose one of the list."), id=product_id)
    return found


def policies_matching(wanted: PolicyFilter) -> QuerySet[MarketingPolicy]:
    """Return policies with products fetched, unordered."""
    rows = MarketingPolicy.objects.prefetch_related("products").filter(_in_state(wanted.state, wanted.on))
    if wanted.product:
        rows = rows.filter(Q(products__code=wanted.product) | Q(products__isnull=True))
    if wanted.text.strip():
        rows = rows.filter(is_found(wanted.text, "policy"))
    return rows.distinct()


def _in_state(state: str, on: date) -> Q:
    ended = Q(valid_to__isnull=False, valid_to__lte=on)
    by_state = {
        PolicyState.COMING.value: Q(valid_from__gt=on),
        PolicyState.IN_FORCE.value: Q(valid_from__lte=on) & ~ended,
        PolicyState.OVER.value: ended,
    }
    return by_state.get(state, Q())


def state_of(row: MarketingPolicy, on: date) -> PolicyState:
    """Say what a policy is on a day."""
    if row.valid_to is not None and row.valid_to <= on:
        return PolicyState.OVER
    return PolicyState.COMING if row.valid_from > on else PolicyState.IN_FORCE


def policy(policy_id: int) -> MarketingPolicy:
    """Return one policy, products fetched (2 queries). Raises NoSuchPolicy."""
    found = MarketingPolicy.objects.prefetch_related("products").filter(pk=policy_id).first()
    if found is None:
        raise NoSuchPolicy(msgid("There is no marketing policy {id}; choose one of the list."), id=policy_id)
    return found


def policies_for(target: Target, *, on: date) -> list[MarketingPolicy]:
    """Return the policies in force that are meant for such a customer, products fetched (2 queries)."""
    rows = policies_matching(PolicyFilter(on, state=PolicyState.IN_FORCE)).order_by("valid_to", "code")
    return [row for row in rows if _is_for(row, target)]


def _is_for(row: MarketingPolicy, target: Target) -> bool:
    return (
        (not row.customer_kinds or target.kind in row.customer_kinds)
        and (not row.grades or target.grade in row.grades)
        and (not row.industries or any(target.industry.startswith(code) for code in row.industries))
        and target.region.startswith(row.region_code)
    )


def industry_names(codes: list[str]) -> dict[str, str]:
    """Return the names of trades by code (1 query)."""
    return dict(Industry.objects.filter(code__in=codes).values_list("code", "name"))


def top_industries() -> list[tuple[str, str]]:
    """Return the sections of trades as (code, name) (1 query)."""
    return list(Industry.objects.filter(level=1).order_by("code").values_list("code", "name"))


def regions_to_choose() -> list[tuple[str, str]]:
    """Return provinces and cities as (code, name) (1 query)."""
    return [(row.code, row.name) for row in Region.objects.order_by("code") if len(row.code) <= 4]
