"""What can be wrong with a report that is wanted."""

from mainstay.domain.errors import NotFound, Refused


class BadReport(Refused):
    """A report, or a run of them, that cannot be made as wanted."""


class NoSuchSubject(NotFound):
    """No customer or contract the actor may see has this id."""


"""A report is always about one of the two."""
