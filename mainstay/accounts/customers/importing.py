"""Customers from and to files: what the columns mean, and how rows are written and taken back (A7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.customers.actions.batches import change_customers, take_back_customers
from mainstay.accounts.customers.actions.customers import create_customers, kept_in
from mainstay.accounts.customers.choices import (
    Archive,
    ArchiveReason,
    CustomerKind,
    IdentityKind,
    Ownership,
    TaxpayerKind,
)
from mainstay.accounts.customers.making import PLAIN, STAFF, Named, NewCustomer, faults_in, not_mine, unknown
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.customers.queries import visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.domain.masking import is_masked
from mainstay.platform.identity.choices import Permission
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused

COLUMNS = (
    Column("code", _("Customer code"), _("What identifies the customer; an existing code is updated."), "C0001",
           required=True, longest=32, aliases=("客户编码", "客户号", "客户ID", "customer_code", "编码", "代码")),
    Column("name", _("Name"), _("Full legal name."), "江城第一医院", required=True, longest=120,
           aliases=("客户名称", "客户", "customer_name", "customer")),
    Column("region", _("Region code"), _("GB/T 2260 code of province, city or district."), "4201", required=True,
           longest=12, aliases=("region_code", "区划代码", "地区", "区域", "region", "行政区划")),
    Column("short_name", _("Short name"), _("What people call the customer."), "江城医院", longest=40,
           aliases=("客户简称",)),
    Column("kind", _("Kind"), _("Group, organisation or individual."), "organisation", reads="choice",
           choices=CustomerKind.choices, aliases=("客户类型", "type")),
    Column("parent", _("Code of the parent"), _("Customer code of the group above; may stand later in the file."),
           "C0001", longest=32, aliases=("上级客户", "所属集团", "集团编码", "parent_code", "group")),
    Column("industry", _("Industry code"), _("GB/T 4754 code."), "J", longest=8,
           aliases=("industry_code", "行业", "行业代码")),
    Column("ownership", _("Ownership"), _("State-owned, private, foreign-invested …"), "state", reads="choice",
           choices=Ownership.choices, aliases=("企业性质", "所有制")),
    Column("service_grade", _("Service grade"), _("Gold, silver, bronze or standard."), "gold", reads="choice",
           choices=ServiceGrade.choices, aliases=("客户等级", "等级", "grade")),
    Column("grade_reason", _("Reason of the grade"), "", "年收入前十", longest=200),
    Column("is_special", _("Special care"), _("Yes or no."), "no", reads="yes-no", aliases=("特殊客户", "special")),
    Column("account_manager", _("Account manager (user name)"), _("User name of the account manager."), "wang.min",
           longest=150, aliases=("客户经理", "account_manager", "manager")),
    Column("customer_engineer", _("Customer engineer (user name)"), _("User name of the customer engineer."), "",
           longest=150, aliases=("客户工程师", "engineer")),
    Column("address", _("Address"), "", "武汉市武昌区中山路 1 号", longest=200, aliases=("客户地址", "地址")),
    Column("phone", _("Phone"), "", "027-8700 0000", longest=32, aliases=("联系电话", "telephone", "tel"),
           sensitive="customer.phone"),
    Column("since_on", _("Customer since"), _("Day the customer was won."), "2020-05-01", reads="date",
           aliases=("入网日期", "入网时间", "since")),
    Column("sales_person", _("Sales person (user name)"), _("User name of who won the customer."), "", longest=150,
           aliases=("销售人员", "salesperson")),
    Column("identity_kind", _("Identity document"), _("Of an individual."), "id_card", reads="choice",
           choices=IdentityKind.choices, aliases=("证件类型",)),
    Column("identity_number", _("Identity number"), "", "", longest=40, aliases=("证件号码", "身份证号"),
           sensitive="customer.identity_number"),
    Column("birthday_on", _("Birthday"), _("Of an individual."), "", reads="date", aliases=("生日",),
           sensitive="customer.birthday_on"),
    Column("employer", _("Employer"), _("Of an individual."), "", longest=120, aliases=("工作单位",)),
    Column("taxpayer_kind", _("Kind of taxpayer"), "", "general", reads="choice", choices=TaxpayerKind.choices,
           aliases=("纳税人类型",)),
    Column("tax_number", _("Tax number"), _("Unified social credit code, or the taxpayer's number."), "", longest=40,
           aliases=("税号", "统一社会信用代码", "纳税人识别号"), sensitive="customer.tax_number"),
    Column("invoice_title", _("Name on invoices"), "", "", longest=120, aliases=("发票抬头",)),
    Column("bank_name", _("Bank"), "", "", longest=120, aliases=("开户行", "开户银行")),
    Column("bank_account", _("Bank account"), "", "", longest=40, aliases=("银行账号", "账号"),
           sensitive="customer.bank_account"),
    Column("created_at", _("Created at"), _("When it was created in the system it comes from; administrators only."),
           "2020-05-01 09:30", reads="instant", aliases=("创建时间", "create_time", "created")),
    Column("created_by", _("Created by"), _("Who created it in the system it comes from; administrators only."), "",
           longest=80, aliases=("创建人", "creator", "create_by")),
)  # fmt: skip

ORIGIN = ("created_at", "created_by")
"""Kept from the first time; an update does not change who created a customer."""
_FIELDS = {"region": "region_id", "industry": "industry_id"}


def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Create the customers whose code is new, update the others (A7). About 20 queries however many rows."""
    codes = [row.values["code"] for row in rows]
    there = {row.code: row for row in Customer.objects.filter(code__in=codes)}
    mine = set(visible_to(by).filter(code__in=codes).values_list("code", flat=True))
    found = _created([row for row in rows if row.values["code"] not in there], at=at, by=by)
    found |= _updated([row for row in rows if row.values["code"] in mine], there, at=at, by=by)
    return [found.get(row.line) or refused(not_mine(row.values["code"])) for row in rows]


