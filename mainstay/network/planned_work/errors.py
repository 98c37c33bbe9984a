"""What can be wrong with planned work."""

from mainstay.domain.errors import NotFound, Refused


class BadWork(Refused):
    """Work that cannot be planned, or a step that its state does not allow."""


class NoSuchWork(NotFound):
    """No work the actor may see has this id."""
