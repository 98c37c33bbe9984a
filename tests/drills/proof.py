"""What must hold after a drill, asked of the database itself: nothing lost, nothing twice, clocks right."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice

from django.db.models import Count, Max

from mainstay.network.alarms.choices import Outcome
from mainstay.network.alarms.models import AlarmReport
from mainstay.network.alarms.rejudging import rejudge as rejudge_impacts
from mainstay.platform.journal.models import Entry
from mainstay.platform.journal.queries import broken_seals
from mainstay.platform.messages.models import Message
from mainstay.platform.timers import queries as timers
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.models import Ticket, TicketEvent
from mainstay.service.tickets.rejudge import rejudge as rejudge_clocks
from mainstay.service.tickets.rejudge import untold_troubles
from tests.drills.storm import Sent


def settled() -> bool:
    """Say whether nothing waits any more: reports, timers, seals."""
    return not (
        AlarmReport.objects.filter(outcome=Outcome.WAITING).exists()
        or timers.overdue(datetime.now(UTC))
        or Entry.objects.filter(digest="").exists()
    )


def newest_message() -> int:
    """Return the id of the newest message: only later ones are of the drill."""
    return Message.objects.aggregate(newest=Max("id"))["newest"] or 0


def wrongs(sent: Iterable[Sent], before: int) -> Iterator[str]:
    """Say everything that is not as it must be; messages up to `before` are not the drill's."""
    yield from _lost(list(sent))
    yield from _twice(before)
    for entry in islice(broken_seals(), 5):
        yield f"audit entry {entry.pk} does not match its seal"
    at = datetime.now(UTC)
    judged = rejudge_impacts(at=at)
    for difference in (*judged.differences, *untold_troubles(judged.troubles), *rejudge_clocks(at=at)):
        yield f"judged again: {difference}"


def _lost(sent: list[Sent]) -> Iterator[str]:
    stored = dict(AlarmReport.objects.filter(external_id__startswith="drill-").values_list("pk", "external_id"))
    times = Counter(stored.values())
    for one in sent:
        if stored.get(one.report_id) != one.external_id:
            yield f"report {one.report_id} ({one.external_id}) was answered 2xx and is not there"
        if one.keyed and times[one.external_id] != 1:
            yield f"report {one.external_id} of a batch with a key is stored {times[one.external_id]} times"
    for pk in AlarmReport.objects.filter(outcome=Outcome.WAITING).values_list("pk", flat=True)[:5]:
        yield f"report {pk} still waits to be judged"


def _twice(before: int) -> Iterator[str]:
    live = Ticket.objects.filter(incident__isnull=False, parent__isnull=True).values("incident_id", "customer_id")
    for row in live.annotate(n=Count("id")).filter(n__gt=1):
        yield f"customer {row['customer_id']} has {row['n']} tickets below incident {row['incident_id']}"
    yield from _messages_twice(before)
    steps = TicketEvent.objects.filter(kind__in=(EventKind.ESCALATED, EventKind.BREACHED))
    rungs = Counter(
        (ticket, kind, circuit, body.get("clock"), body.get("percent"), at)
        for ticket, kind, circuit, body, at in steps.values_list("ticket_id", "kind", "circuit_id", "body", "at")
    )
    for rung, n in rungs.items():
        if n > 1:
            yield f"escalated {n} times: {rung}"
    events = TicketEvent.objects.values("ticket_id", "kind", "at", "circuit_id", "text", "body")
    for said in events.annotate(n=Count("id")).filter(n__gt=1)[:20]:
        yield f"told {said['n']} times: {said}"


def _messages_twice(before: int) -> Iterator[str]:
    """A second message in the same words needs a second event: a circuit that fell twice within a minute."""
    told = Message.objects.filter(pk__gt=before).values(
        "kind", "user_id", "contact_id", "object_kind", "object_id", "subject", "body"
    )
    for row in told.annotate(n=Count("id")).filter(n__gt=1):
        kinds = _CAUSES.get(Message.Kind(row["kind"]), ())
        events = TicketEvent.objects.filter(ticket=int(row["object_id"]), kind__in=kinds).values("at").distinct()
        if events.count() < row["n"]:
            yield f"sent {row['n']} times: {row}"


_CAUSES = {
    Message.Kind.NOTICE: (EventKind.CIRCUIT_DOWN, EventKind.CIRCUIT_DEGRADED, EventKind.REOPENED),
    Message.Kind.ALL_CLEAR: (EventKind.CIRCUIT_RESTORED,),
}


def figures() -> str:
    """Say how much there was."""
    steps = TicketEvent.objects.filter(kind__in=(EventKind.ESCALATED, EventKind.BREACHED)).count()
    return (
        f"{AlarmReport.objects.filter(external_id__startswith='drill-').count()} reports, "
        f"{Ticket.objects.count()} tickets, {steps} escalations, {Message.objects.count()} messages, "
        f"{Entry.objects.count()} audit entries"
    )
