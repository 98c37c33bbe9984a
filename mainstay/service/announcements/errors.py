"""What can be wrong with announcements."""

from mainstay.domain.errors import NotFound, Refused


class BadAnswer(Refused):
    """An answer that is none, or comes when nothing is asked any more."""


class NoSuchAnnouncement(NotFound):
    """No announcement the actor may see has this id."""
