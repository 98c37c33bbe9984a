"""The causes that stand now, all of them, counted in SQL: for the wall at 10,000 incidents and 100,000 alarms (G6)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from mainstay.domain.actor import Actor
from mainstay.domain.storm import Placed
from mainstay.network.alarms.choices import IncidentOrigin, IncidentStatus
from mainstay.network.alarms.models import Alarm, Impact, Incident
from mainstay.network.alarms.queries.incidents import visible_to
from mainstay.network.inventory.choices import LiveState, ResourceKind
from mainstay.network.inventory.models import Resource
from mainstay.platform.identity.queries import scope

GRADES = ("AAA", "AA", "A", "I", "II", "III")
STANDING = (IncidentStatus.OPEN, IncidentStatus.CLAIMED)
_COLUMNS = (
    "pk", "kind", "cause_label", "cause_id", "cause__kind", "region_code", "worst_state", "planned", "opened_at",
    "claimed_by_id", "claimed_by__display_name", "eta_at", "next_update_at", "source_id", "source__name",
    "origin", "adopted_at",
)  # fmt: skip


@dataclass
class Cause:
    """A cause that stands; counts are of what stands now, circuits and customers as far as the actor may see them."""

    pk: int
    kind: str
    cause_label: str
    cause_id: int | None
    resource_kind: str | None
    region_code: str
    worst_state: int
    planned: bool
    opened_at: datetime
    claimed_by_id: int | None
    claimed_by_name: str | None
    eta_at: datetime | None
    next_update_at: datetime | None
    source_id: int | None
    source_name: str | None
    origin: str
    adopted_at: datetime | None
    standing: int = 0
    circuits: int = 0
    customers: int = 0
    grades: dict[str, int] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """Return the number people say."""
        return Incident(pk=self.pk).number

    @property
    def restored_at(self) -> None:
        """Return nothing: what is restored stands no more."""

    @property
    def is_declared(self) -> bool:
        """Say whether people declared it and no alarm has adopted it yet."""
        return self.origin == IncidentOrigin.REPORTS and self.adopted_at is None

    @property
    def hits(self) -> bool:
        """Say whether it interrupts or degrades a customer's circuit."""
        return self.customers > 0


def standing_causes(actor: Actor) -> list[Cause]:
    """Return every open, unrestored incident with its counts, unordered (3 queries)."""
    rows = visible_to(actor).filter(status__in=STANDING).values_list(*_COLUMNS)
    found = {row[0]: Cause(*row) for row in rows}
    _count_alarms(found)
    _count_impacts(found, actor)
    return list(found.values())


def _count_alarms(found: dict[int, Cause]) -> None:
    """Count the standing alarms; the source is the one that says most."""
    rows = Alarm.objects.filter(cleared_at__isnull=True, incident__isnull=False).order_by()
    most: dict[int, int] = {}
    for pk, source, name, count in rows.values_list("incident_id", "source_id", "source__name").annotate(n=Count("pk")):
        cause = found.get(pk)
        if cause is None:
            continue
        cause.standing += count
        if count > most.get(pk, 0):
            most[pk], cause.source_id, cause.source_name = count, source, name


def _count_impacts(found: dict[int, Cause], actor: Actor) -> None:
    hard = Q(state__gte=LiveState.DEGRADED)
    counts = {f"n_{grade}": Count("pk", filter=hard & Q(circuit__grade=grade)) for grade in GRADES}
    rows = (
        _standing_impacts(actor)
        .values_list("incident_id")
        .annotate(circuits=Count("pk"), customers=Count("customer_id", distinct=True, filter=hard), **counts)
    )
    for pk, circuits, customers, *grades in rows.order_by():
        cause = found.get(pk)
        if cause is not None:
            cause.circuits, cause.customers = circuits, customers
            cause.grades = {grade: count for grade, count in zip(GRADES, grades, strict=True) if count}


def _standing_impacts(actor: Actor) -> QuerySet[Impact]:
    return Impact.objects.filter(scope(actor), to_at__isnull=True, not_affected_at__isnull=True)


def count_causes(actor: Actor) -> tuple[int, int]:
    """Count the causes that stand: those that hit customers, and the others (2 queries)."""
    standing = set(visible_to(actor).filter(status__in=STANDING).values_list("pk", flat=True))
    hard = _standing_impacts(actor).filter(state__gte=LiveState.DEGRADED).order_by()
    hit = len(standing & set(hard.values_list("incident_id", flat=True).distinct()))
    return hit, len(standing) - hit


_CHAIN = ("", "__parent", "__parent__parent", "__parent__parent__parent", "__parent__parent__parent__parent")
NAMED_ONE_BY_ONE = 1000
"""So many ids are given to the database; of more causes all that stand are read."""
CITY_DIGITS = 4
_ANCHORS = {ResourceKind.DUCT: "duct", ResourceKind.SITE: "site"}


@dataclass(frozen=True)
class Places:
    """Where causes lie: for grouping by origin, and what the anchors are called ("duct:12" → name)."""

    placed: list[Placed]
    names: dict[str, str]


def places_of(causes: Iterable[Cause], actor: Actor) -> Places:
    """Return in which ducts, sites and districts causes lie (3 queries, however many causes)."""
    wanted = {cause.pk: cause for cause in causes}
    anchors: dict[int, dict[str, set[str]]] = {pk: {} for pk in wanted}
    standing = visible_to(actor).filter(status__in=STANDING, cause__isnull=False).order_by()
    if len(wanted) <= NAMED_ONE_BY_ONE:
        standing = standing.filter(pk__in=list(wanted))
    runs_in = standing.filter(cause__dependencies__isnull=False)
    for rows, start, steps in ((standing, "cause", 5), (runs_in, "cause__dependencies__on", 3)):
        columns = [f"{start}{step}__{what}" for step in _CHAIN[:steps] for what in ("id", "kind")]
        for pk, *chain in rows.values_list("pk", *columns):
            if pk in wanted:
                _anchor(anchors[pk], chain)
    placed = [
        Placed(
            cause.pk,
            cause.opened_at,
            {level: sorted(keys) for level, keys in anchors[cause.pk].items()}
            | ({"region": [cause.region_code]} if len(cause.region_code) >= CITY_DIGITS else {}),
        )
        for cause in wanted.values()
    ]
    return Places(placed, _names_of(anchors.values()))


def _anchor(anchors: dict[str, set[str]], chain: list[object]) -> None:
    """Note the ducts and sites among a resource and what holds it: (id, kind) from the inside out."""
    for place in range(0, len(chain), 2):
        level = _ANCHORS.get(chain[place + 1])  # type: ignore[call-overload]
        if level:
            anchors.setdefault(level, set()).add(str(chain[place]))


def _names_of(anchors: Iterable[dict[str, set[str]]]) -> dict[str, str]:
    """Return what the ducts and sites are called that several causes share, by "level:id"."""
    counts = Counter((level, key) for each in anchors for level, keys in each.items() for key in keys)
    shared = {int(key): level for (level, key), count in counts.items() if count > 1}
    names = Resource.objects.filter(pk__in=shared).values_list("pk", "name")
    return {f"{shared[pk]}:{pk}": name for pk, name in names}
