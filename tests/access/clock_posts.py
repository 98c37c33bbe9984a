"""What can be posted about departments and re-judgings."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mainstay.service.tickets.actions import rejudging
from mainstay.service.tickets.models import Rejudging
from tests.access.post import Data, Post, nothing
from tests.access.stage import Stage


def _local(hours: float) -> str:
    return f"{timezone.localtime() + timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def _earlier(stage: Stage) -> Data:
    return {
        "kind": "pause",
        "reason": "access_denied",
        "from_at": _local(-0.4),
        "to_at": _local(-0.25),
        "why": "门卫不让进",
    }


def wished(stage: Stage) -> None:
    """Ask for a re-judging that a second person must approve."""
    now = timezone.now()
    begin, end = now - timedelta(minutes=20), now - timedelta(minutes=15)
    wish = rejudging.Wish("pause", "门卫不让进", None, begin, end, "access_denied")
    rejudging.ask_rejudging(stage.ids["ticket"], wish, at=now, by=stage.actor("li.qiang"))


def _wish(stage: Stage) -> Data:
    row = Rejudging.objects.filter(ticket=stage.ids["ticket"]).first()
    return {"rejudging": row.pk if row else 1, "why": "没有证据"}


def _verb(name: str, action: str, send: Any, *, by: str = "li.qiang", before: Any = nothing) -> Post:
    return Post("web:ticket-do", by, action, send, {"pk": "ticket", "verb": name}, before=before)


CLOCKS: tuple[Post, ...] = (
    Post(
        "web:settings-department-new",
        "admin",
        "department.set",
        {"code": "power", "name": "动力专业", "unit": "natural_minutes", "calendar": "24x7", "target_any": "60"},
    ),
    Post(
        "web:settings-department",
        "admin",
        "department.set",
        {"name": "传输", "unit": "natural_minutes", "calendar": "24x7", "target_AAA": "20", "active": "on"},
        {"pk": "department"},
    ),
    _verb("hand", "ticket.hand", lambda s: {"department": s.ids["department"], "why": "CD 光缆"}),
    _verb("enter_earlier", "ticket.rejudge_ask", _earlier),
    _verb("ask_promise", "ticket.rejudge_ask", {"why": "合同已改"}),
    _verb("approve_rejudging", "ticket.rejudge", _wish, by="zhao.lei", before=wished),
    _verb("refuse_rejudging", "ticket.rejudge_refused", _wish, by="zhao.lei", before=wished),
)
