"""Tell managers whose customers' grades changed, and cities which grades are reported to them (B1, B2)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.db.models import Count, F
from django.db.models.functions import Substr
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.tiers.choices import MOVES
from mainstay.accounts.tiers.grades import grades_of, label_of, names_in, table_of
from mainstay.accounts.tiers.models import RuleVersion, Run, RunChange
from mainstay.accounts.tiers.wording import because_words
from mainstay.domain.tiering.facts import Value
from mainstay.domain.tiering.moving import Move
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import staff_holding
from mainstay.platform.messages.actions import NewMessage, send
from mainstay.platform.messages.models import Message


class Changed(Protocol):
    """What is told of one customer's change."""

    @property
    def customer_id(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def after(self) -> int: ...
    @property
    def row(self) -> int: ...
    @property
    def facts(self) -> Mapping[str, Value]: ...
    @property
    def why(self) -> str: ...


def tell_managers(
    version: RuleVersion, found: Sequence[Changed], people: Mapping[int, Customer], *, at: datetime
) -> None:
    """Tell each customer's manager what changed and by which figures; report upward what is to be reported."""
    managers = User.objects.in_bulk({people[one.customer_id].account_manager_id for one in found} - {None})
    messages = []
    for one in found:
        person = people[one.customer_id]
        user = managers.get(person.account_manager_id or 0)
        if user is not None:
            with translation.override(user.language or settings.LANGUAGE_CODE):
                messages.append(_of_one(version, one, person, user, at=at))
    send(messages, at=at)
    _report(version, _reported(version, found, people), f"{at:%Y%m%d%H%M%S}", at=at)


def _of_one(version: RuleVersion, one: Changed, person: Customer, user: User, *, at: datetime) -> NewMessage:
    owner, table = version.rule_set, table_of(version)
    subject = _("%(customer)s: %(before)s → %(after)s (%(rules)s)") % {
        "customer": person, "before": names_in(owner, one.before), "after": names_in(owner, one.after),
        "rules": label_of(owner),
    }  # fmt: skip
    row = table.rows[one.row] if 0 <= one.row < len(table.rows) else None
    labels = {grade.code: grade.label() for grade in grades_of(owner)}
    figures = because_words(table, labels, one.row, (one.before, one.after), one.facts)
    told = _("Row %(row)s: %(figures)s") % {"row": one.row + 1, "figures": figures} if row else figures
    body = one.why or told or _("No row of the table fits any more.")
    return NewMessage(
        Message.Kind.INFORMATION, user.display_name, subject, body,
        f"tier-{owner.code}-{person.pk}-{at:%Y%m%d%H%M%S%f}", user_id=user.pk, object_kind="customer",
        object_id=person.pk, customer_id=person.pk, region_code=person.region_id,
    )  # fmt: skip


def tell_of_run(run: Run, *, at: datetime) -> None:
    """Tell each manager how many of their customers a run changes, once it is over; report upward."""
    owner = run.version.rule_set
    counted = RunChange.objects.filter(run=run, customer__account_manager__isnull=False)
    by_manager: dict[int, dict[int, int]] = defaultdict(dict)
    for manager, move, count in counted.values_list("customer__account_manager_id", "move").annotate(n=Count("pk")):
        by_manager[manager][move] = count
    users = User.objects.in_bulk(by_manager)
    messages = []
    for pk, counts in by_manager.items():
        user = users[pk]
        with translation.override(user.language or settings.LANGUAGE_CODE):
            said = " · ".join(f"{MOVES[Move(move)]} {counts[move]}" for move in sorted(counts))
            subject = _("%(rules)s, version %(n)s: your customers’ grades") % {
                "rules": label_of(owner), "n": run.version.number,
            }  # fmt: skip
            total = sum(counts.values())
            body = ngettext("%(n)s of your customers changes: %(said)s.", "%(n)s of your customers change: %(said)s.",
                            total) % {"n": total, "said": said}  # fmt: skip
        messages.append(NewMessage(
            Message.Kind.INFORMATION, user.display_name, subject, body, f"tier-run-{run.pk}-{pk}", user_id=pk,
            object_kind="tier_run", object_id=run.pk,
        ))  # fmt: skip
    send(messages, at=at)
    _report(run.version, _reported_by(run), f"run{run.pk}", at=at)


def _reported_bits(version: RuleVersion) -> int:
    return sum(1 << place for place, grade in enumerate(grades_of(version.rule_set)) if grade.reported)


def _reported(
    version: RuleVersion, found: Sequence[Changed], people: Mapping[int, Customer]
) -> dict[str, int]:  # fmt: skip
    bits, cities = _reported_bits(version), defaultdict[str, int](int)
    for one in found:
        if one.after & ~one.before & bits:
            cities[people[one.customer_id].region_id[:4]] += 1
    return cities


def _reported_by(run: Run) -> dict[str, int]:
    bits = _reported_bits(run.version)
    if not bits:
        return {}
    rows = RunChange.objects.filter(run=run).annotate(now=F("after").bitand(bits), was=F("before").bitand(bits))
    rows = rows.exclude(now=F("was")).exclude(now=0)
    return dict(rows.annotate(city=Substr("customer__region_id", 1, 4)).values_list("city").annotate(n=Count("pk")))


def _report(version: RuleVersion, cities: Mapping[str, int], key: str, *, at: datetime) -> None:
    """Report new holders of grades the county keeps to those who approve in the city (B1: VIP)."""
    owner = version.rule_set
    messages = []
    for city, count in cities.items():
        for user in staff_holding(Permission.APPROVE_TIERS, city):
            with translation.override(user.language or settings.LANGUAGE_CODE):
                names = " · ".join(grade.label() for grade in grades_of(owner) if grade.reported)
                subject = ngettext("%(rules)s: %(n)s new holder of %(grades)s is reported",
                                   "%(rules)s: %(n)s new holders of %(grades)s are reported", count) % {
                    "rules": label_of(owner), "n": count, "grades": names}  # fmt: skip
                body = _("They are looked after by the county; this is the report upward.")
            messages.append(NewMessage(
                Message.Kind.INFORMATION, user.display_name, subject, body,
                f"tier-report-{owner.code}-{key}-{city}-{user.pk}", user_id=user.pk, object_kind="tier_rules",
                object_id=owner.code, region_code=city,
            ))  # fmt: skip
    send(messages, at=at)
