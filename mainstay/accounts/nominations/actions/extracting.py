"""Run a filter: part by part over the customers with accounts, dry or for good; nominate who passes (B6).

A run is a job of `platform.jobs`, its objects the parts: measuring takes place outside of any transaction, keeping a
part is a short one, progress is the job's. A run covers what its asker may see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.customers.models import Customer
from mainstay.accounts.nominations.actions.filters import PURPOSE, rules_of, set_timer
from mainstay.accounts.nominations.choices import Source, Status, Verdict
from mainstay.accounts.nominations.errors import BadFilter, NoSuchFilter
from mainstay.accounts.nominations.events import CustomersNamed
from mainstay.accounts.nominations.measuring import Rules, measure
from mainstay.accounts.nominations.models import (
    Account,
    Candidate,
    Extraction,
    ExtractionPart,
    Nomination,
    VipFilter,
)
from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.documents.actions.scheduling import next_day
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import actor_of, scope, user_by_id
from mainstay.platform.jobs import actions as jobs
from mainstay.platform.jobs.registry import Kind
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.timers import actions as timers
from mainstay.platform.timers.models import Timer

STEP = 5_000
"""Customer ids in one part."""
JOB = "nominations.extract"


@dataclass(frozen=True)
class Passed:
    """A customer who passes, with score and figures."""

    customer_id: int
    score: int
    figures: list[dict[str, Any]]


@dataclass(frozen=True)
class PartFound:
    """What a part of a run found: who passes, and how many were looked at."""

    passed: tuple[Passed, ...]
    customers: int
    accounts: int


@transaction.atomic
def ask_for_run(filter_id: int, *, on: date, dry: bool, at: datetime, by: Actor) -> Extraction:
    """Ask for a run of a filter over the figures up to a day; the next free worker does it.

    Raises NoSuchFilter; BadFilter where it is out of use, nobody has accounts, or it runs already.
    """
    require(by, Permission.NAME_VIPS)
    row = VipFilter.objects.select_for_update().filter(pk=filter_id).first()
    if row is None:
        raise NoSuchFilter(msgid("There is no filter {id}; choose one of the list."), id=filter_id)
    if not row.active:
        raise BadFilter(msgid("Filter “{name}” is out of use; put it in use first."), name=row.name)
    if not dry and row.runs.filter(ended_at__isnull=True, dry=False, asked_at__date=at.date()).exists():
        raise BadFilter(msgid("Filter “{name}” runs already; wait for it, or cancel its job."), name=row.name)
    parts = parts_there()
    if not parts:
        raise BadFilter(msgid("No figures of accounts were delivered yet; import them first."))
    run = Extraction.objects.create(
        vip_filter=row, version=row.version, rules=rules_of(row).as_json(), on=on, dry=dry, parts=len(parts),
        user_id=by.user_id, asked_by=by.name[:80], asked_at=at,
    )  # fmt: skip
    job = jobs.ask(JOB, parts, {"run": run.pk}, at=at, by=by, title=f"{row.name} · {on}")
    run.job_id = job.pk
    run.save(update_fields=["job_id"])
    change = Change("vip_filter", row.pk, row.name, None, {"on": on, "dry": dry, "version": row.version})
    journal.record("vip_filter.run", [change], at=at, by=by)
    return run


def parts_there() -> list[int]:
    """Return the numbers of the parts in which customers with accounts are (1 query)."""
    ends = Account.objects.aggregate(first=Min("customer_id"), last=Max("customer_id"))
    if ends["first"] is None:
        return []
    return list(range(ends["first"] // STEP + 1, ends["last"] // STEP + 2))


def find(rules: Rules, on: date, part: int, *, by: Actor) -> PartFound:
    """Measure the customers of one part, within what the actor may see, and return who passes."""
    first, last = (part - 1) * STEP, part * STEP
    inside = Q(customer__gte=first, customer__lt=last)
    inside_months = Q(account__customer__gte=first, account__customer__lt=last)
    if not by.sees_everything:
        inside &= scope(by, customer="customer_id", region="customer__region__code")
        inside_months &= scope(by, customer="account__customer_id", region="account__customer__region__code")
    found = measure(rules, on, inside, inside_months)
    passed = tuple(
        Passed(int(found.customers[place]), int(found.scores[place]), found.figures(place, rules))
        for place in np.flatnonzero(found.passes).tolist()
    )
    return PartFound(passed, len(found.customers), found.accounts)


@transaction.atomic
def keep_part(run_id: int, part: int, found: PartFound, *, at: datetime, by: Actor) -> ExtractionPart:
    """Keep what a part found: candidates; and where the run is for good, nominations begin, go on or end.

    Keeping a part again changes nothing.
    """
    run = Extraction.objects.select_for_update().select_related("vip_filter").get(pk=run_id)
    if kept := ExtractionPart.objects.filter(run=run, part=part).first():
        return kept
    standing = _standing(run, part, by=by)
    passed = {each.customer_id: each for each in found.passed}
    new = [each for each in found.passed if each.customer_id not in standing]
    lost = [row for customer_id, row in standing.items() if customer_id not in passed]
    stays = [(standing[pk], each) for pk, each in passed.items() if pk in standing]
    insert_many(
        Candidate, ("run_id", "customer_id", "verdict", "score", "figures"),
        [(run.pk, e.customer_id, Verdict.NEW.value, e.score, e.figures) for e in new]
        + [(run.pk, row.customer_id, Verdict.LOST.value, row.score, row.figures) for row in lost],
    )  # fmt: skip
    if not run.dry:
        _nominate(run, new, stays, lost, at=at, by=by)
    row = ExtractionPart.objects.create(
        run=run, part=part, customers=found.customers, accounts=found.accounts, new=len(new), stays=len(stays),
        lost=len(lost),
    )  # fmt: skip
    if ExtractionPart.objects.filter(run=run).count() >= run.parts:
        Extraction.objects.filter(pk=run.pk).update(ended_at=at)
    return row


def _standing(run: Extraction, part: int, *, by: Actor) -> dict[int, Nomination]:
    first, last = (part - 1) * STEP, part * STEP
    rows = Nomination.objects.filter(vip_filter=run.vip_filter_id, status=Status.NAMED)
    rows = rows.filter(customer__gte=first, customer__lt=last)
    seen = scope(by, customer="customer_id", region="customer__region__code")
    return {row.customer_id: row for row in rows.filter(seen)}


def _nominate(
    run: Extraction, new: Sequence[Passed], stays: Sequence[tuple[Nomination, Passed]], lost: Sequence[Nomination], *,
    at: datetime, by: Actor,
) -> None:  # fmt: skip
    insert_many(
        Nomination,
        ("customer_id", "source", "status", "vip_filter_id", "score", "figures", "seen_on", "from_on", "made_at",
         "made_by", "made_by_id"),
        [
            (each.customer_id, Source.EXTRACTED.value, Status.NAMED.value, run.vip_filter_id, each.score, each.figures,
             run.on, run.on, at, by.name[:80], by.user_id)
            for each in new
        ],
    )  # fmt: skip
    update_many(Nomination, ("score", "figures", "seen_on"),
                [(each.score, each.figures, run.on, row.pk) for row, each in stays])  # fmt: skip
    update_many(Nomination, ("status", "until_on", "decided_at", "decided_by"),
                [(Status.ENDED.value, max(run.on, row.from_on), at, by.name[:80], row.pk) for row in lost])  # fmt: skip
    touched = [each.customer_id for each in new] + [row.customer_id for row in lost]
    if touched:
        places = dict(Customer.objects.filter(pk__in=touched).values_list("pk", "region_id"))
        changes = [
            Change("nomination", pk, run.vip_filter.name, None, {"named": pk in {e.customer_id for e in new}}, pk,
                   places[pk])
            for pk in touched
        ]  # fmt: skip
        journal.record("nomination.extract", changes, at=at, by=by)
        journal.announce(CustomersNamed(tuple(sorted(touched))), by=by)


def make(
    ids: Sequence[int], arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> Mapping[int, object]:
    """Measure the parts of a run, for the job."""
    run = Extraction.objects.get(pk=arguments["run"])
    rules = Rules.read(run.rules)
    return {part: find(rules, run.on, part, by=by) for part in ids}


def keep(object_id: int, made: Any, arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor) -> object:
    """Keep a part of a run, for the job."""
    return keep_part(arguments["run"], object_id, made, at=at, by=by)


def labels(_by: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Name parts of the customers."""
    return {part: f"{(part - 1) * STEP + 1}–{part * STEP}" for part in ids}


