"""What can be wrong with a saved view."""

from mainstay.domain.errors import NotAllowed, NotFound, Refused


class BadView(Refused):
    """A view that cannot be kept as wanted."""


class NoSuchView(NotFound):
    """No view the actor may use has this number."""


class NotYourView(NotAllowed):
    """A view that others may use and only its owner may change."""
