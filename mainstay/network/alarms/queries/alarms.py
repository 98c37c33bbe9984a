"""Alarms: lists, one alarm, the quarantine, what was taken in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import Outcome, QuarantineStatus
from mainstay.network.alarms.errors import NoSuchAlarm
from mainstay.network.alarms.models import (
    Alarm,
    AlarmReport,
    AlarmSource,
    EffectRule,
    QuarantinedResource,
    StreamSample,
)
from mainstay.network.inventory.models import Resource
from mainstay.platform.bulk.paging import LongPaginator
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.search.queries import LOOKED_UP, is_found, keys_found

SORTS = {
    "raised": ("-raised_at", "-id"), "-raised": ("raised_at", "id"), "severity": ("-effect", "-raised_at"),
    "last": ("-last_at", "-id"), "reports": ("-reports", "-id"),
}  # fmt: skip

PROVINCE_DIGITS = 2


@dataclass(frozen=True)
class AlarmFilter:
    """What to list; empty means any."""

    standing: bool = True
    severity: str = ""
    effect: int | None = None
    source: str = ""
    text: str = ""
    incident_id: int | None = None
    resource_id: int | None = None
    unacknowledged: bool = False


def visible_to(actor: Actor) -> QuerySet[Alarm]:
    """Return the alarms the actor may see: staff with the duty, by the region of the resource."""
    if not actor.may(Permission.READ_ALARMS):
        return Alarm.objects.none()
    return Alarm.objects.filter(scope(actor, customer="", region="resource__region_code"))


def alarm_list(
    actor: Actor, wanted: AlarmFilter, *, sort: str = "raised", page: int = 1, size: int = 50
) -> Page[Alarm]:
    """Return a page of alarms with resource, source and incident fetched (2 queries)."""
    rows = alarms_matching(actor, wanted, sort=sort).select_related("resource", "source", "incident")
    return LongPaginator(rows, size).get_page(page)


def alarms_matching(actor: Actor, wanted: AlarmFilter, *, sort: str = "raised") -> QuerySet[Alarm]:
    """Return the alarms of a list in its order."""
    return visible_to(actor).filter(_condition(wanted)).order_by(*SORTS.get(sort, SORTS["raised"]))


def _condition(wanted: AlarmFilter) -> Q:
    condition = Q(cleared_at__isnull=True) if wanted.standing else Q()
    exact = {
        "severity": wanted.severity, "effect": wanted.effect, "source__code": wanted.source,
        "incident_id": wanted.incident_id, "resource_id": wanted.resource_id,
    }  # fmt: skip
    condition &= Q(**{name: value for name, value in exact.items() if value not in ("", None)})
    if wanted.unacknowledged:
        condition &= Q(acknowledged_at__isnull=True)
    if text := wanted.text.strip():
        condition &= _named(text, standing=wanted.standing)
    return condition


def _named(text: str, *, standing: bool) -> Q:
    """Match alarms by their very type, by the beginning of a resource's code, by a resource that search finds.

    If nothing is called so, by a part of their type. Types are few: alarms need not be looked through again and again.
    """
    types = _standing_types(text) if standing else []
    if any(each.casefold() == text.casefold() for each in types):
        return Q(alarm_type__in=types)
    begins = list(Resource.objects.filter(code__startswith=text.upper()).values_list("pk", flat=True)[: LOOKED_UP + 1])
    if begins:
        few = len(begins) <= LOOKED_UP
        return Q(resource__in=begins) if few else Q(resource__code__startswith=text.upper())
    if keys_found(text, "resource").count():  # not `exists`: for a single row PostgreSQL reads the table, not the index
        return is_found(text, "resource", column="resource_id")
    return Q(alarm_type__in=types) if standing else Q(alarm_type__icontains=text)


def _standing_types(text: str) -> list[str]:
    """Return the types that stand and hold a text (1 query)."""
    standing = Alarm.objects.filter(cleared_at__isnull=True).order_by().values_list("alarm_type", flat=True).distinct()
    return [each for each in standing if text.casefold() in each.casefold()]


def visible_alarm(actor: Actor, alarm_id: int) -> Alarm:
    """Return one alarm with what surrounds it fetched. Raises NoSuchAlarm."""
    found = (
        visible_to(actor)
        .select_related("resource__parent__parent__parent", "source", "incident__cause")
        .filter(pk=alarm_id)
        .first()
    )
    if found is None:
        raise NoSuchAlarm(msgid("There is no alarm {id} that you may see; check the address."), id=alarm_id)
    return found


def report(actor: Actor, report_id: int) -> AlarmReport:
    """Return a report as it was received, for the system that sent it. Raises NoSuchAlarm.

    A report on a resource outside the actor's regions is hidden; one that names nothing we know is not.
    """
    found = AlarmReport.objects.select_related("source").filter(pk=report_id).first()
    if found is None or not actor.may(Permission.READ_ALARMS) or _is_elsewhere(actor, found.resource_ref):
        raise NoSuchAlarm(msgid("There is no alarm {id} that you may see; check the address."), id=report_id)
    return found


def _is_elsewhere(actor: Actor, resource_ref: str) -> bool:
    named = Resource.objects.filter(code=resource_ref)
    return not actor.sees_everything and named.exclude(scope(actor, customer="")).exists()


def quarantine(
    actor: Actor, *, status: str = QuarantineStatus.OPEN, page: int = 1, size: int = 50
) -> Page[QuarantinedResource]:
    """Return what alarms name and the inventory does not know, most reports first (2 queries)."""
    rows = visible_names(actor).filter(status=status).select_related("source", "resource")
    return Paginator(rows.order_by("-reports", "id"), size).get_page(page)


def visible_names(actor: Actor) -> QuerySet[QuarantinedResource]:
    """Return the quarantined names, for staff who may see alarms."""
    if actor.may(Permission.READ_ALARMS) and actor.is_staff:
        return QuarantinedResource.objects.all()
    return QuarantinedResource.objects.none()


def quarantined(actor: Actor, quarantine_id: int) -> QuarantinedResource:
    """Return one name that could not be placed (1 query). Raises NoSuchAlarm."""
    rows = QuarantinedResource.objects.select_related("source", "resource").filter(pk=quarantine_id)
    found = rows.first() if actor.may(Permission.READ_ALARMS) and actor.is_staff else None
    if found is None:
        raise NoSuchAlarm(msgid("There is no quarantined name {id}; reload the list."), id=quarantine_id)
    return found


def sources() -> list[AlarmSource]:
    """Return all sources by name."""
    return list(AlarmSource.objects.order_by("name"))


def rules() -> list[EffectRule]:
    """Return what each alarm type does to service, as stated."""
    return list(EffectRule.objects.select_related("source").order_by("source_id", "alarm_type", "id"))


def count_standing(actor: Actor) -> int:
    """Count the standing alarms the actor may see (1 query)."""
    standing = Alarm.objects.filter(cleared_at__isnull=True)
    province = _province_of(actor)
    if not province or not actor.may(Permission.READ_ALARMS):
        return visible_to(actor).filter(cleared_at__isnull=True).count()
    # Nearly all resources lie there: looking for the few elsewhere is far sooner done. The span of codes leads over
    # their index; the condition itself is the scope's.
    elsewhere = Resource.objects.filter(
        Q(region_code__lt=province) | Q(region_code__gte=str(int(province) + 1)),
        ~scope(actor, customer="", region="region_code"),
    )
    return standing.exclude(resource__in=elsewhere).count()


def _province_of(actor: Actor) -> str:
    """Return the code of the one province whose staff the actor belongs to, if so."""
    limited = actor.sees_everything or actor.customer_ids is not None or len(actor.regions) != 1
    code = "" if limited else actor.regions[0]
    return code if len(code) == PROVINCE_DIGITS and code.isdecimal() and code < "99" else ""


@dataclass(frozen=True)
class Pulse:
    """How the stream does: reports in the last minute, how many wait, the age of the newest, silent sources."""

    per_minute: int
    waiting: int
    standing: int
    newest_at: datetime | None
    silent: list[AlarmSource]
    quarantined: int


def pulse(*, at: datetime, standing: int | None = None) -> Pulse:
    """Return how the stream does (6 or 7 queries); `standing` may be counted already (`count_standing`)."""
    newest = AlarmReport.objects.order_by("-id").values_list("received_at", flat=True).first()
    sampled = StreamSample.objects.filter(at__gt=at - timedelta(seconds=60)).aggregate(n=Sum("reports"))["n"]
    per_minute = (sampled or _newest_counted(at)) if newest and newest > at - timedelta(minutes=1) else 0
    return Pulse(
        per_minute=per_minute,
        waiting=AlarmReport.objects.filter(outcome=Outcome.WAITING).count(),
        standing=Alarm.objects.filter(cleared_at__isnull=True).count() if standing is None else standing,
        newest_at=newest,
        silent=list(AlarmSource.objects.filter(silent_since__isnull=False)),
        quarantined=QuarantinedResource.objects.filter(status=QuarantineStatus.OPEN).count(),
    )


def _newest_counted(at: datetime) -> int:
    """Count the last minute among the newest 5,000 reports, where nobody takes samples."""
    recent = AlarmReport.objects.order_by("-id")[:5000]
    return sum(1 for r in recent.values_list("received_at", flat=True) if r > at - timedelta(minutes=1))


def tally(*, after_id: int = 0) -> dict[str, int]:
    """Count reports behind an id by what became of them."""
    rows = AlarmReport.objects.filter(pk__gt=after_id).values_list("outcome").annotate(n=Count("id"))
    return {outcome or "waiting": n for outcome, n in rows}
