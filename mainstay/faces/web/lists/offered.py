"""The lists of what is offered: products, tariffs, marketing policies; all of staff may read them (D4)."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies, prices
from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.catalog.choices import Lifecycle, PolicyState, ProductFamily, Reach
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.domain.actor import Actor
from mainstay.faces.ui.words import bandwidth_words
from mainstay.faces.web import listing
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column

MANY = 6


def speed_words(kbps: int) -> str:
    """Say a speed; "any" for 0."""
    return bandwidth_words(kbps) if kbps else gettext("any speed")


def speeds(row: Any, _asked: Asked) -> str:
    """Say the speed steps of a product, the first few of many."""
    shown = [bandwidth_words(kbps) for kbps in row.speeds_kbps[:MANY]]
    return "、".join(shown) + ("…" if len(row.speeds_kbps) > MANY else "") or "—"


def reaches(row: Any, _asked: Asked) -> str:
    """Say the reaches of a product."""
    return "、".join(str(Reach(each).label) for each in row.reaches) or "—"


def _product_filters(_actor: Actor) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": _("Name or code"), "kind": "search"},
        {"name": "family", "label": _("Family"), "kind": "choice", "options": ProductFamily.choices},
        {"name": "life", "label": _("Life cycle"), "kind": "chips", "options": Lifecycle.choices},
    ]


PRODUCT_SORTS = {
    "name": ("name",), "code": ("code",), "family": ("family", "code"), "life": ("lifecycle", "code"),
    "tariffs": ("tariff_count", "code"),
}  # fmt: skip


def _products(asked: Asked) -> Any:
    given = asked.given
    wanted = policies.ProductFilter(given.get("q", ""), given.get("family", ""), given.get("life", ""))
    return listing.ordered(policies.products_matching(wanted), given.get("sort", ""), PRODUCT_SORTS, default="family")


def _tariff_count(row: Any, _asked: Asked) -> SafeString | str:
    if not row.tariff_count:
        return "0"
    return format_html('<a href="{}?product={}">{}</a>', reverse("web:tariffs"), row.code, row.tariff_count)


PRODUCTS = ListPage(
    name="products", title=_("Products"), object_kind="product",
    columns=(
        column("name", _("Name"), lambda p, _a: cells.link("product", p.pk, p.name, css="row-link"),
               lambda p, _a: p.name, sort="name", fixed=True),
        column("code", _("Code"), lambda p, _a: cells.quiet(p.code), lambda p, _a: p.code, sort="code"),
        column("family", _("Family"), lambda p, _a: p.get_family_display(), sort="family"),
        column("life", _("Life cycle"), lambda p, _a: p.get_lifecycle_display(), sort="life"),
        column("speeds", _("Speed steps"), speeds, lambda p, _a: " ".join(map(str, p.speeds_kbps))),
        column("interfaces", _("Interfaces"), lambda p, _a: "、".join(p.interfaces) or "—"),
        column("reaches", _("Reach"), reaches),
        column("tariffs", _("Tariffs"), _tariff_count, lambda p, _a: p.tariff_count, sort="tariffs", numeric=True),
        column("name_en", _("Name in English"), lambda p, _a: p.name_en, shown=False),
        column("sold", _("On sale since"), lambda p, _a: cells.day(p.sold_from), lambda p, _a: p.sold_from,
               shown=False),
    ),
    matching=_products,
    visible=lambda _actor: policies.products_matching(policies.ProductFilter()),
    url=lambda p: reverse("web:product", args=[p.pk]), id_of=lambda p: int(p.pk), label_of=lambda p: str(p.name),
    filters=_product_filters, sorts=frozenset(PRODUCT_SORTS),
    empty=(_("No product matches"), _("What can be bought stands here, with its parameters and tariffs."), "stack-2"),
)  # fmt: skip

TARIFF_SORTS = {
    "product": ("product__name", "region_code", "reach", "speed_kbps", "valid_from"), "monthly": ("monthly_fen", "pk"),
    "once": ("one_time_fen", "pk"), "speed": ("speed_kbps", "pk"), "begins": ("valid_from", "pk"),
}  # fmt: skip


def _tariff_filters(_actor: Actor) -> list[dict[str, Any]]:
    products = [(p.code, p.name) for p in catalog.products()]
    return [
        {"name": "q", "label": _("Product or document"), "kind": "search"},
        {"name": "product", "label": _("Product"), "kind": "choice", "options": products},
        {"name": "region", "label": _("Region"), "kind": "choice", "options": policies.regions_to_choose()},
        {"name": "all", "label": _("Also those that do not hold today"), "kind": "toggle"},
    ]


def _tariffs(asked: Asked) -> Any:
    given = asked.given
    on = None if "all" in given else timezone.localdate(asked.at)
    wanted = prices.TariffFilter(given.get("q", ""), given.get("product", ""), region=given.get("region", ""), on=on)
    return listing.ordered(prices.filtered(wanted), given.get("sort", ""), TARIFF_SORTS, default="product")


def _with_regions(found: list[Any], _asked: Asked) -> list[Any]:
    names = prices.region_names([row.region_code for row in found if row.region_code])
    for row in found:
        row.region_name = names.get(row.region_code, row.region_code) or gettext("everywhere")
    return found


TARIFFS = ListPage(
    name="tariffs", title=_("Tariffs"), object_kind="tariff",
    columns=(
        column("product", _("Product"), lambda t, _a: cells.link("tariff", t.pk, t.product.name, css="row-link"),
               (_("Product"), lambda t, _a: t.product.name), (_("Product code"), lambda t, _a: t.product.code),
               sort="product", fixed=True),
        column("speed", _("Speed"), lambda t, _a: speed_words(t.speed_kbps), lambda t, _a: t.speed_kbps, sort="speed",
               numeric=True, css="text-nowrap"),
        column("reach", _("Reach"), lambda t, _a: t.get_reach_display()),
        column("region", _("Region"), lambda t, _a: t.region_name),
        column("once", _("Once"), lambda t, _a: yuan(t.one_time_fen), lambda t, _a: t.one_time_fen / 100, sort="once",
               numeric=True, css="text-nowrap"),
        column("monthly", _("A month"), lambda t, _a: yuan(t.monthly_fen), lambda t, _a: t.monthly_fen / 100,
               sort="monthly", numeric=True, css="text-nowrap"),
        column("begins", _("Valid from"), lambda t, _a: cells.day(t.valid_from), lambda t, _a: t.valid_from,
               sort="begins", css="text-nowrap"),
        column("ends", _("Valid to"), lambda t, _a: cells.day(t.valid_to), lambda t, _a: t.valid_to, css="text-nowrap"),
        column("version", _("Version"), lambda t, _a: t.version, numeric=True),
        column("source", _("Document"), lambda t, _a: cells.text(t.source), lambda t, _a: t.source),
    ),
    matching=_tariffs, visible=lambda _actor: prices.filtered(prices.TariffFilter()), rows=_with_regions,
    url=lambda t: reverse("web:tariff", args=[t.pk]), id_of=lambda t: int(t.pk),
    label_of=lambda t: str(t.product.name),
    filters=_tariff_filters, sorts=frozenset(TARIFF_SORTS),
    empty=(_("No tariff matches"),
           _("Prices by speed, reach and region stand here once they are laid down or imported."), "coins"),
)  # fmt: skip

POLICY_SORTS = {"title": ("title",), "code": ("code",), "begins": ("valid_from", "code"), "ends": ("valid_to", "code")}


def _policy_filters(_actor: Actor) -> list[dict[str, Any]]:
    products = [(p.code, p.name) for p in catalog.products()]
    return [
        {"name": "q", "label": _("Title, number or text"), "kind": "search"},
        {"name": "state", "label": _("State"), "kind": "chips", "options": PolicyState.choices},
        {"name": "product", "label": _("Product"), "kind": "choice", "options": products},
    ]


def _policies(asked: Asked) -> Any:
    given = asked.given
    on = timezone.localdate(asked.at)
    wanted = policies.PolicyFilter(on, given.get("q", ""), given.get("state", ""), given.get("product", ""))
    return listing.ordered(policies.policies_matching(wanted), given.get("sort", ""), POLICY_SORTS, default="-begins")


def policy_state(row: Any, on: date) -> str:
    """Say whether a policy is in force on a day."""
    return str(policies.state_of(row, on).label)


def for_whom(row: Any) -> str:
    """Say for which kinds of customers a policy or scheme model is meant."""
    kinds = [str(CustomerKind(kind).label) for kind in row.customer_kinds if kind in CustomerKind.values]
    return "、".join(kinds) or gettext("all kinds")


def _products_of(row: Any, _asked: Asked) -> SafeString | str:
    links = [(reverse("web:product", args=[p.pk]), p.name) for p in row.products.all()]
    return format_html_join("、", '<a href="{}">{}</a>', links) if links else gettext("all products")


POLICIES = ListPage(
    name="policies", title=_("Marketing policies"), object_kind="policy",
    columns=(
        column("title", _("Title"), lambda p, _a: cells.link("policy", p.pk, p.title, css="row-link"),
               lambda p, _a: p.title, sort="title", fixed=True),
        column("code", _("Number"), lambda p, _a: cells.quiet(p.code), lambda p, _a: p.code, sort="code"),
        column("state", _("State"), lambda p, a: policy_state(p, timezone.localdate(a.at))),
        column("begins", _("Valid from"), lambda p, _a: cells.day(p.valid_from), lambda p, _a: p.valid_from,
               sort="begins", css="text-nowrap"),
        column("ends", _("Valid to"), lambda p, _a: cells.day(p.valid_to), lambda p, _a: p.valid_to, sort="ends",
               css="text-nowrap"),
        column("for", _("For whom"), lambda p, _a: for_whom(p)),
        column("products", _("Products"), _products_of, lambda p, _a: "、".join(x.name for x in p.products.all())),
        column("text", _("Text"), lambda p, _a: p.text[:80], lambda p, _a: p.text, shown=False),
    ),
    matching=_policies,
    visible=lambda _actor: policies.policies_matching(policies.PolicyFilter(timezone.localdate())),
    url=lambda p: reverse("web:policy", args=[p.pk]), id_of=lambda p: int(p.pk), label_of=lambda p: str(p.title),
    filters=_policy_filters, sorts=frozenset(POLICY_SORTS),
    empty=(_("No marketing policy matches"), _("What is offered to whom, and until when, stands here."), "flag"),
)  # fmt: skip
