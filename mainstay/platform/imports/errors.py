"""What can be wrong with a file, its columns and its cells."""

from mainstay.domain.errors import NotFound, Refused


class BadFile(Refused):
    """A file that cannot be read as a table."""


class BadCell(Refused):
    """A cell that does not hold what its column takes, or a row without one that it needs."""


class BadImport(Refused):
    """An import that cannot go on as asked."""


class NoSuchImport(NotFound):
    """No import the actor may see has this number, or no kind has this name."""
