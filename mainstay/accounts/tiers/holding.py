"""Who holds which grade, in arrays and as the customer's archive shows it."""

from datetime import date

import numpy as np
from django.db.models import Q

from mainstay.accounts.tiers.facts.register import Column
from mainstay.accounts.tiers.facts.selection import Selection
from mainstay.accounts.tiers.models import HeldGrade, Naming, RuleSet
from mainstay.domain.tiering.tables import Table
from mainstay.platform.bulk.reading import table as rows_of


def held_masks(owner: RuleSet, table: Table, chosen: Selection) -> Column:
    """Return the grades customers hold in a rule set, as bits along `chosen.ids`."""
    if not table.grades:
        return np.zeros(len(chosen.ids), np.int64)
    bits = " ".join(f"WHEN '{grade}' THEN {1 << place}" for place, grade in enumerate(table.grades))
    keys, masks = rows_of(
        f"SELECT customer_id, CAST(SUM(CASE grade {bits} ELSE 0 END) AS bigint) FROM {HeldGrade._meta.db_table} "  # noqa: S608
        f"WHERE rule_set_id = {owner.pk} AND until_on IS NULL AND {chosen.where('customer_id')} GROUP BY customer_id",
        (8, 8),
    )
    return chosen.spread(keys, masks, 0)


def named_masks(owner: RuleSet, table: Table, chosen: Selection, on: date) -> Column:
    """Return the grades people set by hand that hold on a day, as bits along `chosen.ids`; 0 where none."""
    named = Naming.objects.filter(rule_set=owner, from_on__lte=on).filter(Q(until_on__isnull=True) | Q(until_on__gt=on))
    if chosen.some is not None:
        named = named.filter(customer__in=chosen.some)
    else:
        named = named.filter(customer__gte=chosen.first, customer__lte=chosen.last)
    last = dict(named.order_by("pk").values_list("customer_id", "grade"))
    known = sorted((pk, 1 << table.grades.index(grade)) for pk, grade in last.items() if grade in table.grades)
    keys = np.array([pk for pk, _bit in known], np.int64)
    return chosen.spread(keys, np.array([bit for _pk, bit in known], np.int64), 0)
