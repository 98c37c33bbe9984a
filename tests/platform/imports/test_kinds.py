"""Each kind: what goes out comes in unchanged; rows are created, changed, refused and undone; queries are flat."""

import io
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.accounts.contracts.models import Contract, ContractLine, SpecialTerm
from mainstay.accounts.customers.models import Contact
from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed
from mainstay.network.inventory.models import Circuit, Dependency, Resource
from mainstay.network.inventory.queries.topology import revision
from mainstay.platform.imports import giving, queries
from mainstay.platform.imports.choices import State
from mainstay.platform.imports.models import ImportRun, Origin
from mainstay.platform.imports.registry import kind_named
from mainstay.platform.journal.models import Entry
from tests.cast import World
from tests.platform.imports.files import table, take, undo

KINDS = ("customers", "contacts", "contracts", "terms", "sites", "devices", "cables", "links", "resources", "circuits")


def exported(kind: str, by: Actor, *, workbook: bool = False) -> bytes:
    wanted = kind_named(kind)
    if workbook:
        out = io.BytesIO()
        giving.write_workbook(out, giving.head(wanted), giving.all_rows(wanted, by))
        return out.getvalue()
    return b"".join(giving.csv_lines(giving.head(wanted), giving.all_rows(wanted, by)))


@pytest.mark.parametrize("workbook", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "terms"])
def test_what_goes_out_comes_in_unchanged(world: World, admin: Actor, kind: str, workbook: bool) -> None:
    run = take(kind, exported(kind, admin, workbook=workbook), by=admin)
    errors = [giving.error_of(row) for row in queries.refused_rows(run)]
    assert (errors, run.created, run.updated, run.unchanged) == ([], 0, 0, run.total)
    assert run.total >= 1


def told(run: ImportRun) -> tuple[str, int, int, int, list[str]]:
    errors = [giving.error_of(row) for row in queries.refused_rows(run)]
    return run.state, run.created, run.updated, run.refused, errors


def test_contacts(world: World, admin: Actor) -> None:
    run = take("contacts", table(
        ("客户编码", "姓名", "role", "手机", "notify"),
        ("C0001", "周颖", "", "13911112222", "是"),
        ("C0001", "孙工", "technical", "", "否"),
        ("C0001", "王工", "technical", "", "是"),
        ("C9999", "李工", "technical", "1", "是"),
    ), by=admin)  # fmt: skip
    assert told(run)[:4] == (State.DONE, 1, 1, 2)
    assert Contact.objects.get(pk=world.bank_contact.pk).phone == "13911112222"
    assert undo(run, by=admin).undone == 2
    assert Contact.objects.get(pk=world.bank_contact.pk).phone == "13800000001"
    assert not Contact.objects.filter(name="孙工", left_on=None).exists()


def test_contracts(world: World, admin: Actor) -> None:
    run = take("contracts", table(
        ("合同编号", "合同行号", "客户编码", "合同名称", "签订日期", "生效日期", "产品编码", "等级", "月租"),
        ("HT-1", "1", "C0001", "新协议", "2026-1-1", "2026-2-1", "leased-line", "AAA", "8800.50"),
        ("HT-1", "2", "C0001", "新协议", "2026-1-1", "2026-2-1", "leased-line", "A", "1,200"),
        ("HT-1", "3", "C0001", "新协议", "2026-1-1", "2026-2-1", "nothing", "A", "1200"),
        ("HT-2026-0001", "1", "C0001", "改名协议", "", "", "", "", "9000"),
        ("HT-2026-0001", "2", "C0001", "", "", "", "leased-line", "AA", ""),
        ("HT-2", "1", "C0002", "", "", "2026-2-1", "leased-line", "A", ""),
    ), by=admin)  # fmt: skip
    assert told(run)[:4] == (State.DONE, 3, 1, 2), told(run)
    assert list(ContractLine.objects.filter(contract__number="HT-1").values_list("position", "monthly_price_fen")) == [
        (1, 880050), (2, 120000),
    ]  # fmt: skip
    assert Contract.objects.get(number="HT-2026-0001").name == "改名协议"
    assert undo(run, by=admin).undone == 4
    assert not Contract.objects.filter(number="HT-1").exists()
    old = Contract.objects.get(number="HT-2026-0001")
    assert (old.name, [line.monthly_price_fen for line in old.lines.all()]) == ("汉江银行专线服务协议", [880000])


