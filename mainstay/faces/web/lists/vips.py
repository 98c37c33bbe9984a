"""The list of nominations: who is a VIP, since when, why in figures (B6)."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies
from mainstay.accounts.nominations.choices import Measure, Source, Status
from mainstay.accounts.nominations.queries import nominated, runs
from mainstay.domain.actor import Actor
from mainstay.faces.ui.words import short_number
from mainstay.faces.web import listing
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column

SORTS = {
    "customer": ("customer__name", "pk"), "since": ("from_on", "pk"), "score": ("score", "pk"),
    "status": ("status", "pk"), "until": ("until_on", "pk"),
}  # fmt: skip


def figure_words(measure: str, value: int) -> str:
    """Say a measured value: a number, or an amount in yuan with few letters."""
    return short_number(value) if measure == Measure.COUNT else f"¥\u2009{short_number(value / 100)}"


def figure_told(figure: dict[str, Any]) -> dict[str, Any]:
    """Return a factor's figure in words."""
    measure = Measure(figure["measure"])
    return figure | {
        "label": measure.label, "said": figure_words(measure, figure["value"]),
        "least_said": figure_words(measure, figure["least"]), "reached": figure["value"] >= figure["least"],
        "points_said": f"{figure['points'] / 1000:g}",
    }  # fmt: skip


def reason(row: Any) -> str:
    """Say why a customer is named: in figures, or in the words of who nominated them."""
    if row.source == Source.BY_HAND:
        return str(row.why)
    said = gettext("%(label)s, %(days)s days: %(value)s (least %(least)s)")
    parts = [
        said % {"label": told["label"], "days": told["days"], "value": told["said"], "least": told["least_said"]}
        for told in map(figure_told, row.figures)
    ]
    return "；".join(parts) if gettext("Name") != "Name" else "; ".join(parts)


def origin(row: Any) -> str:
    """Say how a nomination came about."""
    return row.vip_filter.name if row.vip_filter else str(Source(row.source).label)


def filters(actor: Actor) -> list[dict[str, Any]]:
    """Return the filter bar (2 queries)."""
    by_filter = [(row.pk, row.name) for row in runs.filters()]
    return [
        {"name": "q", "label": _("Customer"), "kind": "search"},
        {"name": "status", "label": _("Status"), "kind": "chips", "options": Status.choices},
        {"name": "source", "label": _("How named"), "kind": "choice", "options": Source.choices},
        {"name": "filter", "label": _("VIP filter"), "kind": "choice", "options": by_filter},
        {"name": "region", "label": _("Region"), "kind": "choice", "options": policies.regions_to_choose()},
    ]


def _matching(asked: Asked) -> Any:
    given = asked.given
    wanted = nominated.NominationFilter(
        given.get("q", ""), given.get("status", ""), given.get("source", ""), listing.number_of(given.get("filter")),
        given.get("region", ""), listing.number_of(given.get("customer")),
    )  # fmt: skip
    return listing.ordered(nominated.filtered(asked.actor, wanted), given.get("sort", ""), SORTS, default="-since")


def _score(row: Any, _asked: Asked) -> SafeString | str:
    return f"{row.score / 1000:g}" if row.score else "—"


VIPS = ListPage(
    name="vips", title=_("VIPs by their accounts"), object_kind="nomination",
    columns=(
        column("customer", _("Customer"), lambda n, _a: cells.link("vip", n.pk, n.customer.name, css="row-link"),
               (_("Customer"), lambda n, _a: n.customer.name), (_("Customer code"), lambda n, _a: n.customer.code),
               sort="customer", fixed=True),
        column("status", _("Status"), lambda n, _a: n.get_status_display(), sort="status", css="text-nowrap"),
        column("how", _("How named"), lambda n, _a: origin(n)),
        column("why", _("Why"), lambda n, _a: reason(n)),
        column("score", _("Points in all"), _score, lambda n, _a: n.score / 1000, sort="score", numeric=True),
        column("since", _("Since"), lambda n, _a: cells.day(n.from_on), lambda n, _a: n.from_on, sort="since",
               css="text-nowrap"),
        column("until", _("Until"), lambda n, _a: cells.day(n.until_on), lambda n, _a: n.until_on, sort="until",
               css="text-nowrap"),
        column("seen", _("Figures of"), lambda n, _a: cells.day(n.seen_on), lambda n, _a: n.seen_on, shown=False,
               css="text-nowrap"),
        column("by", _("By"), lambda n, _a: n.made_by, shown=False),
    ),
    matching=_matching, visible=lambda actor: nominated.filtered(actor, nominated.NominationFilter()),
    url=lambda n: reverse("web:vip", args=[n.pk]), id_of=lambda n: int(n.pk), label_of=lambda n: str(n.customer.name),
    filters=filters, sorts=frozenset(SORTS), others=frozenset({"customer"}),
    empty=(_("No nomination matches"),
           _("VIPs are found here by filters over balances, transactions and settlements, or nominated by hand."),
           "crown"),
)  # fmt: skip
