"""Watch the stream of alarms: take samples, begin and end storms, keep the rule that decides (G6)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Max
from django.db.models.functions import TruncSecond

from mainstay.domain.actor import Actor
from mainstay.domain.storm import Facts, State, judge, signals
from mainstay.network.alarms.models import AlarmReport, Storm, StormRule, StreamSample
from mainstay.network.alarms.queries import storms as queries
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, News, differences, publish, record

KEPT = timedelta(days=7)
RULE_FIELDS = ("rate_least", "rate_times", "backlog", "behind_s", "causes", "calm_percent", "calm_s")


def watch(*, at: datetime) -> Storm | None:
    """Take a sample, and begin or end the storm; return the one that rages. One process calls it, every second or so.

    The samples count reports in the order of their ids: one that is committed late by another connection may be missed.
    """
    reports, peak = _sample(at)
    raging = Storm.objects.filter(ended_at__isnull=True).order_by("-began_at").first()
    seen, limits = queries.facts(at=at), queries.thresholds()
    before = State(raging.began_at, raging.calm_since) if raging else State()
    now = judge(before, seen, limits, at=at)
    if raging is None:
        return _begin(at, seen, sorted(signals(seen, limits)), peak) if now.raging else None
    _follow(raging, now, seen, (reports, peak), at=at)
    return raging if now.raging else None


def _sample(at: datetime) -> tuple[int, int]:
    """Count what came in since the last sample, in whole seconds; return how many, and how many in the fullest."""
    second = at.replace(microsecond=0)
    start = second.replace(second=second.second - second.second % queries.SAMPLE_S)
    last = StreamSample.objects.order_by("-at").first()
    if last is None:
        newest = AlarmReport.objects.aggregate(newest=Max("pk"))["newest"] or 0
        _keep(start, 0, 0, newest)
        return 0, 0
    rows = AlarmReport.objects.filter(pk__gt=last.last_report_id, received_at__lt=second)
    newest = rows.aggregate(newest=Max("pk"))["newest"] or last.last_report_id
    recent = rows.filter(received_at__gt=at - queries.MEASURED).values_list(TruncSecond("received_at"))
    counts = [count for _second, count in recent.annotate(n=Count("pk")).order_by()]
    reports, peak = sum(counts), max(counts, default=0)
    if newest != last.last_report_id or last.at != start:
        _keep(start, reports, peak, newest)
    return reports, peak


@transaction.atomic
def _keep(start: datetime, reports: int, peak: int, newest: int) -> None:
    stormy = Storm.objects.filter(ended_at__isnull=True).exists()
    sample, fresh = StreamSample.objects.get_or_create(
        at=start,
        defaults={"reports": reports, "peak_per_second": peak, "last_report_id": newest, "stormy": stormy},
    )
    if fresh:
        StreamSample.objects.filter(at__lt=start - KEPT).delete()
        return
    StreamSample.objects.filter(pk=sample.pk).update(
        reports=F("reports") + reports,
        peak_per_second=max(sample.peak_per_second, peak),
        last_report_id=newest,
        stormy=sample.stormy or stormy,
    )


@transaction.atomic
def _begin(at: datetime, seen: Facts, why: list[str], peak: int) -> Storm:
    """Open a storm; the samples of the minute that showed it are no measure of what is usual."""
    recent = StreamSample.objects.filter(at__gt=at - queries.MEASURED)
    recent.update(stormy=True)
    fullest = recent.order_by("-peak_per_second").first()
    if fullest is not None:
        peak = max(peak, fullest.peak_per_second)
    storm = Storm.objects.create(
        began_at=at, signals=" ".join(why), reports=seen.per_minute, peak_per_second=peak, peak_at=at,
        most_causes=seen.causes,
    )  # fmt: skip
    publish([News("storm", "storm", storm.pk)], at=at)
    return storm


@transaction.atomic
def _follow(storm: Storm, now: State, seen: Facts, came: tuple[int, int], *, at: datetime) -> None:
    """Write on the storm what came since, and its end."""
    reports, peak = came
    changed: dict[str, object] = {}
    if reports:
        changed["reports"] = F("reports") + reports
    if peak > storm.peak_per_second:
        changed |= {"peak_per_second": peak, "peak_at": at}
    if seen.causes > storm.most_causes:
        changed["most_causes"] = seen.causes
    if not now.raging:
        changed["ended_at"] = at
    elif now.calm_since != storm.calm_since:
        changed["calm_since"] = now.calm_since
    if changed:
        Storm.objects.filter(pk=storm.pk).update(**changed)
    if not now.raging:
        publish([News("storm", "storm", storm.pk)], at=at)


@transaction.atomic
def change_rule(given: Mapping[str, int], *, at: datetime, by: Actor) -> StormRule:
    """Change from where it is a storm; `given` by the names of RULE_FIELDS."""
    require(by, Permission.SETTINGS)
    kept = StormRule.objects.select_for_update().order_by("pk").first() or StormRule()
    before = {name: getattr(kept, name) for name in RULE_FIELDS}
    for name in RULE_FIELDS:
        setattr(kept, name, given.get(name, before[name]))
    kept.save()
    old, new = differences(before, {name: getattr(kept, name) for name in RULE_FIELDS})
    record("storm_rule.change", [Change("storm_rule", kept.pk, "", old, new)], at=at, by=by)
    return kept
