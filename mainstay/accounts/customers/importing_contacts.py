"""Customers' people from and to files: what the columns mean, and how rows are written and taken back (A7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.actions.contacts import (
    CHANGEABLE,
    NewContact,
    check_contact,
    check_role,
    give_roles,
    new_contact,
)
from mainstay.accounts.customers.choices import ContactRole
from mainstay.accounts.customers.errors import BadCustomer
from mainstay.accounts.customers.finding import index_customers
from mainstay.accounts.customers.models import Contact, Customer, HeldRole
from mainstay.accounts.customers.queries import visible_to
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.masking import is_masked
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.imports import changing, origin
from mainstay.platform.imports.choices import Outcome
from mainstay.platform.imports.registry import Column, Given, Kind, Taken, Written, refused
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.messages.addresses import channels_named, masked

COLUMNS = (
    Column("customer", _("Customer code"), _("Whose person it is."), "C0001", required=True, longest=32,
           aliases=("客户编码", "customer_code", "客户号")),
    Column("name", _("Name of the person"), _("With the customer it identifies the person."), "张三", required=True,
           longest=60, aliases=("姓名", "联系人", "contact", "contact_name")),
    Column("role", _("Role"), _("Decision maker, key, technical or finance contact."), "technical", reads="choice",
           choices=ContactRole.choices, aliases=("联系人角色",)),
    Column("title", _("Job title"), "", "信息科技部经理", longest=60, aliases=("职务", "title")),
    Column("phone", _("Phone"), "", "13900000000", longest=32, aliases=("手机", "联系电话", "mobile", "tel"),
           sensitive="contact.phone"),
    Column("email", _("E-mail"), "", "zhang.san@example.com", longest=254, aliases=("邮箱", "电子邮箱", "mail"),
           sensitive="contact.email"),
    Column("language", _("Language"), _("Language of notices."), "zh-hans", reads="choice",
           choices=(("zh-hans", "中文"), ("en", "English"))),
    Column("birthday_on", _("Birthday"), "", "1985-03-08", reads="date", aliases=("出生日期",),
           sensitive="contact.birthday_on"),
    Column("notify", _("Told of outages"), _("Yes or no."), "yes", reads="yes-no", aliases=("故障通知",)),
    Column("username", _("Portal user name"), _("The portal user this person signs in as, if any."), "", longest=150,
           aliases=("门户账号",)),
    Column("notify_by", _("Told by"), _("Channels: portal, email, sms, wecom, dingtalk, webhook. Empty: all that are "
           "known."), "sms,email", reads="list", aliases=("通知方式", "通知渠道")),
    Column("wecom", _("WeCom robot"), _("The group robot's webhook address or key."), "", longest=400,
           aliases=("企业微信机器人",)),
    Column("dingtalk", _("DingTalk robot"), _("The group robot's webhook address, token, or SECRET@TOKEN."), "",
           longest=400, aliases=("钉钉机器人",)),
    Column("webhook", _("Webhook"), _("A URL that takes notices as JSON."), "", longest=400),
    Column("roles", _("Further roles"), _("Roles beside the first: decision_maker, finance …"), "", reads="list",
           aliases=("其他角色",)),
    Column("since_on", _("In this role since"), "", "", reads="date", aliases=("任职日期",)),
    Column("identity_number", _("Identity number"), "", "", longest=40, aliases=("证件号码", "身份证号"),
           sensitive="contact.identity_number"),
    *origin.COLUMNS,
)  # fmt: skip
_NEW = {field.name for field in fields(NewContact)}


@transaction.atomic
def write(rows: Sequence[Given], *, at: datetime, by: Actor) -> list[Written]:
    """Add the people their customer has none of the name of, change the others (A7). About 10 queries for any rows."""
    require(by, Permission.WRITE_CUSTOMERS)
    customers = {c.code: c for c in visible_to(by).filter(code__in={row.values["customer"] for row in rows})}
    users = _users(rows)
    there = _there(customers, rows)
    found: dict[int, Written] = {}
    new: list[tuple[Given, Contact]] = []
    known: list[tuple[Given, Contact]] = []
    for row in rows:
        people = there.get((row.values["customer"], row.values["name"]), [])
        try:
            if len(people) > 1:
                raise _two_of_them(row)
            if people:
                known.append((row, people[0]))
            else:
                origin.check_origin(row, at=at, by=by)
                given = {name: value for name, value in _said(row).items() if name in _NEW and value is not None}
                for role in given.get("roles", ()):
                    check_role(given["name"], role)
                new.append((row, new_contact(NewContact(**given), customers, users)))
        except MainstayError as error:
            found[row.line] = refused(error)
    found |= _add(new, at=at, by=by)
    found |= _change(known, at=at, by=by)
    return [found[row.line] for row in rows]


def _add(new: Sequence[tuple[Given, Contact]], *, at: datetime, by: Actor) -> dict[int, Written]:
    people = Contact.objects.bulk_create((contact for _row, contact in new), batch_size=500)
    give_roles((contact, row.values.get("roles") or ()) for (row, _unsaved), contact in zip(new, people, strict=True))
    changes = [_told(c, None, {"name": c.name, "role": c.role, "phone": c.phone, "notify": c.notify}) for c in people]
    journal.record("contact.add", changes, at=at, by=by)
    index_customers({c.customer_id: c.customer for c in people}.values())
    return {
        row.line: Written(Outcome.CREATED, "contact", contact.pk, contact.name)
        for (row, _unsaved), contact in zip(new, people, strict=True)
    }


def _change(known: Sequence[tuple[Given, Contact]], *, at: datetime, by: Actor) -> dict[int, Written]:
    found: dict[int, Written] = {}
    sound: list[tuple[Given, changing.Changed[Contact]]] = []
    for row, contact in known:
        columns = {name: value for name, value in _said(row).items() if name in CHANGEABLE and not is_masked(value)}
        changed = changing.set_columns([(contact, columns)])[0]
        try:
            check_contact(contact)
            sound.append((row, changed))
        except MainstayError as error:
            found[row.line] = refused(error)
    _keep([changed for _row, changed in sound], "contact.change", at=at, by=by)
    for row, each in sound:
        outcome = Outcome.UPDATED if each.after else Outcome.UNCHANGED
        found[row.line] = Written(outcome, "contact", each.thing.pk, each.thing.name, None, each.before, each.after)
    return found


def _keep(changed: Sequence[changing.Changed[Contact]], action: str, *, at: datetime, by: Actor) -> None:
    real = changing.write_columns(changed)
    journal.record(action, [_told(each.thing, each.before, each.after) for each in real], at=at, by=by)
    index_customers({each.thing.customer_id: each.thing.customer for each in real}.values())


@transaction.atomic
def take_back(rows: Sequence[Taken], *, at: datetime, by: Actor) -> list[MainstayError | None]:
    """Undo rows of an import: created people count as gone, changed ones get their former values; none is deleted."""
    require(by, Permission.WRITE_CUSTOMERS)

    def take_out(people: list[Contact]) -> None:
        gone = {"left_on": timezone.localdate(at), "notify": False}
        _keep(changing.set_columns([(contact, gone) for contact in people]), "contact.take_back", at=at, by=by)

    mine = Contact.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    return changing.take_back(
        rows,
        mine.select_related("customer"),
        take_out=take_out,
        change=lambda wanted: _keep(changing.set_columns(wanted), "contact.take_back", at=at, by=by),
    )


def give(by: Actor) -> Iterator[dict[str, Any]]:
    """Give everybody who has not left, of the customers the actor may see."""
    names = (
        "name", "role", "title", "phone", "email", "language", "birthday_on", "notify", "notify_by", "wecom",
        "dingtalk", "webhook", "since_on", "identity_number",
    )  # fmt: skip
    rows = Contact.objects.filter(scope(by, customer="customer_id", region="customer__region__code"), left_on=None)
    further = _further_roles(rows)
    told = rows.order_by("customer__code", "name", "pk").values_list(
        *names, "customer__code", "user__username", "pk", "customer_id"
    )
    for row in told.iterator(chunk_size=2_000):
        given = dict(zip((*names, "customer", "username", "id", "customer_id"), row, strict=True))
        yield given | {"roles": further.get(given["id"], [])}


def _further_roles(people: "QuerySet[Contact]") -> dict[int, list[str]]:
    held = HeldRole.objects.filter(contact__in=people.values("pk"), until_on=None).order_by("contact", "role")
    found: dict[int, list[str]] = {}
    for contact_id, role in held.values_list("contact", "role"):
        found.setdefault(contact_id, []).append(role)
    return found


def _said(row: Given) -> dict[str, Any]:
    """Return what the row says; channels may be named by their labels."""
    values = dict(row.values)
    if "notify_by" in values:
        values["notify_by"] = channels_named(values["notify_by"] or ())
    return values


def _users(rows: Sequence[Given]) -> dict[str, Any]:
    names = {row.values["username"] for row in rows if row.values.get("username")}
    return {u.get_username(): u for u in get_user_model().objects.filter(username__in=names)} if names else {}


def _there(customers: Mapping[str, Customer], rows: Sequence[Given]) -> dict[tuple[str, str], list[Contact]]:
    codes = {customer.pk: code for code, customer in customers.items()}
    found: dict[tuple[str, str], list[Contact]] = {}
    names = {row.values["name"] for row in rows}
    for contact in Contact.objects.filter(customer__in=codes, name__in=names, left_on=None).order_by("pk"):
        contact.customer = customers[codes[contact.customer_id]]
        found.setdefault((contact.customer.code, contact.name), []).append(contact)
    return found


def _two_of_them(row: Given) -> BadCustomer:
    return BadCustomer(
        msgid("Customer {code} has more than one {name}; change them one by one in the console."),
        code=row.values["customer"], name=row.values["name"],
    )  # fmt: skip


def _told(row: Contact, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Change:
    customer = row.customer
    before, after = (masked(fields) if fields is not None else None for fields in (before, after))
    return Change("contact", row.pk, row.name, before, after, customer_id=customer.pk, region_code=customer.region_id)


CONTACTS = Kind(
    "contacts", _("Contacts"), COLUMNS, ("customer", "name"), Permission.WRITE_CUSTOMERS, write, take_back, give,
    origin="contact", about=_("The customers' people: whom to call, whom to tell."),
)  # fmt: skip