NEW_NETWORK: Sequence[Sequence[str]] = (
    ("资源编码", "资源类型", "名称", "所属", "A端", "Z端", "runs_in", "区划代码"),
    ("L-1", "link", "汉口—新", "", "device-A", "D-1", "F-1", ""),
    ("D-1", "设备", "新设备", "S-1", "", "", "", ""),
    ("S-1", "site", "新机房", "", "", "", "", "4201"),
    ("CA-1", "光缆", "新光缆", "", "", "", "", "4201"),
    ("F-1", "fibre", "新纤芯", "CA-1", "", "", "", ""),
)


def test_resources_in_any_order(world: World, admin: Actor) -> None:
    before = revision()
    bad = ("P-1", "port", "口", "S-1", "", "", "", "")
    changed = ("device-B", "device", "光谷新 MSTP", "", "", "", "", "")
    run = take("resources", table(*NEW_NETWORK, bad, changed), by=admin)
    assert told(run)[:4] == (State.DONE, 5, 1, 1), told(run)
    link = Resource.objects.get(code="L-1")
    assert (link.region_code, link.z_end.code) == ("4201", "D-1")
    assert Dependency.objects.filter(resource=link, on__code="F-1").exists()
    assert revision() > before
    assert undo(run, by=admin).undone == 6
    assert not Resource.objects.filter(code__in=("L-1", "D-1", "S-1", "CA-1", "F-1")).exists()
    assert Resource.objects.get(code="device-B").name == "光谷 MSTP"


def test_a_ring_is_refused_alone(world: World, admin: Actor) -> None:
    head = ("code", "runs_in", "name")
    run = take("resources", table(head, ("fibre-AB", "link-AB", "环"), ("fibre-BC", "", "新名")), by=admin)
    assert told(run)[:4] == (State.DONE, 0, 1, 1)
    assert Resource.objects.get(code="fibre-BC").name == "新名"


def test_circuits_with_routes(world: World, admin: Actor) -> None:
    head = (
        "电路代号",
        "客户编码",
        "产品编码",
        "等级",
        "制式",
        "范围",
        "带宽",
        "A端局站",
        "Z端局站",
        "主用路由",
        "保护路由",
    )
    good = (
        "N-1",
        "C0001",
        "leased-line",
        "AA",
        "mstp",
        "province",
        "2048",
        "甲",
        "乙",
        "device-A link-AB device-B",
        "",
    )
    torn = (
        "N-2",
        "C0001",
        "leased-line",
        "AA",
        "mstp",
        "province",
        "2048",
        "甲",
        "乙",
        "device-A link-CD device-B",
        "",
    )
    nowhere = ("N-3", "C7777", "leased-line", "AA", "mstp", "province", "2048", "甲", "乙", "", "")
    number = world.circuit.number
    changed = (number, "C0001", "", "", "", "", "4096", "新址", "", "device-A|link-AB|device-B|link-BC|device-C", "-")
    run = take("circuits", table(head, good, torn, nowhere, changed), by=admin)
    assert told(run)[:4] == (State.DONE, 1, 1, 2), told(run)
    bank = Circuit.objects.get(number=number)
    assert (bank.bandwidth_kbps, bank.paths.count(), bank.ends.get(side="A").site_name) == (4096, 1, "新址")
    again = take("circuits", table(head, good, changed), by=admin)
    assert (again.unchanged, again.updated) == (2, 0)
    assert undo(run, by=admin).undone == 2
    bank.refresh_from_db()
    assert (bank.bandwidth_kbps, bank.paths.count()) == (world.circuit.bandwidth_kbps, 2)
    assert not Circuit.objects.filter(number="N-1").exists()


