"""Read announcements: of a work, of a customer, what waits; and how they would read before anything goes out."""

from mainstay.service.announcements.queries.previews import Preview, preview
from mainstay.service.announcements.queries.rows import (
    announcement,
    circuits_of,
    of_work,
    own,
    silent,
    tellings_of,
    unannounced,
    visible_announcement,
    visible_to,
    wishes,
)

__all__ = [
    "Preview",
    "announcement",
    "circuits_of",
    "of_work",
    "own",
    "preview",
    "silent",
    "tellings_of",
    "unannounced",
    "visible_announcement",
    "visible_to",
    "wishes",
]
