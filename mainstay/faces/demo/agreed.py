"""The demo's agreements: a contract with a history, packages sold and waiting, a draft, a notice, an overlap."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from mainstay.accounts.catalog.terms import Terms
from mainstay.accounts.contracts import actions, queries
from mainstay.accounts.contracts.actions import NewContract, NewFile, NewLine
from mainstay.accounts.contracts.choices import AttachmentKind, ContractStatus
from mainstay.accounts.customers.queries import visible_customer
from mainstay.accounts.packages.actions import decide_version
from mainstay.accounts.packages.actions.loading import load_packages
from mainstay.domain.actor import Actor
from mainstay.faces.demo import cast
from mainstay.network.inventory.queries import contracts as inventory
from mainstay.platform.identity.queries import actor_named, users
from mainstay.service.compensation.actions import clauses
from mainstay.service.compensation.actions.clauses import NewTerms, Place
from mainstay.service.compensation.shipped import EXAMPLE
from mainstay.service.promises import contract_paper, selling
from mainstay.service.promises.actions import set_circuit_term
from mainstay.service.promises.selling import Sale

LEFT_WAITING = "protection-3"
LEADER = "zhao.lei"
PRODUCTS = ("digital-circuit", "digital-trunk", "ddn", "fr", "mpls-vpn", "atm", "dark-fibre")


def agree(*, at: datetime, by: Actor) -> int:
    """Tell the story of some agreements up to an instant; return how many packages are applied."""
    today = timezone.localdate(at)
    leader = actor_named(LEADER) or by
    begin = date(today.year - 1, 1, 1)
    versions = {row.package.code: row.pk for row in load_packages(at=at, by=by, valid_from=begin)}
    for code, version in versions.items():
        if code != LEFT_WAITING:
            decide_version(version, approve=True, at=at, by=leader)
    clauses.lay_down(
        NewTerms("SLA 质量保证赔偿（演示）", replace(EXAMPLE), begin, source="演示数据，数值为虚构",
                 place=Place(package="sla-guarantee")), at=at, by=by,
    )  # fmt: skip
    found = [contract for pk in _portal_customers() for contract in queries.by_customer(by, pk)[:1]]
    applied = sum(_tell(contract, versions, leader, at=at, by=by) for contract in found[:1])
    for contract in found[1:2]:
        _notice(contract, today, at=at, by=by)
    if found:
        _new_ones(found[0], today, at=at, by=by)
    return applied


def _portal_customers() -> list[int]:
    names = [name for name, _shown in cast.PORTAL]
    known = {user.username: user.customer_id for user in users().filter(username__in=names)}
    return [pk for name in names if (pk := known.get(name))]


def _tell(contract: Any, versions: dict[str, int], leader: Actor, *, at: datetime, by: Actor) -> int:
    """Give a contract a further version, packages, files, and two circuits promises that say something."""
    today = timezone.localdate(at)
    owner = contract.customer.account_manager
    manager = (actor_named(owner.username) if owner else None) or by
    since = max(contract.starts_on, today - timedelta(days=120))
    _raise(contract, max(contract.starts_on, today - timedelta(days=45)), at=at, by=by)
    circuits = [row for under in inventory.by_line(by, contract.pk).values() for row in under]
    fitting = [row for row in circuits if row.product.code in PRODUCTS]
    line = next((one for one in contract.lines.all() if one.product.code in PRODUCTS), None)
    applied = 0
    if line is not None:
        sale = Sale(versions["sla-guarantee"], since, contract_id=contract.pk, position=line.position,
                    price_fen=60_000, why="三年期合同，随线路整体打包")  # fmt: skip
        selling.decide_package(selling.apply_package(sale, at=at, by=manager).pk, approve=True, at=at, by=leader)
        applied += 1
    for circuit in fitting[:1]:
        selling.apply_package(Sale(versions["protection-1"], since, circuit_id=circuit.pk), at=at, by=manager)
        big = Sale(versions["quality-level"], today, circuit_id=circuit.pk, price_fen=10_000, why="竞争对手报价更低")
        selling.apply_package(big, at=at, by=manager)
        applied += 1
        for minutes, begin in (("45", since), ("30", today - timedelta(days=10))):
            terms = Terms("restoration", Decimal(minutes), "natural_minutes", "24x7", begin)
            set_circuit_term(circuit.pk, terms, why="重保电路，会议纪要约定", at=at, by=by)
    _attach(contract.pk, at=at, by=by)
    return applied


def _raise(contract: Any, since: date, *, at: datetime, by: Actor) -> None:
    """Lower the prices by a twentieth from a day on, and let the contract renew itself."""
    lines = tuple(NewLine(one.position, one.product.code, one.grade, one.monthly_price_fen * 95 // 100)
                  for one in contract.lines.all())  # fmt: skip
    wanted = actions.Revision(since, contract.name, contract.ends_on, lines, 12, 30, "按月后付，次月 15 日前",
                              "年度议价：全部条目下调 5%")  # fmt: skip
    actions.change_contract(contract.pk, wanted, at=at, by=by)


def _attach(contract_id: int, *, at: datetime, by: Actor) -> None:
    made = contract_paper.paper(by, contract_id, number=1, language="zh-hans", at=at)
    copy = NewFile("合同签署件.pdf", made.content, AttachmentKind.SIGNED_COPY, "合同签署件（扫描）", for_customer=True)
    actions.attach(contract_id, copy, at=at, by=by)
    inner = NewFile("议价记录.pdf", made.content, AttachmentKind.OTHER, "年度议价记录（内部）")
    actions.attach(contract_id, inner, at=at, by=by)


def _notice(contract: Any, today: date, *, at: datetime, by: Actor) -> None:
    end = min(contract.ends_on or today + timedelta(days=60), today + timedelta(days=60))
    if end > contract.starts_on:
        actions.give_notice(contract.pk, received_on=today - timedelta(days=3), ends_on=end,
                            why="客户迁址，改用新址专线", at=at, by=by)  # fmt: skip


def _new_ones(contract: Any, today: date, *, at: datetime, by: Actor) -> None:
    """Enter a draft, and a contract that is signed and not registered yet."""
    code = visible_customer(by, contract.customer_id).code
    line = NewLine(1, "mpls-vpn", "AA", 560_000)
    actions.register_contracts(
        [
            NewContract(f"HT-{today.year}-90001", code, "灾备中心专线扩容协议", None, today + timedelta(days=30),
                        today + timedelta(days=395), (line,), status=ContractStatus.DRAFT, payment="按月后付"),
            NewContract(f"HT-{today.year}-90002", code, "营业网点组网协议", today - timedelta(days=6), today,
                        today + timedelta(days=80), (NewLine(1, "internet-line", "A", 230_000),),
                        status=ContractStatus.SIGNED, payment="按季预付"),
        ],
        at=at, by=by,
    )  # fmt: skip
