"""Who is on duty, where and at which level; the roster and the shift log (H3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from mainstay.domain.actor import Actor
from mainstay.platform.duty.models import Desk, Handover, HandoverNote, Shift
from mainstay.platform.identity.models import User
from mainstay.platform.identity.queries import scope

TOP_LEVEL = 3


@dataclass(frozen=True)
class DeskRoster:
    """A desk and its shifts in a span, in order of level and start; each shift's user is fetched."""

    desk: Desk
    shifts: tuple[Shift, ...]


def desks(actor: Actor) -> QuerySet[Desk]:
    """Return the desks of the actor's regions, by region."""
    return Desk.objects.filter(scope(actor, customer="")).order_by("region_code", "code")


@dataclass(frozen=True)
class DeskPhones:
    """The desks and the phones that customers are given, to be asked many times."""

    desks: tuple[Desk, ...]

    def nearest(self, region_code: str) -> Desk | None:
        """Return the nearest desk with a phone for a region, else the nearest desk; None where there is no desk."""
        reached = [desk for desk in self.desks if region_code.startswith(desk.region_code)]
        return max(reached, key=lambda desk: (bool(desk.phone), len(desk.region_code), -desk.pk), default=None)


def desk_phones() -> DeskPhones:
    """Read the desks once (1 query)."""
    return DeskPhones(tuple(Desk.objects.order_by("pk")))


@dataclass(frozen=True)
class Watch:
    """Everybody on duty at one instant, to be asked many times."""

    shifts: tuple[Shift, ...]

    def on_duty(self, region_code: str, level: int) -> list[User]:
        """Return who is told at a level about something in a region: those of the nearest desk, by name.

        The nearest desk is the one of the longest region code that the region's code begins with and that has someone
        at that level. Where nobody is on duty at the level, the next lower level is asked, in all desks, down to 1;
        then the levels above, lowest first, so that news reaches someone whenever anyone is on duty. Empty: nobody is.
        """
        for asked in (*range(level, 0, -1), *range(level + 1, TOP_LEVEL + 1)):
            reached = [s for s in self.shifts if s.level == asked and region_code.startswith(s.desk.region_code)]
            if reached:
                nearest = max(len(shift.desk.region_code) for shift in reached)
                users = {s.user_id: s.user for s in reached if len(s.desk.region_code) == nearest}
                return sorted(users.values(), key=lambda user: (user.display_name, user.pk))
        return []


def watch_at(at: datetime) -> Watch:
    """Read who is on duty anywhere at an instant (1 query)."""
    shifts = Shift.objects.filter(from_at__lte=at, to_at__gt=at, user__is_active=True)
    return Watch(tuple(shifts.select_related("user", "desk").order_by("pk")))


def on_duty(region_code: str, level: int, at: datetime) -> list[User]:
    """Return who is told now at a level about something in a region, as `Watch.on_duty` says (1 query)."""
    return watch_at(at).on_duty(region_code, level)


def roster(from_at: datetime, actor: Actor, *, days: int = 7) -> list[DeskRoster]:
    """Return the shifts that touch the days from an instant on, desk by desk, empty desks too (2 queries)."""
    visible = list(desks(actor))
    shifts: dict[int, list[Shift]] = {desk.pk: [] for desk in visible}
    touching = Shift.objects.filter(desk__in=visible, from_at__lt=from_at + timedelta(days=days), to_at__gt=from_at)
    for shift in touching.select_related("user").order_by("level", "from_at", "pk"):
        shifts[shift.desk_id].append(shift)
    return [DeskRoster(desk, tuple(shifts[desk.pk])) for desk in visible]


def shift_log(actor: Actor) -> QuerySet[HandoverNote]:
    """Return the log of the desks the actor may see, newest first, desks fetched."""
    visible = HandoverNote.objects.filter(scope(actor, customer="", region="desk__region_code"))
    return visible.select_related("desk").order_by("-at", "-pk")


def open_notes(actor: Actor) -> QuerySet[HandoverNote]:
    """Return the notes nobody has taken over yet, newest first."""
    return shift_log(actor).filter(taken_over_at__isnull=True)


UNROSTERED = timedelta(hours=12)
UNSIGNED_FOR = timedelta(days=2)
"""How long a shift that nobody signed for is asked about."""


