"""Who holds a grade now, ranked by spend if asked: the list behind every count of grades held (B1)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from mainstay.accounts.tiers.grades import grades_of, label_of, table_of
from mainstay.accounts.tiers.models import HeldGrade
from mainstay.accounts.tiers.wording import figures_words
from mainstay.domain.actor import Actor
from mainstay.platform.identity.queries import scope

SORTS = {
    "customer": ("customer__name", "pk"),
    "since": ("since_on", "pk"),
    "spend": ("spend", "pk"),
}


@dataclass(frozen=True)
class HolderFilter:
    """What a list is limited to; empty means any."""

    rule_set: str = ""
    grade: str = ""
    text: str = ""
    by_hand: bool = False


def visible_to(actor: Actor) -> QuerySet[HeldGrade]:
    """Return the grades held now that the actor may see: by customer."""
    if not actor.is_staff:
        return HeldGrade.objects.none()
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    return HeldGrade.objects.filter(seen, until_on__isnull=True)


def matching(actor: Actor, wanted: HolderFilter) -> QuerySet[HeldGrade]:
    """Return what matches, unordered."""
    rows = visible_to(actor).annotate(spend=Coalesce("customer__standing__billed_year_fen", Value(-1)))
    if wanted.rule_set:
        rows = rows.filter(rule_set__code=wanted.rule_set)
    if wanted.grade:
        rows = rows.filter(grade=wanted.grade)
    if wanted.by_hand:
        rows = rows.filter(by_hand=True)
    return rows.filter(customer__name__icontains=wanted.text.strip()) if wanted.text.strip() else rows


def fetched(rows: QuerySet[HeldGrade]) -> QuerySet[HeldGrade]:
    """Fetch what rows of a list show."""
    return rows.select_related(
        "customer__region", "customer__account_manager", "customer__standing", "rule_set", "version__rule_set"
    )


@dataclass(frozen=True)
class HolderRow:
    """A grade held, as lists show it; `billed_fen`: the last twelve months, None when nobody knows."""

    id: int
    customer_id: int
    customer: str
    code: str
    region: str
    manager: str
    rules: str
    rules_code: str
    grade: str
    since: date
    row: int
    figures: str
    billed_fen: int | None
    approved_by: str


def row_of(found: HeldGrade) -> HolderRow:
    """Return a row in the reader's language."""
    table = table_of(found.version) if found.version else None
    row = table.rows[found.row] if table and 0 <= found.row < len(table.rows) else None
    labels = {grade.code: grade.label() for grade in grades_of(found.rule_set)}
    person = found.customer
    standing = getattr(person, "standing", None)
    return HolderRow(
        found.pk, person.pk, person.name, person.code, person.region.name, str(person.account_manager or ""),
        label_of(found.rule_set), found.rule_set.code, labels.get(found.grade, found.grade), found.since_on,
        found.row + 1 if row else 0, found.why or (figures_words(row, table, found.facts) if row and table else ""),
        standing.billed_year_fen if standing else None, found.approved_by,
    )  # fmt: skip
