"""The contract as a document: parties, lines, prices, packages, signatures, and the service-level annex (R1, D1, D2).

Set of facts by a template, in Chinese or English, in any version; a draft carries a watermark. What is promised is told
circuit by circuit in words, as it holds on the version's day (the annex): equal promises share one entry.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.accounts.contracts.choices import ContractStatus
from mainstay.accounts.contracts.errors import NoSuchContract
from mainstay.accounts.contracts.models import Contract, ContractVersion
from mainstay.accounts.contracts.queries import version, version_on, versions, visible_contract
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.queries.contracts import by_line
from mainstay.platform.documents.lettering import safe_name
from mainstay.platform.documents.registry import Template
from mainstay.platform.documents.rendering import pdf
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises.applied import use_label
from mainstay.service.promises.choices import UseStatus
from mainstay.service.promises.explaining import Explained, explained
from mainstay.service.promises.holding import HoldingPromise
from mainstay.service.promises.package_uses import of_contract

_TYPST = Path(__file__).parent / "typst"
TEMPLATE = Template("contract", _("Contract"), _TYPST / "contract.typ", _TYPST / "contract.json")
MOST_CIRCUITS = 2_000


@dataclass(frozen=True)
class Paper:
    """A contract as a PDF."""

    file_name: str
    content: bytes


def paper(actor: Actor, contract_id: int, *, number: int | None = None, language: str, at: datetime) -> Paper:
    """Return a contract's document in a version (None: the one in force) and language.

    Raises NoSuchContract, NoSuchVersion, TemplateBroken. A customer's people get their own, signed ones.
    """
    found = visible_contract(actor, contract_id)
    if found.status == ContractStatus.DRAFT and not actor.may(Permission.READ_CONSOLE):
        raise NoSuchContract(msgid("There is no contract {id} that you may see; check the address."), id=contract_id)
    today = timezone.localdate(at)
    chosen = version(found, number) if number is not None else version_on(found, today)
    facts = facts_of(actor, found, chosen, language, at=at)
    content = pdf(TEMPLATE.code, facts, language=language, at=at)
    return Paper(f"{safe_name(found.number)}-v{chosen.number}-{language}.pdf", content)


def facts_of(actor: Actor, found: Contract, chosen: ContractVersion, language: str, *, at: datetime) -> dict[str, Any]:
    """Return what the template reads, in a language; see docs/operations-agreements.md."""
    day = _day_of(found, chosen, at)
    circuits = by_line(actor, found.pk)
    told = _explained(circuits, day)
    with override(language):
        said = chosen.facts
        lines = [_line(line, language) for line in said["lines"]]
        return {
            "operator": {"name": settings.OPERATOR_NAME},
            "about": found.customer.name,
            "month": {"label": f"{day:%Y-%m-%d}"},
            "edition": {"number": found.number, "version": chosen.number, "corrects": "", "why": ""},
            "contract": {
                **_head(found, said),
                "lines": lines,
                "total": _yuan(sum(line["monthly_price_fen"] for line in said["lines"])),
                "packages": [_package(use, language) for use in of_contract(actor, found.pk) if _is_said(use, day)],
                "day": f"{day:%Y-%m-%d}",
                "version-from": f"{chosen.valid_from:%Y-%m-%d}",
                "is-newest": chosen.number == versions(found)[0].number,
            },
            "annex": _annex(said, circuits, told, language),
        }  # fmt: skip


def _day_of(found: Contract, chosen: ContractVersion, at: datetime) -> date:
    """Return the day whose promises a version's annex tells: today while it is in force, else its first or last day."""
    today, following = timezone.localdate(at), None
    for one in versions(found):
        if one.number == chosen.number + 1:
            following = one.valid_from
    if following is not None and following <= today:
        return max(chosen.valid_from, date.fromordinal(following.toordinal() - 1))
    return max(chosen.valid_from, min(today, _last_day(found, today)))


def _last_day(found: Contract, today: date) -> date:
    return date.fromordinal(found.ends_on.toordinal() - 1) if found.ends_on else today


def _explained(circuits: Mapping[int, list[Any]], day: date) -> dict[int, Explained]:
    ids = [circuit.pk for under in circuits.values() for circuit in under]
    if len(ids) > MOST_CIRCUITS:
        ids = ids[:MOST_CIRCUITS]
    return {one.circuit_id: one for one in explained(ids, day)} if ids else {}


