"""How much waits to be judged, and for whom is there still room? The room is shared out by region (G1)."""

from datetime import datetime

from mainstay.network.alarms.choices import Outcome
from mainstay.network.alarms.models import AlarmReport, AlarmSource
from mainstay.platform.journal import handing


def is_behind(*, at: datetime, most: int, longest_s: int) -> bool:
    """Say whether `most` reports wait, or one for `longest_s` seconds (0: no limit; at most 3 queries).

    What follows from verdicts and was handed on counts alike: tickets must not fall behind either.
    """
    if longest_s and (oldest_waiting_s(at=at) >= longest_s or oldest_handed_on_s(at=at) >= longest_s):
        return True
    waiting = AlarmReport.objects.filter(outcome=Outcome.WAITING).order_by("id")
    return bool(most) and waiting[most - 1 : most].exists()


def oldest_waiting_s(*, at: datetime) -> int:
    """Return for how long the oldest report has been waiting to be judged, in seconds; 0 when none waits."""
    oldest = (
        AlarmReport.objects.filter(outcome=Outcome.WAITING).order_by("id").values_list("received_at", flat=True).first()
    )
    return max(0, int((at - oldest).total_seconds())) if oldest else 0


def oldest_handed_on_s(*, at: datetime) -> int:
    """Return for how long what follows from a verdict has been waiting, in seconds; 0 when nothing waits (1 query)."""
    since = handing.waiting_since()
    return max(0, int((at - since).total_seconds())) if since else 0


def holds_its_share(source_id: int, *, at: datetime, most: int, longest_s: int) -> bool:
    """Say whether a source must wait while judging is behind (3 queries; see `is_behind` for the limits).

    An equal share of the room belongs to each region that sources watch: a storm in one shuts no other's door. Where
    all watch the same region, all wait. Tickets that are too far behind shut every door.
    """
    regions = dict(AlarmSource.objects.values_list("pk", "region_code"))
    mine = [pk for pk, region in regions.items() if region == regions.get(source_id)]
    count = len(set(regions.values()))
    if count < 2 or (longest_s and oldest_handed_on_s(at=at) >= longest_s):
        return True
    waiting = AlarmReport.objects.filter(outcome=Outcome.WAITING, source__among=mine).order_by("id")
    share = max(1, most // count)
    if most and waiting[share - 1 : share].exists():
        return True
    oldest = waiting.values_list("received_at", flat=True).first()
    return bool(longest_s and oldest and (at - oldest).total_seconds() >= longest_s)