@dataclass(frozen=True)
class Span:
    """A shift of a desk, half-open, and who is on it; nobody, and no shift, where no roster says so."""

    from_at: datetime
    to_at: datetime
    names: tuple[str, ...] = ()
    shift_id: int | None = None


@dataclass(frozen=True)
class WaitingHandover:
    """A shift that is over and not signed (`handover` None), or signed and not taken over."""

    desk: Desk
    span: Span
    handover: Handover | None


def span_at(desk: Desk, at: datetime) -> Span:
    """Return the shift of a desk around an instant: level 1, that begun last; 12 hours up to it off the roster."""
    around = list(_desk_shifts(desk).filter(from_at__lte=at, to_at__gt=at).order_by("-from_at", "pk"))
    if not around:
        return Span(at.replace(minute=0, second=0, microsecond=0) - UNROSTERED, at)
    return _span([shift for shift in around if shift.from_at == around[0].from_at])


def span_of(desk: Desk, shift_id: int) -> Span | None:
    """Return the shift of a desk that a person's place on the roster belongs to; None when it is not on it."""
    wanted = _desk_shifts(desk).filter(pk=shift_id).first()
    return _span(list(_desk_shifts(desk).filter(from_at=wanted.from_at))) if wanted else None


def span_after(desk: Desk, span: Span) -> Span:
    """Return the shift that follows; off the roster one as long again."""
    following = list(_desk_shifts(desk).filter(from_at__gte=span.to_at, from_at__lt=span.to_at + UNROSTERED)[:20])
    if not following:
        return Span(span.to_at, span.to_at + (span.to_at - span.from_at))
    return _span([shift for shift in following if shift.from_at == following[0].from_at])


def _desk_shifts(desk: Desk) -> QuerySet[Shift]:
    return Shift.objects.filter(desk=desk, level=1).select_related("user").order_by("from_at", "pk")


def _span(shifts: list[Shift]) -> Span:
    names = tuple(shift.user.display_name for shift in shifts)
    return Span(shifts[0].from_at, max(shift.to_at for shift in shifts), names, shifts[0].pk)


def handovers(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs of the desks the actor may see, the latest shift first, desks fetched."""
    visible = Handover.objects.filter(scope(actor, customer="", region="desk__region_code"))
    return visible.select_related("desk").order_by("-to_at", "desk__code", "-version")


def versions_of(actor: Actor, desk: Desk, span: Span) -> list[Handover]:
    """Return all versions of one hand-over, the newest first."""
    return list(handovers(actor).filter(desk=desk, from_at=span.from_at))


def waiting_handovers(actor: Actor, *, at: datetime) -> list[WaitingHandover]:
    """Return shifts that are over and not signed, and what is signed and not taken over, oldest first (3 queries).

    A shift is only asked about at desks where hand-overs are signed.
    """
    newest: dict[tuple[int, datetime], Handover] = {}
    recent = handovers(actor).filter(to_at__gt=at - 2 * UNSIGNED_FOR).defer("facts", "remarks")
    for each in recent.order_by("version"):
        newest[each.desk_id, each.from_at] = each
    found = [
        WaitingHandover(each.desk, Span(each.from_at, each.to_at), each)
        for each in newest.values()
        if each.signed_at and not each.taken_at
    ]
    signed = {key for key, each in newest.items() if each.signed_at}
    last_signed = dict(
        handovers(actor).filter(signed_at__isnull=False).order_by().values_list("desk").annotate(Max("to_at"))
    )
    over = Shift.objects.filter(desk__in=list(last_signed), level=1, to_at__lte=at, to_at__gt=at - UNSIGNED_FOR)
    unsigned: dict[tuple[int, datetime], list[Shift]] = {}
    for shift in over.select_related("user", "desk").order_by("from_at", "pk"):
        if (shift.desk_id, shift.from_at) not in signed and shift.from_at >= last_signed[shift.desk_id]:
            unsigned.setdefault((shift.desk_id, shift.from_at), []).append(shift)
    found += [WaitingHandover(shifts[0].desk, _span(shifts), None) for shifts in unsigned.values()]
    return sorted(found, key=lambda waiting: (waiting.span.to_at, waiting.desk.code))