def _head(found: Contract, said: Mapping[str, Any]) -> dict[str, Any]:
    owner = found.customer
    return {
        "number": found.number, "name": said["name"], "draft": found.status == ContractStatus.DRAFT,
        "status": found.get_status_display(), "customer": owner.name, "customer-code": owner.code,
        "customer-address": owner.address or "", "customer-phone": owner.phone or "",
        "manager": str(owner.account_manager or ""), "signed-on": said["signed_on"] or "",
        "starts-on": said["starts_on"], "ends-on": said["ends_on"] or "", "payment": said["payment"],
        "auto-renew-months": said["auto_renew_months"], "notice-days": said["notice_days"],
        "registration": found.registration_number,
        "registered-on": f"{found.registered_on:%Y-%m-%d}" if found.registered_on else "",
    }  # fmt: skip


def _line(line: Mapping[str, Any], language: str) -> dict[str, Any]:
    name = line["product_name"] if language.startswith("zh") else line["product_name_en"]
    price = _yuan(line["monthly_price_fen"])
    return {"position": str(line["position"]), "product": name, "grade": line["grade"], "price": price}


def _is_said(use: Any, day: date) -> bool:
    running = use.valid_to is None or use.valid_to > day
    return bool(running and use.status == UseStatus.APPROVED)


def _package(use: Any, language: str) -> dict[str, Any]:
    version_, package = use.version, use.version.package
    in_chinese = language.startswith("zh")
    services = version_.services if in_chinese else version_.services_en or version_.services
    return {
        "name": package.name if in_chinese else package.name_en, "version": version_.number,
        "where": use_label(use).rsplit(" · ", 1)[-1] if use.line is not None else "",
        "price": _yuan(use.price_fen), "from": f"{use.valid_from:%Y-%m-%d}",
        "to": f"{use.valid_to:%Y-%m-%d}" if use.valid_to else "",
        "services": [line.strip() for line in services.splitlines() if line.strip()],
        "compensates": version_.compensates,
    }  # fmt: skip


def _annex(
    said: Mapping[str, Any], circuits: Mapping[int, list[Any]], told: Mapping[int, Explained], language: str
) -> list[dict[str, Any]]:
    """Return groups of circuits with the same promises, in words: numbers, line, and each promise with its source."""
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for under in circuits.values():
        for circuit in under:
            one = told.get(circuit.pk)
            if one is None:
                continue
            promises = [(str(Metric(metric).label), promised(promise), source(promise))
                        for metric, promise in one.promises.items() if promise is not None]  # fmt: skip
            key = (one.position, one.grade, one.product, tuple(promises))
            product = one.product if language.startswith("zh") else one.product_en
            group = groups.setdefault(key, {"position": str(one.position or ""), "grade": one.grade, "product": product,
                                            "circuits": [], "promises": [list(each) for each in promises]})  # fmt: skip
            group["circuits"].append({"number": one.number, "name": one.name})
    return sorted(groups.values(), key=lambda group: (group["position"], group["grade"]))


def promised(promise: HoldingPromise) -> str:
    """Say what is promised in words, in the reader's language: "within 60 minutes", "at least 99.9 per cent"."""
    amount = f"{promise.amount.normalize():f}"
    unit = Unit(promise.unit)
    if unit == Unit.SAME_DAY:
        return gettext("on the same day")
    words = {"amount": amount, "unit": unit.label}
    if unit == Unit.PERCENT:
        return gettext("at least {amount} %").format(**words)
    if unit == Unit.MONTHS:
        return gettext("every {amount} months").format(**words)
    if promise.metric == Metric.PLANNED_NOTICE:
        return gettext("at least {amount} {unit} before").format(**words)
    if promise.metric == Metric.FEEDBACK:
        return gettext("at least every {amount} {unit}").format(**words)
    return gettext("within {amount} {unit}").format(**words)


def source(promise: HoldingPromise) -> str:
    """Say where a promise is laid down, for a customer's eyes: no internal words of the profile."""
    if promise.level.endswith("package"):
        return gettext("by package: {label}").format(label=promise.label.split(" · ")[0])
    if promise.level in ("circuit", "contract_line", "contract", "customer"):
        return gettext("as agreed specially")
    if promise.level == "grade":
        return gettext("for circuits of grade {grade}").format(grade=promise.label.split(" · ")[0])
    return gettext("by general standard")


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
