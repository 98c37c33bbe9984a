"""What can be wrong with a job."""

from mainstay.domain.errors import NotFound, Refused


class BadJob(Refused):
    """A job that cannot be asked for, cancelled or repeated as wanted."""


class NoSuchJob(NotFound):
    """No job the actor may see has this number, or no kind has this name."""
