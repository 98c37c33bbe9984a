"""Which filters are there, what did their runs find (B6)?"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from mainstay.accounts.nominations.choices import Status
from mainstay.accounts.nominations.errors import NoSuchFilter
from mainstay.accounts.nominations.models import (
    Candidate,
    Extraction,
    ExtractionPart,
    Factor,
    Nomination,
    VipFilter,
    WaveRule,
)
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class Totals:
    """What a run found so far: parts done, customers and accounts looked at, who is new, stays, is lost."""

    parts: int
    customers: int
    accounts: int
    new: int
    stays: int
    lost: int

    @property
    def passed(self) -> int:
        """Return how many pass."""
        return self.new + self.stays


def filters() -> list[VipFilter]:
    """Return the filters by name, factors fetched (2 queries)."""
    factors = Prefetch("factors", Factor.objects.order_by("position"))
    return list(VipFilter.objects.prefetch_related(factors).order_by("-active", "name"))


def named_counts(actor: Actor) -> dict[int, int]:
    """Return by filter how many customers the actor may see are named by it (1 query)."""
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    rows = Nomination.objects.filter(seen, status=Status.NAMED, vip_filter__isnull=False)
    return dict(rows.values_list("vip_filter").annotate(n=Count("pk")).order_by())


def vip_filter(filter_id: int) -> VipFilter:
    """Return one filter, factors fetched. Raises NoSuchFilter."""
    factors = Prefetch("factors", Factor.objects.order_by("position"))
    found = VipFilter.objects.prefetch_related(factors).filter(pk=filter_id).first()
    if found is None:
        raise NoSuchFilter(msgid("There is no filter {id}; choose one of the list."), id=filter_id)
    return found


def visible_runs(actor: Actor) -> QuerySet[Extraction]:
    """Return the runs the actor asked for, all of them for those who see everything: a run counts what one sees."""
    rows = Extraction.objects.select_related("vip_filter")
    return rows if actor.sees_everything else rows.filter(user_id=actor.user_id)


def latest_runs(actor: Actor, filter_id: int, *, most: int = 10) -> list[Extraction]:
    """Return the latest runs of a filter (1 query)."""
    return list(visible_runs(actor).filter(vip_filter=filter_id).order_by("-pk")[:most])


def run(actor: Actor, run_id: int) -> Extraction:
    """Return one run, filter fetched. Raises NoSuchFilter."""
    found = visible_runs(actor).filter(pk=run_id).first()
    if found is None:
        raise NoSuchFilter(msgid("There is no run {id} of a filter that you may see; check the address."), id=run_id)
    return found


def totals(run_ids: list[int]) -> dict[int, Totals]:
    """Return what runs found so far, by id (1 query)."""
    names = ("customers", "accounts", "new", "stays", "lost")
    rows: Any = ExtractionPart.objects.filter(run__in=run_ids).values("run").order_by()
    rows = rows.annotate(parts=Count("pk"), **{f"{name}_sum": Sum(name) for name in names})
    found = {row["run"]: Totals(row["parts"], *(row[f"{name}_sum"] for name in names)) for row in rows}
    return {pk: found.get(pk, Totals(0, 0, 0, 0, 0, 0)) for pk in run_ids}


def candidates(actor: Actor, run_id: int, verdict: str = "") -> QuerySet[Candidate]:
    """Return whom a run found, customer fetched, the highest score and first figure first; within scope."""
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    rows = Candidate.objects.filter(seen, run=run_id).select_related("customer__region")
    return (rows.filter(verdict=verdict) if verdict else rows).order_by("verdict", "-score", "customer__name")


def wave_rules() -> list[WaveRule]:
    """Return the rules for waves by name (1 query)."""
    return list(WaveRule.objects.order_by("name"))


def wave_rule(rule_id: int) -> WaveRule:
    """Return one rule for waves. Raises NoSuchFilter."""
    found = WaveRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NoSuchFilter(msgid("There is no rule {id}; choose one of the list."), id=rule_id)
    return found


def waiting_count(actor: Actor) -> int:
    """Return how many proposals wait for a decision within what the actor may see (1 query)."""
    seen = scope(actor, customer="customer_id", region="customer__region__code")
    return Nomination.objects.filter(seen, Q(status=Status.PROPOSED)).count()
