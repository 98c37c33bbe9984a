"""Sets a customer's scheme as a PDF, kept as a document: words, drawing, parts and prices (D4, F3, R1).

It is set outside of any transaction; keeping it is one short transaction.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.schemes import queries
from mainstay.accounts.schemes.choices import Counting, PartKind, SchemeType
from mainstay.accounts.schemes.drawing import ways
from mainstay.accounts.schemes.models import CustomerScheme
from mainstay.domain.actor import Actor
from mainstay.platform.documents.actions.storing import Made, digest_of_facts, store
from mainstay.platform.documents.models import Document
from mainstay.platform.documents.registry import Template
from mainstay.platform.documents.rendering import pdf
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission

_TYPST = Path(__file__).parent / "typst"
TEMPLATE = Template(
    "customer-scheme", _("Technical scheme"), _TYPST / "customer-scheme.typ", _TYPST / "customer-scheme.json"
)


def set_document(scheme_id: int, language: str, *, at: datetime, by: Actor) -> Document:
    """Set a scheme in a language and keep it. Raises NoSuchScheme, NotAllowed, TemplateBroken."""
    require(by, Permission.WRITE_CUSTOMERS)
    row = queries.draft(by, scheme_id)
    (kept,) = store([made_of(row, language, at=at)], at=at, by=by)
    return kept


def made_of(row: CustomerScheme, language: str, *, at: datetime) -> Made:
    """Return a scheme as a document, not yet kept; its customer (with manager) and model are fetched."""
    facts = facts_of(row, language, at=at)
    content = pdf(TEMPLATE.code, facts, language=language, at=at)
    with override(language):
        title = gettext("Technical scheme %(number)s · %(title)s") % {"number": row.number, "title": row.title}
    return Made(
        kind=TEMPLATE.code, format="pdf", language=language, title=title, number=row.number,
        file_name=f"{row.number}-{language}.pdf", content=content, facts_digest=digest_of_facts(facts),
        customer_id=row.customer_id, region_code=row.customer.region_id, about=f"scheme:{row.pk}",
        about_label=row.number, figures=f"v{row.model_version}",
    )  # fmt: skip


def facts_of(row: CustomerScheme, language: str, *, at: datetime) -> dict[str, Any]:
    """Return what the template reads, in a language; the sample beside it shows every fact."""
    manager = row.customer.account_manager
    with override(language):
        return {
            "operator": {"name": settings.OPERATOR_NAME},
            "about": row.customer.name,
            "month": {"label": f"{row.priced_on:%Y-%m-%d}"},
            "edition": {"number": row.number, "version": 1, "corrects": "", "why": ""},
            "scheme": {
                "number": row.number, "title": row.title, "date": f"{timezone.localdate(at):%Y-%m-%d}",
                "type": str(SchemeType(row.content["scheme_type"]).label), "summary": row.content["summary"],
                "advantages": _lines(row.content["advantages"]), "limits": _lines(row.content["limits"]),
                "parameters": row.content["parameters"], "ways": ways(row.content["drawing"]), "remark": row.remark,
                "sites": row.sites, "speed": speed_words(row.speed_kbps), "months": row.term_months,
                "reach": row.get_reach_display(), "priced-on": f"{row.priced_on:%Y-%m-%d}",
                "manager": manager.display_name if manager else "", "model": row.model.code,
                "model-version": row.model_version,
            },
            "lines": [_line(line) for line in row.lines],
            "sums": {
                "one-time": yuan(row.one_time_fen), "monthly": yuan(row.monthly_fen), "total": yuan(row.total_fen),
                "unpriced": row.unpriced,
            },
        }  # fmt: skip


def _line(line: dict[str, Any]) -> dict[str, Any]:
    known = line["one_time_fen"] is not None
    return {
        "name": line["name"], "technology": line["technology"], "kind": str(PartKind(line["kind"]).label),
        "counting": str(Counting(line["counting"]).label), "count": line["count"],
        "speed": speed_words(line["speed_kbps"]), "one-time": yuan(line["one_time_sum_fen"]) if known else "",
        "monthly": yuan(line["monthly_sum_fen"]) if known else "",
    }  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def yuan(fen: int) -> str:
    """Say an amount of fen in yuan."""
    return f"¥\u202f{fen / 100:,.2f}"


def speed_words(kbps: int) -> str:
    """Say a speed; "" for none."""
    if not kbps:
        return ""
    if kbps >= 1_048_576:
        return f"{kbps / 1_048_576:g} Gbit/s"
    return f"{kbps / 1024:g} Mbit/s" if kbps >= 1024 else f"{kbps} kbit/s"
