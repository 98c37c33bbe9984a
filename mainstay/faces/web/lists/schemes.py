"""The lists of scheme models, and of the schemes drafted for customers (D4)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies
from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.accounts.schemes import queries
from mainstay.accounts.schemes.choices import SchemeStatus, SchemeType
from mainstay.domain.actor import Actor
from mainstay.faces.web import listing
from mainstay.faces.web.amounts import yuan
from mainstay.faces.web.lists import cells
from mainstay.faces.web.lists.columns import Asked, ListPage, column
from mainstay.faces.web.lists.offered import for_whom, speed_words

MODEL_SORTS = {"name": ("name",), "type": ("scheme_type", "name"), "changed": ("changed_at", "pk"),
               "parts": ("part_count", "name"), "counters": ("counter_count", "name")}  # fmt: skip


def _model_filters(_actor: Actor) -> list[dict[str, Any]]:
    competitors = [(name, name) for name in queries.competitors()]
    return [
        {"name": "q", "label": _("Name, part or competitor"), "kind": "search"},
        {"name": "status", "label": _("Status"), "kind": "chips", "options": SchemeStatus.choices},
        {"name": "type", "label": _("Kind of scheme"), "kind": "choice", "options": SchemeType.choices},
        {"name": "kind", "label": _("Kind of customer"), "kind": "choice", "options": CustomerKind.choices},
        {"name": "trade", "label": _("Trade"), "kind": "choice", "options": policies.top_industries()},
        {"name": "product", "label": _("Product"), "kind": "choice",
         "options": [(p.code, p.name) for p in catalog.products()]},
        {"name": "against", "label": _("Answers"), "kind": "choice", "options": competitors},
    ]  # fmt: skip


def _models(asked: Asked) -> Any:
    given = asked.given
    wanted = queries.ModelFilter(
        given.get("q", ""), given.get("type", ""), given.get("kind", ""), given.get("trade", ""),
        given.get("against", ""), given.get("product", ""), given.get("status", ""),
    )  # fmt: skip
    return listing.ordered(queries.models_matching(wanted), given.get("sort", ""), MODEL_SORTS, default="name")


SCHEME_MODELS = ListPage(
    name="scheme-models", title=_("Scheme models"), object_kind="scheme_model",
    columns=(
        column("name", _("Name"), lambda m, _a: cells.link("scheme-model", m.pk, m.name, css="row-link"),
               lambda m, _a: m.name, sort="name", fixed=True),
        column("type", _("Kind of scheme"), lambda m, _a: m.get_scheme_type_display(), sort="type"),
        column("for", _("For whom"), lambda m, _a: for_whom(m)),
        column("parts", _("Parts"), lambda m, _a: m.part_count, sort="parts", numeric=True),
        column("counters", _("Counter-schemes"), lambda m, _a: m.counter_count, sort="counters", numeric=True),
        column("status", _("Status"), lambda m, _a: m.get_status_display()),
        column("version", _("Version"), lambda m, _a: m.version, numeric=True),
        column("changed", _("Changed"), lambda m, a: cells.instant(m.changed_at, a.at), lambda m, _a: m.changed_at,
               sort="changed", css="text-nowrap"),
        column("code", _("Code"), lambda m, _a: cells.quiet(m.code), lambda m, _a: m.code, shown=False),
        column("summary", _("Summary"), lambda m, _a: m.summary[:80], lambda m, _a: m.summary, shown=False),
    ),
    matching=_models, visible=lambda _actor: queries.models_matching(queries.ModelFilter()),
    url=lambda m: reverse("web:scheme-model", args=[m.pk]), id_of=lambda m: int(m.pk), label_of=lambda m: str(m.name),
    filters=_model_filters, sorts=frozenset(MODEL_SORTS),
    empty=(_("No scheme model matches"),
           _("Templates of technical schemes stand here: what for, of which parts, whose schemes they answer."),
           "sitemap"),
)  # fmt: skip

DRAFT_SORTS = {"number": ("pk",), "customer": ("customer__name", "pk"), "total": ("total_fen", "pk"),
               "monthly": ("monthly_fen", "pk"), "made": ("made_at", "pk")}  # fmt: skip


def _draft_filters(_actor: Actor) -> list[dict[str, Any]]:
    return [
        {"name": "q", "label": _("Customer or title"), "kind": "search"},
        {"name": "model", "label": _("Scheme model"), "kind": "choice", "options": queries.released()},
    ]


def _drafts(asked: Asked) -> Any:
    given = asked.given
    customer = listing.number_of(given.get("customer"))
    wanted = queries.DraftFilter(given.get("q", ""), listing.number_of(given.get("model")), customer)
    rows = queries.drafts_matching(asked.actor, wanted)
    return listing.ordered(rows, given.get("sort", ""), DRAFT_SORTS, default="-number")


SCHEMES = ListPage(
    name="schemes", title=_("Schemes for customers"), object_kind="customer_scheme",
    columns=(
        column("number", _("Number"), lambda s, _a: cells.link("scheme", s.pk, s.number, css="row-link"),
               lambda s, _a: s.number, sort="number", css="text-nowrap", fixed=True),
        column("customer", _("Customer"), lambda s, _a: cells.link("customer", s.customer_id, s.customer),
               lambda s, _a: s.customer.name, sort="customer"),
        column("title", _("Title"), lambda s, _a: s.title),
        column("model", _("Scheme model"), lambda s, _a: cells.link("scheme-model", s.model_id, s.model.name),
               lambda s, _a: s.model.name),
        column("sites", _("Number of sites"), lambda s, _a: s.sites, numeric=True),
        column("speed", _("Speed"), lambda s, _a: speed_words(s.speed_kbps), lambda s, _a: s.speed_kbps, numeric=True),
        column("once", _("Once"), lambda s, _a: yuan(s.one_time_fen), lambda s, _a: s.one_time_fen / 100, numeric=True,
               css="text-nowrap"),
        column("monthly", _("A month"), lambda s, _a: yuan(s.monthly_fen), lambda s, _a: s.monthly_fen / 100,
               numeric=True, sort="monthly", css="text-nowrap"),
        column("total", _("Over the term"), lambda s, _a: yuan(s.total_fen), lambda s, _a: s.total_fen / 100,
               numeric=True, sort="total", css="text-nowrap"),
        column("made", _("Made"), lambda s, a: cells.instant(s.made_at, a.at), lambda s, _a: s.made_at, sort="made",
               css="text-nowrap"),
        column("by", _("By"), lambda s, _a: s.made_by, shown=False),
    ),
    matching=_drafts, visible=lambda actor: queries.drafts_matching(actor, queries.DraftFilter()),
    url=lambda s: reverse("web:scheme", args=[s.pk]), id_of=lambda s: int(s.pk), label_of=lambda s: str(s.number),
    filters=_draft_filters, sorts=frozenset(DRAFT_SORTS), others=frozenset({"customer"}),
    empty=(_("No scheme matches"), _("Schemes drafted for customers from the models stand here, with their prices."),
           "file-text"),
)  # fmt: skip
