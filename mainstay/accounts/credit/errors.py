"""What can be wrong with credit rules, and with credit set by hand."""

from mainstay.domain.errors import NotFound, Refused


class BadCredit(Refused):
    """Rules or a score that cannot be kept as they were given."""


class NoSuchEdition(NotFound):
    """No edition of the rules has this id."""
