"""Service levels that can be posted: a month is closed, another responsibility proposed, approved, refused."""

from datetime import UTC, date, datetime

from django.utils import timezone

from mainstay.service.service_levels import actions
from mainstay.service.service_levels.models import Proposal
from mainstay.service.service_levels.months import month_of, previous
from tests.access.post import Post
from tests.access.stage import WORKER, Stage


def none_waits(stage: Stage) -> None:
    """Let no proposal wait for the bank's ticket."""
    Proposal.objects.all().delete()


def told(day: date) -> str:
    """Return a month as addresses name it."""
    return f"{datetime(day.year, day.month, 1, tzinfo=UTC):%Y-%m}"


def reckon(stage: Stage) -> None:
    """Reckon this month, close the last one, and have the officer propose that the bank is responsible."""
    at = timezone.now()
    month = month_of(at)
    actions.bring_up_to(at, WORKER)
    actions.close_month(previous(month), at, WORKER)
    asked = actions.propose_responsibility(
        stage.ids["ticket"], "customer", "汉江银行 WH-HS-E1-0001 机房停电", at, stage.actor("li.qiang")
    )
    stage.ids |= {
        "month": told(month), "last_month": told(previous(month)), "older_month": told(previous(previous(month))),
        "proposal": asked.pk,
    }  # fmt: skip


def _decide(verb: str, why: str) -> Post:
    return Post("web:level-decide", "zhao.lei", "responsibility.decide", {"why": why}, {"pk": "proposal", "verb": verb})


LEVEL_POSTS: tuple[Post, ...] = (
    Post("web:levels-close", "admin", "month.close", {}, {"month": "older_month"}),
    Post(
        "web:level-propose", "li.qiang", "responsibility.propose",
        {"responsibility": "customer", "extent": "ticket", "why": "机房停电"},
        {"month": "month", "pk": "circuit"}, query="?ticket={ticket}", before=none_waits,
    ),
    _decide("approve", "同意"),
    _decide("refuse", "证据不足"),
)  # fmt: skip
