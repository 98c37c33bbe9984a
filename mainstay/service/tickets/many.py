"""What can be done to many tickets at once: each by the room's own verb, one by one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.domain.actor import Actor
from mainstay.platform.identity.choices import Permission
from mainstay.platform.jobs.registry import Kind
from mainstay.service.tickets.actions import regrading, rejudging_many, settling, working
from mainstay.service.tickets.queries.lists import visible_to


def labels(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return the numbers of those tickets the actor may see (1 query)."""
    return {ticket.pk: ticket.number for ticket in visible_to(actor).filter(pk__in=list(ids)).only("pk")}


def _assign(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return working.assign(object_id, int(arguments["user"]), at=at, by=by)


def _claim(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return working.claim(object_id, at=at, by=by)


def _note(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    shown = bool(arguments.get("for_customer"))
    return working.note(object_id, arguments["text"], at=at, by=by, for_customer=shown)


def _cause(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    side, cause = arguments["responsibility"], arguments["cause_code"]
    return settling.decide_responsibility(object_id, side, arguments["why"], cause_code=cause, at=at, by=by)


def _close(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return settling.close(object_id, at=at, by=by, text=arguments["text"])


def _promise(object_id: int, arguments: Mapping[str, Any], *, at: datetime, by: Actor) -> object:
    return regrading.change_promise(object_id, arguments["why"], at=at, by=by)


_WORK = Permission.WORK_TICKETS
KINDS = (
    Kind("ticket.claim", _("Claim tickets"), "ticket", _WORK, labels, _claim),
    Kind("ticket.assign", _("Assign tickets"), "ticket", _WORK, labels, _assign),
    Kind("ticket.note", _("Write a note on tickets"), "ticket", _WORK, labels, _note),
    Kind("ticket.cause", _("Set cause and responsibility"), "ticket", _WORK, labels, _cause),
    Kind(
        "ticket.promise", _("Take the promises and hours that hold now"), "ticket", Permission.APPROVE, labels, _promise
    ),
    Kind(
        "ticket.rejudge",
        _("Judge clocks anew"),
        "ticket",
        Permission.APPROVE,
        labels,
        act_on_many=rejudging_many.rejudge_part,
        most=500,
    ),
    Kind("ticket.close", _("Close resolved tickets"), "ticket", _WORK, labels, _close, danger=True),
)
