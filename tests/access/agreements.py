"""What stands behind the addresses of agreements: a draft, a signed contract, a file, packages sold and proposed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts.actions import NewContract, NewFile, NewLine, attach, register_contracts
from mainstay.accounts.packages.actions import (
    NewPackage,
    NewVersion,
    PackageTerms,
    create_package,
    decide_version,
    propose_version,
)
from mainstay.service.promises import selling
from mainstay.service.promises.selling import Sale

if TYPE_CHECKING:
    from tests.access.stage import Stage

BEGIN = date(2026, 1, 1)
TERM = Terms("response", Decimal(10), "natural_minutes", "24x7", BEGIN)


def put_up(stage: "Stage") -> None:
    """Put everything up."""
    at, world, admin = timezone.now(), stage.world, stage.actor("admin")
    manager, leader = stage.actor("wang.min"), stage.actor("zhao.lei")
    today = timezone.localdate(at)
    line = (NewLine(1, "leased-line", "AA", 100_000),)
    draft = NewContract("HT-2026-0801", "C0001", "汉江银行扩容协议", None, today, None, line, status="draft")
    signed = NewContract("HT-2026-0802", "C0001", "汉江银行网点协议", today, today, today + timedelta(days=700), line,
                         status="signed")  # fmt: skip
    later = NewContract("HT-2026-0803", "C0001", "汉江银行续签协议", today, today + timedelta(days=300), None, line,
                        status="signed")  # fmt: skip
    rows = register_contracts([draft, signed, later], at=at, by=manager)
    stage.ids["draft"], stage.ids["signed_contract"] = rows[0].pk, rows[1].pk
    stage.ids["version_number"], stage.ids["word"] = 1, "approve"
    file = NewFile("汉江银行签署件.pdf", b"%PDF-1.7", "signed", for_customer=True)
    stage.ids["contract_file"] = attach(world.contract.pk, file, at=at, by=manager).pk
    made = create_package(NewPackage("gold", "sla", "金牌保障"), at=at, by=admin)
    version = propose_version(made.pk, NewVersion(BEGIN, 80_000, (PackageTerms(TERM),)), at=at, by=admin)
    decide_version(version.pk, approve=True, at=at, by=leader)
    other = create_package(NewPackage("silver", "quality", "银牌保障"), at=at, by=admin)
    asked = propose_version(other.pk, NewVersion(BEGIN, 50_000, (PackageTerms(TERM),)), at=at, by=admin)
    stage.ids["branch_customer"] = world.branch.pk
    stage.ids |= {"package": made.pk, "package_version": version.pk, "asked_version": asked.pk}
    use = selling.apply_package(Sale(version.pk, BEGIN, customer_id=world.bank.pk), at=at, by=manager)
    cheap = Sale(version.pk, BEGIN, contract_id=rows[1].pk, price_fen=1, why="汉江银行要求")
    stage.ids["package_use"] = use.pk
    stage.ids["asked_use"] = selling.apply_package(cheap, at=at, by=manager).pk


def _file(_stage: "Stage") -> dict[str, Any]:
    return {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7"), "kind": "annex", "title": "附件"}


def _sale(stage: "Stage") -> dict[str, Any]:
    return {"version_id": str(stage.ids["package_version"]), "price": "", "valid_from": "2026-09-01", "why": "约定"}


CHANGED = {
    "name": "汉江银行网点协议", "valid_from": "2030-01-01", "ends_on": "", "auto_renew_months": "0", "notice_days": "0",
    "payment": "", "why": "议价", "revision": "1", "line_count": "1", "line0-product": "leased-line",
    "line0-grade": "AA",    "line0-price": "900.00",
}  # fmt: skip
PROPOSED = {
    "valid_from": "2030-01-01", "price": "900", "free_discount_percent": "5", "services": "月报", "term_count": "1",
    "term0-metric": "response", "term0-amount": "5", "term0-unit": "natural_minutes", "term0-calendar": "24x7",
    "term0-grade": "",
}  # fmt: skip
DRAFT, SIGNED, BANK = {"pk": "draft"}, {"pk": "signed_contract"}, {"pk": "contract"}
ASKED, USE = {"pk": "asked_use", "word": "approve"}, {"pk": "package_use"}
POSTS: tuple[dict[str, Any], ...] = (
    {"name": "web:contract-sign", "by": "wang.min", "action": "contract.sign", "args": DRAFT,
     "send": {"signed_on": "2026-09-01", "revision": "1"}},
    {"name": "web:contract-register", "by": "zhao.lei", "action": "contract.record", "args": SIGNED,
     "send": {"number": "BA-77", "on": "2030-01-01", "revision": "1"}},
    {"name": "web:contract-renew", "by": "wang.min", "action": "contract.renew", "args": SIGNED,
     "send": {"until": "2035-01-01", "revision": "1"}},
    {"name": "web:contract-notice", "by": "wang.min", "action": "contract.notice", "args": BANK,
     "send": {"received_on": "2026-09-01", "ends_on": "2030-01-01", "why": "搬迁", "revision": "1"}},
    {"name": "web:contract-follow", "by": "wang.min", "action": "contract.follow", "args": SIGNED,
     "send": {"by_number": "HT-2026-0803", "revision": "1"}},
    {"name": "web:contract-change", "by": "wang.min", "action": "contract.change", "args": SIGNED, "send": CHANGED},
    {"name": "web:contract-attach", "by": "wang.min", "action": "contract.attach", "args": BANK, "send": _file},
    {"name": "web:contract-file-withdraw", "by": "wang.min", "action": "contract.detach",
     "args": {"pk": "contract_file"}, "send": {"why": "错页"}},
    {"name": "web:contract-file", "by": "wang.min", "action": "contract.read_file", "args": {"pk": "contract_file"}},
    {"name": "portal:contract-file", "by": "zhou.ying", "action": "contract.read_file",
     "args": {"pk": "contract_file"}},
    {"name": "web:package-new", "by": "admin", "action": "package.create",
     "send": {"code": "bronze", "kind": "quality", "name": "铜牌"}},
    {"name": "web:package-propose", "by": "admin", "action": "package.propose", "args": {"pk": "package"},
     "send": PROPOSED},
    {"name": "web:package-decide", "by": "zhao.lei", "action": "package.decide",
     "args": {"pk": "asked_version", "word": "approve"}},
    {"name": "web:contract-package", "by": "wang.min", "action": "promise.package", "args": BANK,
     "send": lambda s: {**_sale(s), "place": "1"}},
    {"name": "web:circuit-package", "by": "wang.min", "action": "promise.package", "args": {"pk": "circuit"},
     "send": _sale},
    {"name": "web:customer-package", "by": "wang.min", "action": "promise.package",
     "args": {"pk": "branch_customer"}, "send": _sale},
    {"name": "web:package-use-end", "by": "wang.min", "action": "promise.package_end", "args": USE,
     "send": {"on": "2030-01-01"}},
    {"name": "web:package-use-decide", "by": "zhao.lei", "action": "promise.package_decide", "args": ASKED},
    {"name": "web:settings-reminders", "by": "admin", "action": "contract.reminders", "send": {"days": "45 10"}},
)  # fmt: skip