KIND = Kind(JOB, _("Run of a VIP filter"), "vip_part", Permission.NAME_VIPS, labels, make=make, keep=keep, most=1)


def begin_due(due: list[Timer], at: datetime, by: Actor) -> None:
    """Begin the filters whose timers are due, in the name of who wrote them; what cannot begin says why and goes on."""
    for row in VipFilter.objects.select_for_update().filter(pk__in=[timer.owner_id for timer in due], active=True):
        if row.day is None:
            continue
        row.last_problem, row.next_at = "", next_day(row.day, row.hour, after=at)
        try:
            with transaction.atomic():
                user = user_by_id(row.owner_id) if row.owner_id is not None else None
                if user is None or not user.is_active:
                    raise BadFilter(msgid("Who wrote filter “{name}” may no longer sign in; save it anew."),
                                    name=row.name)  # fmt: skip
                owner = actor_of(user).because(f"filter {row.pk}")
                ask_for_run(row.pk, on=timezone.localdate(at), dry=False, at=at, by=owner)
        except MainstayError as error:
            row.last_problem = str(error)[:400]
        row.save(update_fields=["last_problem", "next_at"])
        set_timer(row, at=at)


def register() -> None:
    """Tell the timers what a due filter does."""
    timers.register(PURPOSE, begin_due)
