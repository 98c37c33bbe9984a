"""What can be found of products and marketing policies, and by which words (A6, D4)."""

from collections.abc import Iterable

from mainstay.accounts.catalog.models import MarketingPolicy, Product
from mainstay.platform.search.actions import SearchItem, index

RANK = 60


def index_products(products: Iterable[Product]) -> None:
    """Make products findable by names, code and what is said of them, in the caller's transaction."""
    index(
        SearchItem("product", row.pk, row.name, f"{row.code} · {row.get_family_display()}",
                   words=(row.code, row.name_en, row.description[:200], *map(str, row.interfaces)), rank=RANK)
        for row in products
    )  # fmt: skip


def index_policies(policies: Iterable[MarketingPolicy]) -> None:
    """Make marketing policies findable by title, code, text and source, in the caller's transaction."""
    index(
        SearchItem("policy", row.pk, row.title, row.code, words=(row.code, row.source, row.text[:400]), rank=RANK,
                   region_code=row.region_code)
        for row in policies
    )  # fmt: skip
