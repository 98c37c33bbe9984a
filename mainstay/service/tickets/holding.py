"""What goes out when word was promised and nobody wrote: a truthful holding message that promises the next (K8).

It says that work goes on, that there is no new expected time, and when the next word comes. Never after the all-clear:
then nothing is promised any more, and nobody counts as told.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from mainstay.platform.messages.queries import quiet_book
from mainstay.platform.messages.quiet import QuietBook
from mainstay.service.tickets import outcome
from mainstay.service.tickets.audience import HOLDING, Receiver, told_receivers
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.making import circuit_facts, next_word_at
from mainstay.service.tickets.models import TellingRules
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.telling import TROUBLE, about_outage, tell


def holds() -> bool:
    """Say whether the house sends holding messages by itself; it does unless somebody turned it off (1 query)."""
    kept = TellingRules.objects.order_by("pk").first()
    return kept is None or kept.holding


def hold(work: Casework, files: Sequence[CaseFile]) -> list[CaseFile]:
    """Send a holding message to those told on these tickets; return the files on which one went out.

    Nobody is woken by it, and none piles up for the morning: a way that is in quiet hours is left out. Where no way is
    open, word is promised for the end of the quiet hours.
    """
    troubled = [file for file in files if set(file.standing.values()) & set(TROUBLE)]
    if not troubled or not holds():
        return []
    quiet = quiet_book()
    told = [
        (file, [_awake(receiver, file.ticket.grade, quiet, work) for receiver in receivers])
        for file, receivers in zip(troubled, told_receivers(file.story for file in troubled), strict=True)
        if receivers
    ]
    facts = circuit_facts({circuit for file, _ in told for circuit in file.standing})
    writer = writer_for(file.ticket for file, _ in told)
    held = []
    for file, found in told:
        receivers = [receiver for receiver, _until in found if receiver.open_ways]
        file.ticket.next_update_at = next_word_at(work, file)
        if receivers:
            tell(work, writer, file, receivers, what=HOLDING, about=about_outage(file, facts, at=work.at))
            held.append(file)
        else:
            file.ticket.next_update_at = max(until for _, until in found if until)
        outcome.remind_of_update(work, file)
    return held


def _awake(receiver: Receiver, grade: str, quiet: QuietBook, work: Casework) -> tuple[Receiver, datetime | None]:
    """Return somebody with the ways that are not in quiet hours, and until when the others are."""
    until = {way: quiet.until(grade, way.channel, work.at) for way in receiver.addresses}
    ways = tuple(way for way, at in until.items() if at is None)
    ends = [at for at in until.values() if at is not None]
    return replace(receiver, addresses=ways, open_ways=ways), min(ends, default=None)
