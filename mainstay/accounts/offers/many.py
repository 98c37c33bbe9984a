"""Reckon an offer on everybody the asker may see, as a job: how many, how much, by grade (B5).

A job is about ranges of customers' ids instead of customers: three million ids need not be frozen, and the count of
parts done shows how far it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.queries import visible_to
from mainstay.accounts.offers.conditions import Condition
from mainstay.accounts.offers.facts import facts_on
from mainstay.accounts.offers.models import Offer, Reckoning
from mainstay.accounts.offers.queries.offers import offer
from mainstay.accounts.offers.queries.savings import MONTHS, billed
from mainstay.accounts.revenue.windows import add_months, window
from mainstay.domain.actor import Actor
from mainstay.domain.offers import Benefit, savings
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.models import Job
from mainstay.platform.jobs.registry import Kind

KIND = "offers.reckon"
WIDTH = 500
"""Ids of customers in one range."""
AT_ONCE = 2


def ask(offer_id: int, *, at: datetime, by: Actor) -> Job:
    """Ask for a reckoning on everybody within the asker's scope. Raises NoSuchOffer, NotAllowed, BadJob."""
    row = offer(offer_id)
    bounds = visible_to(by).aggregate(first=Min("pk"), last=Max("pk"))
    ranges = range((bounds["first"] or 0) // WIDTH, (bounds["last"] or 0) // WIDTH + 1) if bounds["last"] else range(0)
    return jobs.ask(KIND, ranges, {"offer": row.pk, "revision": row.revision}, at=at, by=by, title=row.name)


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Name ranges of customers' ids."""
    return {number: f"{number * WIDTH}–{(number + 1) * WIDTH - 1}" for number in ids}


def _reckon(
    ids: Sequence[int], arguments: Mapping[str, Any], kept: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> dict[str, Any]:
    """Add the customers of some ranges to what was reckoned so far."""
    row = offer(int(arguments["offer"]))
    totals = {"looked_at": 0, "unknown": 0, "figures": {}, **kept, "at": at.isoformat(), "user": by.user_id}
    for number in ids:
        _add_range(totals, row, number, at=at, by=by)
    return totals


def _add_range(totals: dict[str, Any], row: Offer, number: int, *, at: datetime, by: Actor) -> None:
    on, condition = timezone.localdate(at), Condition(row.condition)
    members = visible_to(by).filter(pk__gte=number * WIDTH, pk__lt=(number + 1) * WIDTH)
    known = facts_on(list(members.values_list("pk", flat=True)), on)
    answers = {pk: condition.holds(facts) for pk, facts in known.items()}
    fitting = [pk for pk, answer in answers.items() if answer]
    last = window(on).closed
    bills = billed(fitting, add_months(last, 1 - MONTHS), last) if fitting else {}
    totals["looked_at"] += len(known)
    totals["unknown"] += sum(answer is None for answer in answers.values())
    figures = {grade: list(sums) for grade, sums in totals["figures"].items()}
    months = [add_months(last, back) for back in range(1 - MONTHS, 1)]
    for pk in fitting:
        own = bills.get(pk, {})
        given = savings(Benefit(row.benefit), float(row.value), [own.get(month, 0) for month in months])
        sums = figures.setdefault(known[pk]["grade"], [0, 0, 0])
        sums[0] += 1
        sums[1] += sum(one.saved_fen for one in given)
        sums[2] += sum(one.points for one in given)
    totals["figures"] = figures


def _finish(arguments: Mapping[str, Any], kept: Mapping[str, Any], *, job_id: int) -> str:
    """Keep the result; no file."""
    row = offer(int(arguments["offer"]))
    figures = kept.get("figures", {})
    Reckoning.objects.update_or_create(
        job_id=job_id,
        defaults={
            "offer": row, "user_id": kept.get("user"), "revision": arguments["revision"], "condition": row.condition,
            "looked_at": kept.get("looked_at", 0), "unknown": kept.get("unknown", 0), "figures": figures,
            "eligible": sum(one[0] for one in figures.values()), "saved_fen": sum(one[1] for one in figures.values()),
            "points": sum(one[2] for one in figures.values()), "at": datetime.fromisoformat(kept["at"]),
        },
    )  # fmt: skip
    return ""


KINDS = (
    Kind(KIND, _("Reckon an offer on all customers"), "customer_range", Permission.WORK_POINTS, labels,
         act_on_many=_reckon, finish=_finish, most=AT_ONCE),
)  # fmt: skip
