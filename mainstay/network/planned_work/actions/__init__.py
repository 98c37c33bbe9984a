"""Plan, approve, announce, move, finish and call off work; `freezing`, `feeds`, `suppliers`, `notes` stand beside."""

from mainstay.network.planned_work.actions.works import (
    NewWork,
    Wording,
    announce_work,
    approve_work,
    cancel_work,
    finish_work,
    move_work,
    plan_work,
    reword_work,
)

__all__ = [
    "NewWork",
    "Wording",
    "announce_work",
    "approve_work",
    "cancel_work",
    "finish_work",
    "move_work",
    "plan_work",
    "reword_work",
]
