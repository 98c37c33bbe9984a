"""Read billing runs: who sees the whole region a run is of sees it; a portfolio sees none."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.queries import scope
from mainstay.service.compensation.choices import BILLABLE, Answer, RunStatus
from mainstay.service.compensation.errors import NoSuchRun
from mainstay.service.compensation.models import BillingRun
from mainstay.service.compensation.queries.claims import visible_to as claims_visible_to
from mainstay.service.compensation.wording import yuan


@dataclass(frozen=True)
class RunRow:
    """A billing run as pages show it."""

    id: int
    number: str
    made_at: datetime
    made_by: str
    count: int
    amount: str
    digest: str
    status: str
    status_label: str
    accepted: int
    refused: int
    answered_at: datetime | None
    answered_by: str


@dataclass(frozen=True)
class RowOfRun:
    """One row of a run, and what billing said of it."""

    position: int
    claim_id: int
    claim_number: str
    customer_id: int
    customer_name: str
    circuit_number: str
    amount: str
    answer: str
    answer_label: str
    why: str


def visible_to(actor: Actor) -> QuerySet[BillingRun]:
    """Return the runs the actor may see, without their files, the newest first."""
    rows = BillingRun.objects.filter(scope(actor, customer="")) if actor.is_staff else BillingRun.objects.none()
    return rows.defer("content").order_by("-pk")


def visible_run(actor: Actor, run_id: int, *, lock: bool = False) -> BillingRun:
    """Return one run. Raises NoSuchRun, also when it may not be seen."""
    rows = visible_to(actor).select_for_update() if lock else visible_to(actor)
    found = rows.filter(pk=run_id).first()
    if found is None:
        raise NoSuchRun(msgid("There is no billing run {id} that you may see; look in the list."), id=run_id)
    return found


def run_rows(actor: Actor) -> QuerySet[BillingRun]:
    """Return runs with how many of their rows billing accepted and refused."""
    return visible_to(actor).annotate(
        accepted=Count("rows", filter=Q(rows__answer=Answer.ACCEPTED)),
        refused=Count("rows", filter=Q(rows__answer=Answer.REFUSED)),
    )


def run_row(run: BillingRun) -> RunRow:
    """Return a run as pages show it; it comes from `run_rows`."""
    return RunRow(
        run.pk, run.number, run.made_at, run.made_by, run.count, yuan(run.sum_fen), run.digest, run.status,
        str(RunStatus(run.status).label), getattr(run, "accepted", 0), getattr(run, "refused", 0), run.answered_at,
        run.answered_by,
    )  # fmt: skip


def run_page(actor: Actor, run_id: int) -> tuple[RunRow, list[RowOfRun]]:
    """Return a run with its rows in order (3 queries). Raises NoSuchRun."""
    visible_run(actor, run_id)
    run = run_rows(actor).get(pk=run_id)
    rows = run.rows.select_related("claim__customer", "claim__circuit")
    return run_row(run), [
        RowOfRun(
            row.position, row.claim_id, row.claim.number, row.claim.customer_id, row.claim.customer.name,
            row.claim.circuit.number if row.claim.circuit else "", yuan(row.amount_fen), row.answer,
            str(row.get_answer_display()), row.why,
        )
        for row in rows
    ]  # fmt: skip


def file_of(actor: Actor, run_id: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a run's file, the same every time. Raises NoSuchRun."""
    run = visible_run(actor, run_id)
    content = BillingRun.objects.values_list("content", flat=True).get(pk=run.pk)
    return f"{run.number}.csv", content.encode()


def waiting(actor: Actor) -> tuple[int, str]:
    """Return how much would go into the next run: how many, and their sum in words (1 query)."""
    found = claims_visible_to(actor).filter(status__in=BILLABLE).aggregate(n=Count("pk"), sum=Sum("amount_fen"))
    return found["n"], yuan(found["sum"] or 0)
