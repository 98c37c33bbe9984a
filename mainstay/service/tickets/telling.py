"""How does word go out on many tickets at once, and how is it written down (H1, K8)?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from mainstay.service.tickets.audience import Audience, Receiver, said_to, tellings, told_of
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.choices import EventKind
from mainstay.service.tickets.circuits import Standing, since_of
from mainstay.service.tickets.making import CircuitFacts
from mainstay.service.tickets.models import TicketEvent
from mainstay.service.tickets.notices import About, Writer

TROUBLE = (Standing.DOWN, Standing.DEGRADED, Standing.REPORTED)


def about_outage(
    file: CaseFile, facts: CircuitFacts, *, at: datetime, doing: Mapping[str, str] | None = None,
    eta_at: datetime | None = None, next_at: datetime | None = None,
) -> About:  # fmt: skip
    """Say what stands on a ticket: the circuits in trouble, the worst, since when."""
    standing = {c: how for c, how in file.standing.items() if how in TROUBLE}
    out = {c: how for c, how in standing.items() if how.is_out} or standing
    since = min((began for c in out if (began := since_of(file.story, c)[0])), default=None)
    is_down = not out or any(how != Standing.DEGRADED for how in out.values())
    return About(
        [facts.circuits[c] for c in out], since, at, is_down, doing or {}, eta_at, next_at or file.ticket.next_update_at
    )


def about_recovery(file: CaseFile, facts: CircuitFacts, *, at: datetime) -> About:
    """Say what is in service again on a ticket, and how long it was out."""
    back = [c for c, how in file.standing.items() if how in (Standing.RESTORED, Standing.NOT_AFFECTED)]
    since = min((began for c in back if (began := since_of(file.story, c)[0])), default=None)
    return About([facts.circuits[c] for c in back], since, at, restored_at=file.ticket.resolved_at or at)


def tell(
    work: Casework, writer: Writer, file: CaseFile, receivers: Sequence[Receiver], *, what: str, about: About,
    text: str = "", once: str = "",
) -> None:  # fmt: skip
    """Write letters to receivers and note on the ticket who was told; they go out when the work is saved."""
    number = tellings(file.story)
    work.letters += [
        partial(writer.message, what, file.ticket, receiver, about, number=number) for receiver in receivers
    ]
    more = {"once": once} if once else {}
    work.tell(file, EventKind.CUSTOMER_TOLD, text=text, for_customer=True, body=said_to(what, receivers, **more))
    file.ticket.untold_since = None


def note_silence(work: Casework, file: CaseFile, audience: Audience) -> None:
    """Note once that something is out and nobody could be told: it shows on the wall until somebody was."""
    if file.ticket.untold_since is None:
        file.ticket.untold_since = work.at
        work.tell(file, EventKind.NOBODY_TOLD, body={"names": list(audience.unreachable)})


def was_said(story: Iterable[TicketEvent], once: str) -> bool:
    """Say whether a ticket's story already holds the word of this sending: a form sent twice tells once."""
    return bool(once) and any(event.body.get("once") == once for event in story)


def is_out(file: CaseFile) -> bool:
    """Say whether the network says that a circuit of the ticket is impaired."""
    return any(standing.is_out for standing in file.standing.values())


def was_told(file: CaseFile) -> bool:
    """Say whether anybody was told since the last all-clear."""
    return bool(told_of(file.story))
