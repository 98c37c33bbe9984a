"""How is a claim or a set of clauses found, locked and noted? Through the one door, with its audit entry."""

from datetime import datetime
from typing import Any

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change, News
from mainstay.service.compensation.choices import TRANSITIONS, ClaimStatus
from mainstay.service.compensation.errors import NoSuchClaim, WrongStep
from mainstay.service.compensation.models import Claim

MOST_WHY = 400
Noted = tuple[Claim, dict[str, Any] | None, dict[str, Any]]
"""A claim, and what of it was and is."""


def take(claim_id: int, *, by: Actor) -> Claim:
    """Return one claim locked for a change, customer and circuit fetched. Raises NoSuchClaim."""
    rows = Claim.objects.filter(scope(by)).select_for_update(of=("self",)).select_related("customer", "circuit")
    found = rows.filter(pk=claim_id).first()
    if found is None:
        raise NoSuchClaim(msgid("There is no compensation {id} that you may see; look in the list."), id=claim_id)
    return found


def may_propose(actor: Actor) -> bool:
    """Say whether an actor may enter compensations and ask for reversals."""
    return actor.may(Permission.WRITE_CONTRACTS) or actor.may(Permission.APPROVE)


def require_proposer(by: Actor) -> None:
    """Refuse who may not propose. Raises NotAllowed."""
    if not may_propose(by):
        raise NotAllowed(
            msgid(
                "You may not do this: it needs the permission “{permission}”. "
                "Ask an administrator for a duty that has it."
            ),
            permission=Permission.WRITE_CONTRACTS,
        )


def step(claim: Claim, to: str, *, revision: int | None = None) -> None:
    """Put a claim into another state, unsaved. Raises WrongStep where the table of states does not allow it."""
    if to not in TRANSITIONS[claim.status] or (revision is not None and revision != claim.revision):
        raise WrongStep(
            msgid("{number} is “{status}”; this cannot be done to it now. Open it again."),
            number=claim.number, status=ClaimStatus(claim.status).label,
        )  # fmt: skip
    claim.status, claim.revision = to, claim.revision + 1


def change_of(claim: Claim, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    """Return the audit entry of a claim."""
    return Change("compensation", claim.pk, claim.number, before, after, claim.customer_id, claim.region_code)


def note(action: str, changes: list[Noted], *, at: datetime, by: Actor) -> None:
    """Write audit entries and news of claims, in the caller's transaction."""
    journal.record(action, [change_of(*change) for change in changes], at=at, by=by)
    journal.publish(
        (News("compensation", "compensation", c.pk, c.customer_id, c.region_code) for c, _before, _after in changes),
        at=at,
    )