def _created(rows: Sequence[Given], *, at: datetime, by: Actor) -> dict[int, Written]:
    known = {field.name for field in fields(NewCustomer)}
    blank = {"code": "", "name": "", "region": ""}
    new = [
        NewCustomer(**{**blank, **{k: v for k, v in row.values.items() if k in known and v is not None}})
        for row in rows
    ]
    faults = faults_in(new, at=at, by=by)
    sound = [(row, item) for row, item, fault in zip(rows, new, faults, strict=True) if fault is None]
    made = create_customers([item for _row, item in sound], at=at, by=by) if sound else []
    found = {row.line: refused(fault) for row, fault in zip(rows, faults, strict=True) if fault is not None}
    for (row, _item), customer in zip(sound, made, strict=True):
        found[row.line] = Written(Outcome.CREATED, "customer", customer.pk, customer.name)
    return found


def _updated(rows: Sequence[Given], there: Mapping[str, Customer], *, at: datetime, by: Actor) -> dict[int, Written]:
    named = Named.read([_names_of(row, there) for row in rows], by=by) if rows else None
    found: dict[int, Written] = {}
    wanted: list[tuple[Customer, dict[str, Any]]] = []
    lines: list[int] = []
    for row in rows:
        assert named is not None
        customer = there[row.values["code"]]
        try:
            wanted.append((customer, _columns(row, customer, named)))
            lines.append(row.line)
        except MainstayError as error:
            found[row.line] = refused(error)
    return found | dict(zip(lines, change_customers(wanted, at=at, by=by), strict=True))


def _names_of(row: Given, there: Mapping[str, Customer]) -> NewCustomer:
    """Say which other things a row names, in the form they are looked up by."""
    named = ("parent", "region", "industry", *STAFF)
    given = {name: row.values[name] for name in named if row.values.get(name)}
    return NewCustomer(**{"code": row.values["code"], "name": "", "region": "", **given})


def _columns(row: Given, customer: Customer, named: Named) -> dict[str, Any]:
    """Return the model's columns that a row sets. Raises BadCustomer for what it names and is not there."""
    changed: dict[str, Any] = {}
    if customer.archive_reason == ArchiveReason.UNDONE:
        changed |= kept_in(Archive.ACTIVE, "", "", at=customer.changed_at)
    for name, value in row.values.items():
        if name in ("code", *ORIGIN):
            continue
        if is_masked(value):
            continue  # as an export gave it: the value itself is not in the file
        if name in STAFF:
            changed[f"{name}_id"] = named.users[value].pk if _known(customer, name, value, named.users) else None
        elif name == "parent":
            changed["parent_id"] = named.parents[value].pk if _known(customer, name, value, named.parents) else None
        elif name == "region":
            _known(customer, name, value, named.regions)
            changed["region_id"] = value
        elif name == "industry":
            changed["industry_id"] = value if _known(customer, name, value, named.industries) else None
        else:
            changed[name] = value
    return changed


def _known(customer: Customer, field: str, value: str, known: Any) -> bool:
    if value and value not in known:
        raise unknown(customer.code, field, value)
    return bool(value)


def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: take created customers out again, give changed ones their former values."""
    return take_back_customers(rows, at=at, by=by)


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give every customer the actor may see as it would be imported."""
    names = ("code", "name", *PLAIN, "created_at", "created_by")
    joined = {"region": "region_id", "industry": "industry_id", "parent": "parent__code",
              "account_manager": "account_manager__username",
              "customer_engineer": "customer_engineer__username", "sales_person": "sales_person__username"}  # fmt: skip
    also = {"customer_id": "pk"}
    rows = visible_to(by).order_by("code").values_list(*names, *joined.values(), *also.values())
    for row in rows.iterator(chunk_size=2_000):
        yield dict(zip((*names, *joined, *also), row, strict=True))


CUSTOMERS = Kind(
    "customers", _("Customers"), COLUMNS, ("code",), Permission.WRITE_CUSTOMERS, write, take_back, give,
    about=_("Key accounts: groups, their organisations, individuals."),
)  # fmt: skip
