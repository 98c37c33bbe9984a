"""What can be wrong with packages."""

from mainstay.domain.errors import NotFound, Refused


class BadPackage(Refused):
    """A package or a version of it that cannot be kept as it was given."""


class NoSuchPackage(NotFound):
    """No package, or no version of one, has this id or code."""
