"""What can be wrong with scheme models and schemes."""

from mainstay.domain.errors import NotFound, Refused


class BadScheme(Refused):
    """A scheme model, or a scheme for a customer, that cannot be kept as it was given."""


class NoSuchScheme(NotFound):
    """No scheme model, or no scheme that the actor may see, has this id."""