def test_nobody_imports_what_their_duty_does_not_write(world: World, officer: Actor, manager: Actor) -> None:
    for kind in ("resources", "circuits"):
        with pytest.raises(NotAllowed):
            take(kind, table(("code",), ("x",)), by=manager)
    with pytest.raises(NotAllowed):
        take("contracts", table(("code",), ("x",)), by=officer)


def test_exports_stay_within_scope(world: World, manager: Actor, officer: Actor) -> None:
    assert [row["code"] for row in kind_named("customers").give(manager)] == ["C0001", "C0002"]
    assert {row["customer"] for row in kind_named("circuits").give(manager)} == {"C0001", "C0002"}
    assert list(kind_named("resources").give(manager)) == []
    assert "C0004" not in {row["code"] for row in kind_named("customers").give(officer)}


FILES = {
    "customers": lambda n: table(("code", "name", "region"), *((f"N{i}", f"客户{i}", "4201") for i in range(n))),
    "contacts": lambda n: table(("customer", "name", "role"), *(("C0001", f"人{i}", "technical") for i in range(n))),
    "resources": lambda n: table(
        ("code", "name", "kind", "region"), *((f"S{i}", f"站{i}", "site", "42") for i in range(n))
    ),
    "terms": lambda n: table(
        ("customer", "metric", "amount", "unit", "calendar", "valid_from"),
        *(("C0001", "restoration", "120", "natural_minutes", "24x7", f"{2027 + i}-01-01") for i in range(n)),
    ),
    "sites": lambda n: table(("code", "name", "region"), *((f"S{i}", f"站{i}", "42") for i in range(n))),
    "devices": lambda n: table(("code", "name", "region"), *((f"D{i}", f"设备{i}", "42") for i in range(n))),
    "cables": lambda n: table(("code", "name", "region"), *((f"K{i}", f"光缆{i}", "42") for i in range(n))),
    "links": lambda n: table(
        ("code", "name", "A端", "Z端"), *((f"L{i}", f"链路{i}", "device-A", "device-B") for i in range(n))
    ),
    "contracts": lambda n: table(
        ("number", "line", "customer", "name", "signed_on", "starts_on", "product", "grade"),
        *((f"H{i}", "1", "C0001", "协议", "2026-01-01", "2026-01-01", "leased-line", "A") for i in range(n)),
    ),
    "circuits": lambda n: table(
        ("number", "customer", "product", "grade", "technology", "reach", "bandwidth", "working"),
        *((f"N{i}", "C0001", "leased-line", "A", "mstp", "local", "2048", "device-A") for i in range(n)),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_more_rows_ask_no_more_questions(world: World, admin: Actor, kind: str) -> None:
    def asked(rows: int) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as there:
            run = take(kind, FILES[kind](rows), by=admin)
        assert run.created + run.updated == rows, told(run)  # a customer undone before comes back
        with CaptureQueriesContext(connection) as back:
            assert undo(run, by=admin).undone == rows
        return len(there), len(back)

    asked(1)  # what is made once is made
    few, many = asked(2), asked(20)
    assert many == few
    assert few[0] < 90


def test_the_audit_trail_tells_the_story(world: World, admin: Actor) -> None:
    run = take("customers", FILES["customers"](2), by=admin)
    undo(run, by=admin)
    entries = Entry.objects.filter(request_id=f"import-{run.pk}").order_by("id").values_list("action", flat=True)
    assert list(entries) == [
        "customer.create", "customer.create", "import.end", "customer.take_back", "customer.take_back", "import.undone",
    ]  # fmt: skip
    told = Entry.objects.filter(object_kind="import").order_by("id").values_list("action", "actor_name")
    assert list(told) == [(f"import.{word}", "系统管理员") for word in ("take_in", "start", "end", "undo", "undone")]


def test_special_terms(world: World, admin: Actor) -> None:
    head = ("客户编码", "合同编号", "行号", "metric", "数值", "单位", "日历", "生效日期")
    rows = (
        ("C0001", "", "", "恢复", "4", "natural_minutes", "24x7", "2026-01-01"),
        ("C0001", "HT-2026-0001", "", "restoration", "3", "natural_minutes", "24x7", "2026-01-01"),
        ("C0001", "HT-2026-0001", "1", "restoration", "2", "natural_minutes", "24x7", "2026-01-01"),
        ("C0001", "HT-2026-0001", "9", "restoration", "2", "natural_minutes", "24x7", "2026-01-01"),
        ("C0002", "HT-2026-0001", "", "restoration", "2", "natural_minutes", "24x7", "2026-01-01"),
        ("C0001", "", "", "availability", "2", "natural_minutes", "24x7", "2026-01-01"),
    )
    run = take("terms", table(head, ("C0001", "", "", "restoration", *rows[0][4:]), *rows[1:]), by=admin)
    assert told(run)[:4] == (State.DONE, 3, 0, 3), told(run)
    again = take("terms", exported("terms", admin), by=admin)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3), told(again)
    changed = take("terms", table(head, (*rows[1][:4], "5", *rows[1][5:])), by=admin)
    assert changed.updated == 1
    assert SpecialTerm.objects.get(contract__number="HT-2026-0001").amount == 5
    assert undo(changed, by=admin).undone == 1
    assert SpecialTerm.objects.get(contract__number="HT-2026-0001").amount == 3
    assert undo(run, by=admin).undone == 3


def test_circuits_are_ceased_and_contracts_ended(world: World, admin: Actor) -> None:
    number = world.circuit.number
    head = ("number", "customer", "状态")
    run = take("circuits", table(head, (number, "C0001", "ceased"), ("N-9", "C0001", "ceased")), by=admin)
    assert told(run)[:4] == (State.DONE, 0, 1, 1), told(run)
    again = take("circuits", table(("number", "customer", "status"), (number, "C0001", "active")), by=admin)
    assert again.refused == 1
    assert Circuit.objects.get(number=number).status == "ceased"
    assert undo(run, by=admin).undone == 1
    assert Circuit.objects.get(number=number).status == "active"
    ending = ("number", "line", "customer", "status", "ends_on")
    bare = take("contracts", table(ending, ("HT-2026-0001", "1", "C0001", "ended", "")), by=admin)
    ended = take("contracts", table(ending, ("HT-2026-0001", "1", "C0001", "ended", "2026-12-31")), by=admin)
    assert (bare.refused, ended.updated) == (1, 1), (told(bare), told(ended))
    assert Contract.objects.get(number="HT-2026-0001").status == "ended"


@pytest.mark.parametrize("kind", ["contacts", "contracts", "circuits", "resources", "sites"])
def test_who_created_it_elsewhere_is_kept(world: World, admin: Actor, manager: Actor, kind: str) -> None:
    plain = FILES[kind](2).decode().splitlines()
    raw = "\n".join((plain[0] + ",创建时间,创建人", *(f"{row},2020-05-01 09:30,张三" for row in plain[1:]))).encode()
    own = kind in ("contacts", "contracts")  # an account manager writes these, but not who created them
    assert not own or take(kind, raw, by=manager).refused == 2
    run = take(kind, raw, by=admin)
    assert run.created == 2, told(run)
    out = exported(kind, admin)
    assert out.decode().count("2020-05-01 09:30:00,张三") == 2
    assert not own or take(kind, exported(kind, manager), by=manager).refused == 0
    undo(run, by=admin)
    assert not Origin.objects.exists()
