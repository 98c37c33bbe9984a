"""Give what was granted to billing in a file, once; take in what billing says of each row (H8).

A run's file is kept byte for byte: fetched again it is the same, with the same digest. A claim goes into one run; only
what billing refused goes into a later one.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.inventory.models import Circuit
from mainstay.platform.bulk.rows import insert_many
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.service.compensation.billing_file import AnswerRow, FileRow, read_answer, written
from mainstay.service.compensation.choices import BILLABLE, Answer, ClaimKind, ClaimStatus, RunStatus
from mainstay.service.compensation.errors import BadAnswer, WrongStep
from mainstay.service.compensation.finding import Noted, note, step
from mainstay.service.compensation.models import BillingRow, BillingRun, Claim
from mainstay.service.compensation.queries.billing import visible_run
from mainstay.service.compensation.queries.claims import visible_to

MOST_ROWS = 2_000
"""In one file; the next run takes the rest."""
CHUNK = 900


@transaction.atomic
def export(*, at: datetime, by: Actor) -> BillingRun:
    """Give all that was granted and the actor may see to billing, the oldest first. Raises WrongStep when there is
    nothing to give."""
    require(by, Permission.APPROVE)
    rows = visible_to(by).filter(status__in=BILLABLE).select_for_update(of=("self",)).order_by("pk")
    claims = list(rows.select_related("customer", "contract", "circuit", "reverses")[:MOST_ROWS])
    if not claims:
        raise WrongStep(msgid("Nothing was granted that billing does not have yet; approve first."))
    run = BillingRun.objects.create(
        made_at=at, made_by=by.name[:80], user_id=by.user_id, region_code=region_of(by), count=len(claims),
        sum_fen=sum(claim.amount_fen for claim in claims), content="", digest="",
    )  # fmt: skip
    run.content = written(run.number, _file_rows(claims), at=at)
    run.digest = hashlib.sha256(run.content.encode()).hexdigest()
    run.save(update_fields=["content", "digest"])
    insert_many(
        BillingRow, ("run_id", "position", "claim_id", "amount_fen", "answer", "why"),
        [(run.pk, n, claim.pk, claim.amount_fen, "", "") for n, claim in enumerate(claims, start=1)],
    )  # fmt: skip
    _move(claims, ClaimStatus.EXPORTED, run, at=at, by=by)
    _record("billing.export", run, {"count": run.count, "sum_fen": run.sum_fen, "digest": run.digest}, at=at, by=by)
    return run


def region_of(actor: Actor) -> str:
    """Return the region a run of this actor is of: what all regions they see begin with."""
    return "" if actor.sees_everything else _shared(list(actor.regions))


def _shared(codes: list[str]) -> str:
    """Return what all codes begin with."""
    shared = min(codes, default="")
    while not all(code.startswith(shared) for code in codes):
        shared = shared[:-1]
    return shared


def _file_rows(claims: Iterable[Claim]) -> list[FileRow]:
    given = list(claims)
    circuits = {claim.circuit_id for claim in given if claim.circuit_id}
    lines = dict(Circuit.objects.filter(pk__in=circuits).values_list("pk", "contract_line__position"))
    return [
        FileRow(
            claim.number, claim.customer.code, claim.contract.number if claim.contract else "",
            lines.get(claim.circuit_id) if claim.circuit_id else None, claim.circuit.number if claim.circuit else "",
            f"{claim.month:%Y-%m}", claim.kind, claim.amount_fen, claim.reverses.number if claim.reverses else "",
        )
        for claim in given
    ]  # fmt: skip


def _move(claims: list[Claim], to: str, run: BillingRun, *, at: datetime, by: Actor) -> None:
    """Put claims into another state at once."""
    changes: list[Noted] = []
    for claim in claims:
        before = claim.status
        step(claim, to)
        claim.run = run
        changes.append((claim, {"status": before}, {"status": to, "run": run.number}))
    ids = [claim.pk for claim in claims]
    for start in range(0, len(ids), CHUNK):
        rows = Claim.objects.filter(pk__in=ids[start : start + CHUNK])
        rows.update(status=to, run=run, revision=F("revision") + 1)
    note(f"compensation.{to}", changes, at=at, by=by)


@transaction.atomic
def take_answer(text: str, *, at: datetime, by: Actor, run_id: int | None = None) -> BillingRun:
    """Take in billing's answer to a run: what it accepted is credited, what it refused comes back with the reason.

    The same answer again changes nothing. Raises BadAnswer (not whole, of another run, unknown or missing rows, another
    answer after the first), NoSuchRun.
    """
    require(by, Permission.APPROVE)
    run_number, given = read_answer(text)
    run = visible_run(by, run_id or _id_of(run_number), lock=True)
    if run.number != run_number:
        raise BadAnswer(
            msgid("This is the answer to {other}, not to {run}; open that run."), other=run_number, run=run.number
        )
    digest = hashlib.sha256(text.encode()).hexdigest()
    if run.status == RunStatus.ANSWERED:
        if run.answer_digest == digest:
            return run
        raise BadAnswer(msgid("Billing answered {run} already, otherwise; nothing was changed."), run=run.number)
    rows = {row.claim.number: row for row in run.rows.select_related("claim")}
    _must_fit(run, rows, given)
    _answer(run, [(rows[one.number], one) for one in given], at=at, by=by)
    run.status, run.answered_at, run.answered_by, run.answer_digest = RunStatus.ANSWERED, at, by.name[:80], digest
    run.save(update_fields=["status", "answered_at", "answered_by", "answer_digest"])
    refused = sum(one.answer == Answer.REFUSED for one in given)
    _record("billing.answer", run, {"accepted": len(given) - refused, "refused": refused}, at=at, by=by)
    return run


def _id_of(run_number: str) -> int:
    digits = run_number.removeprefix("BR-")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 18 else 0


def _must_fit(run: BillingRun, rows: dict[str, BillingRow], given: list[AnswerRow]) -> None:
    numbers = [one.number for one in given]
    twice = next((number for number in numbers if numbers.count(number) > 1), None) if len(numbers) < 5_000 else None
    unknown = next((number for number in numbers if number not in rows), None)
    missing = next((number for number in rows if number not in set(numbers)), None)
    for wrong, what in ((twice, msgid("is answered twice")), (unknown, msgid("is not in the run")),
                        (missing, msgid("has no answer"))):  # fmt: skip
        if wrong is not None:
            raise BadAnswer(
                msgid("The answer does not fit {run}: {claim} {what}. Nothing was changed; ask billing again."),
                run=run.number, claim=wrong, what=what,
            )  # fmt: skip


def _answer(run: BillingRun, pairs: list[tuple[BillingRow, AnswerRow]], *, at: datetime, by: Actor) -> None:
    for row, one in pairs:
        row.answer, row.why = one.answer, one.why
    accepted = [row.pk for row, one in pairs if one.answer == Answer.ACCEPTED]
    for start in range(0, len(accepted), CHUNK):
        BillingRow.objects.filter(pk__in=accepted[start : start + CHUNK]).update(answer=Answer.ACCEPTED)
    refused = [row for row, one in pairs if one.answer == Answer.REFUSED]
    BillingRow.objects.bulk_update(refused, ["answer", "why"], batch_size=200)
    for answer, to in ((Answer.ACCEPTED, ClaimStatus.CREDITED), (Answer.REFUSED, ClaimStatus.RETURNED)):
        claims = [row.claim for row, one in pairs if one.answer == answer]
        _move([claim for claim in claims if claim.status == ClaimStatus.EXPORTED], to, run, at=at, by=by)
        if answer == Answer.REFUSED:
            _offset([claim for claim in claims if claim.status == ClaimStatus.REVERSED], at=at, by=by)


def _offset(claims: list[Claim], *, at: datetime, by: Actor) -> None:
    """What was taken back meanwhile and billing never credited: its reversal must not go to billing either."""
    ids = [claim.pk for claim in claims]
    waiting = Claim.objects.select_for_update(of=("self",)).filter(
        kind=ClaimKind.REVERSAL, reverses__in=ids, status=ClaimStatus.APPROVED
    )
    for claim in waiting:
        step(claim, ClaimStatus.OFFSET)
        claim.save(update_fields=["status", "revision"])
        note("compensation.offset", [(claim, {"status": ClaimStatus.APPROVED.value}, {"status": claim.status})],
             at=at, by=by)  # fmt: skip


def _record(action: str, run: BillingRun, after: dict[str, object], *, at: datetime, by: Actor) -> None:
    change = Change("billing_run", run.pk, run.number, None, after, region_code=run.region_code)
    journal.record(action, [change], at=at, by=by)
