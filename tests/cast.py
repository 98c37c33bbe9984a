"""The cast and the stage of the tests: some people, three key accounts and an outsider, a protected ring (ring.py).

Rows are made in bulk, without the actions: what a test says about an action then says only that.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password

from mainstay.accounts.catalog.models import Product, PromiseProfile, PromiseTerm
from mainstay.accounts.contracts.finding import index_contracts
from mainstay.accounts.contracts.models import Contract, ContractLine
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Contact, Customer
from mainstay.domain.actor import Actor, system
from mainstay.network.alarms.models import AlarmSource
from mainstay.network.inventory.finding import index_circuits
from mainstay.network.inventory.models import Circuit, CircuitEnd, Resource
from mainstay.platform.calendars.models import Calendar, SpecialDay, WorkingHours, YearTable
from mainstay.platform.duty.models import Desk, Shift
from mainstay.platform.identity.models import DutyAssignment, User
from mainstay.platform.identity.queries import actor_of
from mainstay.platform.places.models import Industry, Region
from tests.ring import build_network, open_circuits

NOW = datetime(2026, 9, 1, 0, 0, tzinfo=UTC)
PASSWORD = "keeps-its-word-2026"

REGIONS = {
    "42": ("湖北省", "Hubei", 30.54, 114.34),
    "4201": ("武汉市", "Wuhan", 30.59, 114.30),
    "4202": ("黄石市", "Huangshi", 30.20, 115.04),
    "44": ("广东省", "Guangdong", 23.13, 113.27),
    "4401": ("广州市", "Guangzhou", 23.13, 113.26),
}
STAFF = {
    "wang.min": ("王敏", "account_manager", "42"),
    "liu.fang": ("刘芳", "account_manager", "42"),
    "li.qiang": ("李强", "duty_officer", "42"),
    "huang.wei": ("黄伟", "duty_officer", "44"),
    "zhao.lei": ("赵磊", "leader", "42"),
    "chen.tao": ("陈涛", "technician", "42"),
    "admin": ("系统管理员", "administrator", ""),
}
RESTORATION_MINUTES = {"AAA": 60, "AA": 90, "A": 180, "I": 240, "II": 240, "III": 240}
HOLIDAYS_2026 = {
    date(2026, 9, 20): ("workday", "国庆节调休"),
    date(2026, 9, 25): ("holiday", "中秋节"),
    date(2026, 10, 1): ("holiday", "国庆节"),
    date(2026, 10, 2): ("holiday", "国庆节"),
    date(2026, 10, 5): ("holiday", "国庆节"),
    date(2026, 10, 6): ("holiday", "国庆节"),
    date(2026, 10, 7): ("holiday", "国庆节"),
    date(2026, 10, 10): ("workday", "国庆节调休"),
}


@dataclass
class World:
    """Everything on the stage. `resources` is by code, e.g. "link-BC", "port-B-east", "device-A", "duct-BC"."""

    users: dict[str, User] = field(default_factory=dict)
    calendar_always: Calendar = None  # type: ignore[assignment]
    calendar_office: Calendar = None  # type: ignore[assignment]
    product: Product = None  # type: ignore[assignment]
    profile: PromiseProfile = None  # type: ignore[assignment]
    bank: Customer = None  # type: ignore[assignment]
    branch: Customer = None  # type: ignore[assignment]
    logistics: Customer = None  # type: ignore[assignment]
    trade: Customer = None  # type: ignore[assignment]
    bank_contact: Contact = None  # type: ignore[assignment]
    logistics_contact: Contact = None  # type: ignore[assignment]
    contract: Contract = None  # type: ignore[assignment]
    line: ContractLine = None  # type: ignore[assignment]
    logistics_contract: Contract = None  # type: ignore[assignment]
    logistics_line: ContractLine = None  # type: ignore[assignment]
    resources: dict[str, Resource] = field(default_factory=dict)
    circuit: Circuit = None  # type: ignore[assignment]
    branch_circuit: Circuit = None  # type: ignore[assignment]
    logistics_circuit: Circuit = None  # type: ignore[assignment]
    trade_circuit: Circuit = None  # type: ignore[assignment]
    source: AlarmSource = None  # type: ignore[assignment]
    desk: Desk = None  # type: ignore[assignment]

    def actor(self, username: str) -> Actor:
        """Return the actor of a user, read anew."""
        return actor_of(User.objects.get(username=username))

    def link(self, name: str) -> Resource:
        """Return a link by its ends, e.g. "BC"."""
        return self.resources[f"link-{name}"]

    @property
    def circuits(self) -> list[Circuit]:
        """Return the circuits: of bank, branch, logistics and trade."""
        return [self.circuit, self.branch_circuit, self.logistics_circuit, self.trade_circuit]


@cache
def _password_hash() -> str:
    return make_password(PASSWORD)


def build_world() -> World:
    """Set the stage; needs an empty database."""
    world = World()
    Region.objects.bulk_create(
        Region(code=code, name=name, name_en=en, latitude=latitude, longitude=longitude)
        for code, (name, en, latitude, longitude) in REGIONS.items()
    )
    Industry.objects.bulk_create(
        [Industry(code="J", name="金融业", level=1), Industry(code="G", name="交通运输、仓储和邮政业", level=1)]
    )
    _hire_staff(world)
    _lay_down_promises(world)
    _win_customers(world)
    _sign_contracts(world)
    build_network(world)
    open_circuits(world)
    _make_findable(world)
    return world


def _make_findable(world: World) -> None:
    index_customers([world.bank, world.branch, world.logistics, world.trade])
    index_contracts([world.contract, world.logistics_contract])
    index_circuits(world.circuits, CircuitEnd.objects.none())


def _user(username: str, name: str, customer_id: int | None = None) -> User:
    return User(
        username=username, display_name=name, password=_password_hash(), date_joined=NOW, customer_id=customer_id
    )


def _hire_staff(world: World) -> None:
    users = User.objects.bulk_create(_user(username, name) for username, (name, _, _) in STAFF.items())
    world.users = {user.username: user for user in users}
    DutyAssignment.objects.bulk_create(
        DutyAssignment(user=world.users[username], duty=duty, region_code=region)
        for username, (_, duty, region) in STAFF.items()
    )
    world.desk, guangdong = Desk.objects.bulk_create(
        [
            Desk(code="hubei", name="湖北大客户值班台", region_code="42"),
            Desk(code="guangdong", name="广东大客户值班台", region_code="44"),
        ]
    )
    on_duty = ((world.desk, "li.qiang", 1), (world.desk, "zhao.lei", 2), (guangdong, "huang.wei", 1))
    Shift.objects.bulk_create(
        Shift(
            desk=desk,
            user=world.users[username],
            level=level,
            from_at=datetime(2026, 8, 1, tzinfo=UTC),
            to_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        for desk, username, level in on_duty
    )


def _lay_down_promises(world: World) -> None:
    world.calendar_always, world.calendar_office = Calendar.objects.bulk_create(
        [
            Calendar(code="24x7", name="24×7", always=True, special_days=""),
            Calendar(code="office", name="工作时间", special_days="CN"),
        ]
    )
    WorkingHours.objects.bulk_create(
        WorkingHours(calendar=world.calendar_office, weekday=weekday, from_minute=start * 60, to_minute=end * 60)
        for weekday in range(5)
        for start, end in ((8, 12), (14, 18))
    )
    table = YearTable.objects.create(country="CN", year=2026, source="测试用节选", imported_at=NOW)
    SpecialDay.objects.bulk_create(
        SpecialDay(table=table, on=on, kind=kind, label=label) for on, (kind, label) in HOLIDAYS_2026.items()
    )
    world.product = Product.objects.create(code="leased-line", name="数字专线", name_en="Leased line")
    world.profile = PromiseProfile.objects.create(code="S3", name="电路等级承诺", source="S3", active=True)
    PromiseTerm.objects.bulk_create(
        PromiseTerm(
            profile=world.profile,
            grade=grade,
            metric="restoration",
            amount=minutes,
            unit="natural_minutes",
            calendar=world.calendar_always,
            valid_from=date(2020, 1, 1),
        )
        for grade, minutes in RESTORATION_MINUTES.items()
    )


def _customer(code: str, name: str, short_name: str, region: str, **more: Any) -> Customer:
    return Customer(
        code=code, name=name, short_name=short_name, region_id=region, created_at=NOW, changed_at=NOW, **more
    )


def _win_customers(world: World) -> None:
    manager, other = world.users["wang.min"], world.users["liu.fang"]
    world.bank = _customer(
        "C0001", "汉江银行股份有限公司", "汉江银行", "4201", kind="group", industry_id="J", service_grade="gold",
        account_manager=manager, address="武汉市江汉区建设大道 100 号", phone="027-8555 0100",
    )  # fmt: skip
    world.bank.save()
    world.branch, world.logistics, world.trade = Customer.objects.bulk_create(
        [
            _customer(
                "C0002", "汉江银行黄石分行", "汉江银行黄石", "4202", parent=world.bank, industry_id="J",
                service_grade="gold", account_manager=manager,
            ),
            _customer(
                "C0003", "楚天物流有限公司", "楚天物流", "4202", industry_id="G", service_grade="silver",
                account_manager=other,
            ),
            _customer("C0004", "粤海商贸有限公司", "粤海商贸", "4401", service_grade="standard"),
        ]
    )  # fmt: skip
    people = (("zhou.ying", "周颖", world.bank), ("wu.tong", "吴桐", world.logistics))
    users = User.objects.bulk_create(_user(username, name, customer.pk) for username, name, customer in people)
    world.users |= {user.username: user for user in users}
    DutyAssignment.objects.bulk_create(DutyAssignment(user=user, duty="customer_contact") for user in users)
    world.bank_contact, world.logistics_contact = Contact.objects.bulk_create(
        Contact(
            customer=customer, name=name, role="technical", phone=phone, email=f"{username}@example.com", notify=True,
            user=world.users[username],
        )
        for (username, name, customer), phone in zip(people, ("13800000001", "13800000002"), strict=True)
    )  # fmt: skip


def _sign_contracts(world: World) -> None:
    signed = {"signed_on": date(2025, 12, 1), "starts_on": date(2026, 1, 1)}
    world.contract, world.logistics_contract = Contract.objects.bulk_create(
        [
            Contract(number="HT-2026-0001", customer=world.bank, name="汉江银行专线服务协议", **signed),
            Contract(number="HT-2026-0002", customer=world.logistics, name="楚天物流专线服务协议", **signed),
        ]
    )
    world.line, world.logistics_line = ContractLine.objects.bulk_create(
        ContractLine(contract=contract, position=1, product=world.product, grade=grade, monthly_price_fen=price)
        for contract, grade, price in ((world.contract, "AAA", 880000), (world.logistics_contract, "A", 320000))
    )


@pytest.fixture
def world(db: None) -> World:
    """Give the cast and the stage in a database of this test's own."""
    return build_world()


@pytest.fixture
def manager(world: World) -> Actor:
    """王敏, account manager of the bank and its branch."""
    return world.actor("wang.min")


@pytest.fixture
def officer(world: World) -> Actor:
    """李强, duty officer of region 42."""
    return world.actor("li.qiang")


@pytest.fixture
def leader(world: World) -> Actor:
    """赵磊, leader in region 42."""
    return world.actor("zhao.lei")


@pytest.fixture
def technician(world: World) -> Actor:
    """陈涛, technician in region 42."""
    return world.actor("chen.tao")


@pytest.fixture
def admin(world: World) -> Actor:
    """Return the administrator, who sees everything."""
    return world.actor("admin")


@pytest.fixture
def customer(world: World) -> Actor:
    """周颖 of the bank, who sees the bank and its branch."""
    return world.actor("zhou.ying")


@pytest.fixture
def outsider(world: World) -> Actor:
    """吴桐 of the logistics company, who must see nothing of the bank."""
    return world.actor("wu.tong")


@pytest.fixture
def machinery() -> Actor:
    """Return the operator's own machinery."""
    return system("test")
