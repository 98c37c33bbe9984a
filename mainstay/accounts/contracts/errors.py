"""What can be wrong with contracts."""

from mainstay.domain.errors import NotFound, Refused


class BadContract(Refused):
    """A contract, line or special term that cannot be kept as it was given."""


class ChangedMeanwhile(BadContract):
    """Somebody else changed the contract since it was read; nothing was overwritten."""


class BadAttachment(Refused):
    """A file that cannot be kept."""


class NoSuchContract(NotFound):
    """No contract the actor may see has this id."""


class NoSuchVersion(NotFound):
    """The contract has no version of this number."""


class NoSuchAttachment(NotFound):
    """No attachment the actor may see has this id."""


class NoSuchSpecialTerm(NotFound):
    """No special term the actor may see has this id."""
