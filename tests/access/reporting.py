"""What is posted about reports with one cause and about hand-overs, and what must be there before."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mainstay.network.alarms.models import Impact
from mainstay.service.tickets.actions import tying
from mainstay.service.tickets.actions.opening import Report, report_fault
from mainstay.service.tickets.choices import TicketStatus
from mainstay.service.tickets.models import Ticket
from tests.access.stage import Stage


def reported(stage: Stage) -> None:
    """Let the bank report a fault that no alarm tells of."""
    circuit = stage.world.circuit
    Impact.objects.filter(circuit=circuit).update(to_at=timezone.now())
    Ticket.objects.filter(customer=circuit.customer).update(status=TicketStatus.CLOSED)
    at, report = timezone.now() - timedelta(minutes=3), Report("专线不通", "phone", circuit_id=circuit.pk)
    stage.ids["reported"] = report_fault(report, at=at, by=stage.actor("li.qiang")).ticket.pk


def tied(stage: Stage) -> None:
    """Let such a report be a declared incident."""
    reported(stage)
    place, at = stage.world.resources["cable-AB"].pk, timezone.now() - timedelta(minutes=2)
    found = tying.declare_and_tie([stage.ids["reported"]], place, at=at, by=stage.actor("admin"))
    stage.ids["declared"] = found.incident.pk


POSTS: list[dict[str, Any]] = [
    {
        "name": "web:reports-tie",
        "by": "li.qiang",
        "action": "incident.tie",
        "send": lambda s: {"tickets": [s.ids["reported"]], "resource": "cable-AB"},
        "before": reported,
    },
    {
        "name": "web:reports-untie",
        "by": "li.qiang",
        "action": "incident.untie",
        "send": lambda s: {"tickets": s.ids["reported"], "why": "别的故障"},
        "before": tied,
    },
    {
        "name": "web:incident-end",
        "by": "li.qiang",
        "action": "incident.end",
        "send": lambda s: {"restored_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}", "proof": "测试正常"},
        "args": {"pk": "declared"},
        "before": tied,
    },
    {
        "name": "web:incident-join",
        "by": "li.qiang",
        "action": "incident.join",
        "send": lambda s: {"into": s.ids["incident"]},
        "args": {"pk": "declared"},
        "before": tied,
    },
    {
        "name": "web:handover-write",
        "by": "li.qiang",
        "action": "handover.sign",
        "send": lambda s: {"desk": s.ids["desk"], "remark:": "汉江银行在抢修", "verb": "sign"},
    },
    {"name": "web:handover-take", "by": "admin", "action": "handover.take", "args": {"pk": "handover"}},
]
