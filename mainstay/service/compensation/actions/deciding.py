"""Grant or reject what somebody else proposed; what a granted reversal does to what it takes back (H8, P7)."""

from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.service.compensation.choices import AT_BILLING, ClaimKind, ClaimStatus
from mainstay.service.compensation.errors import BadClaim, SecondPersonNeeded, WrongStep
from mainstay.service.compensation.events import ClaimGranted
from mainstay.service.compensation.finding import MOST_WHY, note, step, take
from mainstay.service.compensation.models import Claim


@transaction.atomic
def approve(claim_id: int, *, at: datetime, by: Actor, revision: int | None = None) -> Claim:
    """Grant a claim somebody else proposed; a reversal takes back what it names.

    Raises NoSuchClaim, NotAllowed, SecondPersonNeeded, WrongStep (decided already, or a reversal comes first).
    """
    require(by, Permission.APPROVE)
    claim = take(claim_id, by=by)
    _must_be_another(claim, by)
    _must_not_wait(claim)
    before = claim.status
    if claim.kind == ClaimKind.REVERSAL:
        _take_back(claim, at=at, by=by, revision=revision)
    else:
        step(claim, ClaimStatus.APPROVED, revision=revision)
    claim.letter_due = True
    _decided(claim, at=at, by=by)
    note("compensation.approve", [(claim, {"status": before}, {"status": claim.status})], at=at, by=by)
    journal.announce(ClaimGranted(claim.pk, claim.customer_id, claim.month, claim.amount_fen), by=by)
    return claim


def _must_be_another(claim: Claim, by: Actor) -> None:
    if claim.proposed_user_id is not None and claim.proposed_user_id == by.user_id:
        raise SecondPersonNeeded(
            msgid("You proposed {number} yourself; somebody else must decide on it."), number=claim.number
        )


def _must_not_wait(claim: Claim) -> None:
    first = claim.waits_for
    if first is not None and first.status == ClaimStatus.PROPOSED:
        raise WrongStep(
            msgid("{number} takes the place of {old}; decide on its reversal {first} first."),
            number=claim.number, old=first.reverses.number if first.reverses else "", first=first.number,
        )  # fmt: skip


def _take_back(claim: Claim, *, at: datetime, by: Actor, revision: int | None) -> None:
    """Mark what a reversal names as reversed; where billing never had it, nothing goes to billing."""
    assert claim.reverses_id is not None
    original = Claim.objects.select_for_update(of=("self",)).get(pk=claim.reverses_id)
    at_billing, before = original.status in AT_BILLING, original.status
    step(claim, ClaimStatus.APPROVED if at_billing else ClaimStatus.OFFSET, revision=revision)
    step(original, ClaimStatus.REVERSED)
    original.save(update_fields=["status", "revision"])
    change = (original, {"status": before}, {"status": original.status, "reversal": claim.number})
    note("compensation.reverse", [change], at=at, by=by)


@transaction.atomic
def reject(claim_id: int, why: str, *, at: datetime, by: Actor, revision: int | None = None) -> Claim:
    """Refuse a proposal with a reason; its proposer may take it back so. What waits for it goes with it.

    Raises NoSuchClaim, NotAllowed, BadClaim without a reason, WrongStep.
    """
    claim = take(claim_id, by=by)
    if claim.proposed_user_id is None or claim.proposed_user_id != by.user_id:
        require(by, Permission.APPROVE)
    if not why.strip():
        raise BadClaim(msgid("Say why {number} is rejected; the proposer reads it."), number=claim.number)
    waiting = Claim.objects.select_for_update(of=("self",)).filter(waits_for=claim, status=ClaimStatus.PROPOSED)
    gone = [claim, *waiting]
    for one in gone:
        step(one, ClaimStatus.REJECTED, revision=revision if one is claim else None)
        _decided(one, at=at, by=by, why=why)
    before, after = {"status": ClaimStatus.PROPOSED.value}, {"status": ClaimStatus.REJECTED.value}
    note("compensation.reject", [(one, before, after) for one in gone], at=at, by=by.because(why.strip()))
    return claim


def _decided(claim: Claim, *, at: datetime, by: Actor, why: str = "") -> None:
    claim.decided_by, claim.decided_user_id, claim.decided_at = by.name[:80], by.user_id, at
    claim.decided_why = why.strip()[:MOST_WHY]
    decision = ["decided_by", "decided_user_id", "decided_at", "decided_why"]
    claim.save(update_fields=["status", "revision", *decision, "letter_due"])
