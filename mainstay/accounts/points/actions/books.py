"""Lay down rules for earning points from a day on; what was laid down is not changed (B4)."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from mainstay.accounts.points.errors import BadRules
from mainstay.accounts.points.models import RuleBook
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.domain.points.rules import Book, book_of, plain
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change

EXAMPLE = Book(
    per_yuan=Decimal("0.1"), least_fen=10_000, grades={"gold": Decimal("1.5"), "silver": Decimal("1.2")},
    years=((5, 5_000), (10, 20_000)), birthday=500,
)  # fmt: skip
"""Rules to begin with; the figures are an example, no operator's."""


@transaction.atomic
def lay_down(book: Book, valid_from: date, *, note: str = "", at: datetime, by: Actor) -> RuleBook:
    """Add a version of the rules that holds from a day on. Raises NotAllowed, BadBook, BadRules.

    A day that lies before an earlier version's would change what was earned under that one, and is refused.
    """
    require(by, Permission.SETTINGS)
    terms = plain(book)
    book_of(terms)
    newest = RuleBook.objects.select_for_update().order_by("-version").first()
    if newest is not None and valid_from < newest.valid_from:
        raise BadRules(
            msgid("Version {version} holds from {day}; let the new one begin on that day or later."),
            version=newest.version, day=newest.valid_from,
        )  # fmt: skip
    version = (RuleBook.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    row = RuleBook.objects.create(
        version=version, valid_from=valid_from, terms=terms, note=note.strip()[:200], made_at=at, made_by=by.name[:80]
    )
    change = Change(
        "points_rules", row.pk, f"v{version}", newest.terms if newest else None, {**terms, "from": valid_from}
    )
    journal.record("points.rules", [change], at=at, by=by)
    return row
