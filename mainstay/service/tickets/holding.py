"""What goes out when word was promised and nobody wrote: a truthful holding message that promises the next (K8).

It says that work goes on, that there is no new expected time, and when the next word comes. Never after the all-clear:
then nothing is promised any more, and nobody counts as told.
"""

from collections.abc import Sequence
from datetime import timedelta

from mainstay.service.tickets import outcome
from mainstay.service.tickets.audience import HOLDING, told_receivers
from mainstay.service.tickets.casework import CaseFile, Casework
from mainstay.service.tickets.circuits import standing_of
from mainstay.service.tickets.making import circuit_facts
from mainstay.service.tickets.models import TellingRules
from mainstay.service.tickets.notices import writer_for
from mainstay.service.tickets.policy import DEFAULT
from mainstay.service.tickets.telling import TROUBLE, about_outage, tell


def holds() -> bool:
    """Say whether the house sends holding messages by itself; it does unless somebody turned it off (1 query)."""
    kept = TellingRules.objects.order_by("pk").first()
    return kept is None or kept.holding


def hold(work: Casework, files: Sequence[CaseFile]) -> list[CaseFile]:
    """Send a holding message to those told on these tickets; return the files on which one went out."""
    troubled = [file for file in files if set(standing_of(file.story).values()) & set(TROUBLE)]
    if not troubled or not holds():
        return []
    told = told_receivers(file.story for file in troubled)
    chosen = [(file, receivers) for file, receivers in zip(troubled, told, strict=True) if receivers]
    if not chosen:
        return []
    facts = circuit_facts({circuit for file, _ in chosen for circuit in standing_of(file.story)})
    writer = writer_for(file.ticket for file, _ in chosen)
    for file, receivers in chosen:
        file.ticket.next_update_at = work.at + timedelta(minutes=DEFAULT.update_after(file.ticket.grade))
        outcome.remind_of_update(work, file)
        tell(work, writer, file, receivers, what=HOLDING, about=about_outage(file, facts, at=work.at))
    return [file for file, _ in chosen]
