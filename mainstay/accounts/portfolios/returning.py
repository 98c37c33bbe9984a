"""Which customers would return to the pool by the rules, and since when? Reads only (A8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.models import Customer
from mainstay.accounts.portfolios.choices import RuleKind
from mainstay.accounts.portfolios.models import Absence, ContactNote, OwnerSpell, RecycleRule
from mainstay.platform.identity.models import User
from mainstay.platform.journal.models import Entry


@dataclass(frozen=True)
class Reach:
    """A rule with the grades it is for, and the account managers it concerns (None: all), each since a day."""

    rule: RecycleRule
    grades: frozenset[str] | None
    but: frozenset[str]
    users: dict[int, date] | None


def reaches(at: datetime) -> list[Reach]:
    """Return the active rules with whom they concern at an instant, those about people first (at most 4 queries)."""
    rules = list(RecycleRule.objects.filter(active=True))
    own: dict[str, set[str]] = {}
    for rule in rules:
        own.setdefault(rule.kind, set()).add(rule.grade)
    found = [
        Reach(rule, frozenset({rule.grade}) if rule.grade else None,
              frozenset() if rule.grade else frozenset(own[rule.kind] - {""}), _users(rule, at))
        for rule in rules
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.users is None, each.rule.kind, each.rule.grade))


def returning(reach: Reach, customers: QuerySet[Customer], at: datetime) -> QuerySet[Customer]:
    """Return those of the customers that a rule would send back to the pool at an instant."""
    rows = customers.filter(account_manager__isnull=False, archive=Archive.ACTIVE, merged_into__isnull=True)
    if reach.grades is not None:
        rows = rows.filter(service_grade__in=reach.grades)
    if reach.but:
        rows = rows.exclude(service_grade__in=reach.but)
    if reach.users is not None:
        return rows.filter(account_manager__in=reach.users)
    cutoff = at - timedelta(days=reach.rule.days)
    noted = ContactNote.objects.filter(customer=OuterRef("pk"), at__gte=cutoff)
    taken = OwnerSpell.objects.filter(customer=OuterRef("pk"), until_at__isnull=True, from_at__gte=cutoff)
    return rows.filter(~Exists(noted), ~Exists(taken), created_at__lt=cutoff)


def _users(rule: RecycleRule, at: datetime) -> dict[int, date] | None:
    """Return since when each manager a rule about people concerns is gone."""
    today = timezone.localtime(at).date()
    if rule.kind == RuleKind.LOCKED:
        since = _locked_since(at)
        return {pk: on for pk, on in since.items() if (today - on).days >= rule.days}
    if rule.kind == RuleKind.LEAVE:
        rows = Absence.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=today), from_on__lte=today, ended_at=None)
        return {row.user_id: row.from_on for row in rows if _long(row, today, rule.days)}
    return None


def _long(row: Absence, today: date, days: int) -> bool:
    until = row.to_on if row.to_on is not None else today
    return (until - row.from_on).days >= days


def _locked_since(at: datetime) -> dict[int, date]:
    """Return since when users with customers may no longer sign in, by the audit trail; else since they joined."""
    owners = User.objects.filter(is_active=False, portfolio__isnull=False).distinct()
    joined = {user.pk: timezone.localtime(user.date_joined).date() for user in owners}
    entries = Entry.objects.filter(object_kind="user", action="user.active", object_id__in=[str(pk) for pk in joined])
    said: Iterable[tuple[str, datetime]] = (
        entries.filter(at__lte=at).order_by("at", "id").values_list("object_id", "at")
    )
    return joined | {int(pk): timezone.localtime(when).date() for pk, when in said}
