"""Who is on duty, where and at which level; the roster and the shift log (H3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from mainstay.domain.actor import Actor
from mainstay.platform.duty.models import Desk, HandoverNote, Shift
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
