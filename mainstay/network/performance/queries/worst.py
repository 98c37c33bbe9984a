"""Which circuits carry too much, or too badly, day after day? Where to expand first (G5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page
from django.db.models import Count, Max, Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.network.inventory.choices import CircuitStatus
from mainstay.network.inventory.models import Circuit
from mainstay.network.performance.choices import UNITS, Metric, Unit
from mainstay.network.performance.models import Crossing, DayRoll, Series
from mainstay.network.performance.periods import day_of, instant_of, minute_of
from mainstay.platform.bulk.paging import MOST, LongPaginator
from mainstay.platform.identity.queries import scope


@dataclass(frozen=True)
class Wanted:
    """Circuits of which `metric` had a 95th percentile of at least `least` on `days` of the last `of_days` days."""

    metric: str = Metric.UTIL_OUT
    least: int = 700_000
    days: int = 5
    of_days: int = 30

    @property
    def unit(self) -> Unit:
        """Return the unit of `least`."""
        return UNITS[self.metric]


@dataclass(frozen=True)
class Worst:
    """A series with how many days were that bad, the worst of them, and the largest sample."""

    series: Series
    days: int
    known_days: int
    p95: int
    most: int

    @property
    def circuit(self) -> Circuit:
        """Return the circuit, its customer and product fetched."""
        return self.series.circuit


def worst(actor: Actor, wanted: Wanted, *, at: datetime, page: int = 1, size: int = 50) -> Page:
    """Return a page of `Worst` within the actor's scope, most days first (3 queries, however many rows)."""
    begin = day_of(minute_of(at - timedelta(days=wanted.of_days)))[0]
    visible = Series.objects.filter(_scope(actor), metric=wanted.metric, circuit__status=CircuitStatus.ACTIVE)
    rows = (
        DayRoll.objects.filter(minute__gte=begin, series__in=visible)
        .values("series")
        .annotate(bad=Count("minute", filter=Q(p95__gte=wanted.least)), days=Count("minute"), p95=Max("p95"),
                  largest=Max("most"))
        .filter(bad__gte=max(1, wanted.days))
        .order_by("-bad", "-p95", "series")
    )  # fmt: skip
    shown = LongPaginator(list(rows[:MOST]), size).get_page(page)
    found = Series.objects.select_related("circuit__customer", "circuit__product", "source").in_bulk(
        [row["series"] for row in shown.object_list]
    )
    shown.object_list = [
        Worst(found[row["series"]], row["bad"], row["days"], row["p95"], row["largest"]) for row in shown.object_list
    ]
    return shown


@dataclass(frozen=True)
class Standing:
    """A series that stands over its threshold now; `alarmed`: an alarm says so as well."""

    series: Series
    since: datetime
    value: int
    severity: str
    alarmed: bool

    @property
    def unit(self) -> Unit:
        """Return the unit of the value."""
        return UNITS[self.series.metric]


def standing(actor: Actor, *, limit: int = 200) -> list[Standing]:
    """Return what stands over its threshold within the actor's scope, the latest first (1 query)."""
    rows: QuerySet[Crossing] = Crossing.objects.filter(
        scope(actor, customer="series__circuit__customer_id", region="series__circuit__region_code"), standing=True
    ).select_related("series__circuit__customer", "series__source")
    return [
        Standing(row.series, instant_of(row.since_minute or 0), row.value, row.severity, bool(row.resource))
        for row in rows.order_by("-since_minute", "series")[:limit]
    ]


def is_sampled(actor: Actor) -> bool:
    """Say whether there is any sample the actor may see (1 query)."""
    return Series.objects.filter(_scope(actor)).exists()


def _scope(actor: Actor) -> Q:
    return scope(actor, customer="circuit__customer_id", region="circuit__region_code")
