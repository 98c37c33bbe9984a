"""Keep, send and correct documents; make them on schedule. The verbs that other rooms use stand here."""

from mainstay.platform.documents.actions.scheduling import NewSchedule, save_schedule, stop_schedule
from mainstay.platform.documents.actions.storing import Made, mark_sent, store

__all__ = ["Made", "NewSchedule", "mark_sent", "save_schedule", "stop_schedule", "store"]
