"""Runs of reports as jobs: made part by part by processes of their own, kept in short transactions, told if wanted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.platform.documents.actions.storing import store
from mainstay.platform.documents.rendering import presses
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind
from mainstay.service.reports.choices import Subject
from mainstay.service.reports.making import Asked, Outcome, make
from mainstay.service.reports.scoping import contract_labels, customer_labels
from mainstay.service.reports.sending import send_documents

AT_ONCE = 100
"""Customers in one part: their facts are read together."""


def _make(
    subject: str, ids: Sequence[int], arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> Mapping[int, object]:
    with presses() as pool:
        return make(subject, ids, Asked.read(arguments), pool, job_id=job_id, at=at, by=by)


@transaction.atomic
def _keep(
    object_id: int, made: Outcome, arguments: Mapping[str, Any], *, job_id: int, at: datetime, by: Actor
) -> object:
    """Keep what was made for one customer or contract; with `send`, tell of it, and of drafts that were there."""
    asked = Asked.read(arguments)
    rows = store(made.made, at=at, by=by)
    if asked.send:
        send_documents(rows, audience=asked.audience, channels=asked.channels, at=at, by=by)
    return rows


KINDS = (
    Kind(
        Subject.CUSTOMERS.value, Subject.CUSTOMERS.label, "customer", Permission.MAKE_REPORTS, customer_labels,
        make=partial(_make, Subject.CUSTOMERS.value), keep=_keep, most=AT_ONCE,
    ),
    Kind(
        Subject.CONTRACTS.value, Subject.CONTRACTS.label, "contract", Permission.MAKE_REPORTS, contract_labels,
        make=partial(_make, Subject.CONTRACTS.value), keep=_keep, most=AT_ONCE,
    ),
)  # fmt: skip
