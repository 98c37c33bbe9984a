"""What can be wrong with a target group."""

from mainstay.domain.errors import NotFound, Refused


class NoSuchGroup(NotFound):
    """There is none, or it may not be seen."""


class BadGroup(Refused):
    """It cannot be locked or retired so."""
