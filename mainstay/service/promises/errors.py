"""What can be wrong with promises of single circuits."""

from mainstay.domain.errors import NotFound, Refused


class BadPromise(Refused):
    """A circuit's own term that cannot be kept as it was given."""


class NoSuchCircuitTerm(NotFound):
    """No term of a circuit the actor may see has this id."""


class NoSuchUse(NotFound):
    """No applied package the actor may see has this id."""


class NoSuchCircuits(NotFound):
    """None of the circuits asked for is there, or may be seen."""
