"""What waits for somebody about portfolios and duplicates, for My day (C6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.duplicates import queries as duplicates
from mainstay.accounts.portfolios.queries import handovers, notes, recalls
from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission

LIKELY = 85


@dataclass(frozen=True)
class Waiting:
    """One thing to do, as a row of My day."""

    key: str
    title: str
    reason: str
    icon: str
    url: str
    grade: str = ""
    customer: str = ""
    due_at: datetime | None = None
    verb: str = ""
    post_url: str = ""
    clock: None = None


def waiting(actor: Actor, *, at: datetime) -> Iterator[Waiting]:
    """Give next steps that are due, hand-overs to tick, customers about to return, what leaders assign and decide."""
    yield from _steps(actor, at)
    for row, n in handovers.waiting_for(actor):
        said = ngettext("Take over %(n)s customer of %(name)s", "Take over %(n)s customers of %(name)s", n)
        url = reverse("web:portfolio-handover", args=[row.pk])
        yield Waiting(f"portfolio-{row.pk}", said % {"n": n, "name": row.giver},
                      _("Look at what is open, tick each and sign."), "signature", url)  # fmt: skip
    if actor.may(Permission.WRITE_CUSTOMERS) or actor.may(Permission.ASSIGN_CUSTOMERS):
        yield from _returning(actor)
    if actor.may(Permission.ASSIGN_CUSTOMERS):
        yield from _left_behind(actor)
    if actor.may(Permission.MERGE_CUSTOMERS):
        yield from _pairs(actor)


def _steps(actor: Actor, at: datetime) -> Iterator[Waiting]:
    today = timezone.localtime(at).date()
    for note in notes.due_steps(actor, today):
        late = note.next_on is not None and note.next_on < today
        reason = _("Next step of %(day)s, promised in a contact note.") % {"day": note.next_on}
        url = f"{reverse('web:customer', args=[note.customer_id])}?tab=notes"
        yield Waiting(f"step-{note.pk}", note.next_step, reason, "clock-x" if late else "notes", url,
                      note.customer.service_grade, str(note.customer), verb=_("Done"),
                      post_url=reverse("web:note-done", args=[note.pk]))  # fmt: skip


def _returning(actor: Actor) -> Iterator[Waiting]:
    rows = recalls.recalls(actor)
    first, n = rows.first(), rows.count()
    if first is not None:
        said = ngettext("%(n)s customer returns to the pool soon", "%(n)s customers return to the pool soon", n)
        reason = _("Note a contact, or give them to somebody who has time.")
        yield Waiting("returning", said % {"n": n}, reason, "hourglass", reverse("web:returning"), due_at=first.due_at)


def _left_behind(actor: Actor) -> Iterator[Waiting]:
    for each in handovers.leavers(actor):
        words = {"n": each.customers, "name": each.user}
        title = ngettext("Hand over %(n)s customer of %(name)s", "Hand over %(n)s customers of %(name)s",
                         each.customers) % words  # fmt: skip
        url = f"{reverse('web:portfolio-handover-new')}?giver={each.user.pk}"
        yield Waiting(f"leaver-{each.user.pk}", title, _("They may no longer sign in; nobody looks after these."),
                      "user-check", url)  # fmt: skip


def _pairs(actor: Actor) -> Iterator[Waiting]:
    n = duplicates.pairs(actor).filter(score__gte=LIKELY).count()
    if n:
        said = ngettext("%(n)s pair of customers is very likely one", "%(n)s pairs of customers are very likely one", n)
        reason = _("Merge them, or say that they are not the same.")
        yield Waiting("duplicates", said % {"n": n}, reason, "arrows-join", reverse("web:duplicates"))
