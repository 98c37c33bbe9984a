"""What can be wrong with contracts."""

from mainstay.domain.errors import NotFound, Refused


class BadContract(Refused):
    """A contract, line or special term that cannot be kept as it was given."""


class NoSuchContract(NotFound):
    """No contract the actor may see has this id."""


class NoSuchSpecialTerm(NotFound):
    """No special term the actor may see has this id."""
