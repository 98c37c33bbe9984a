"""What can be wrong with consulting."""

from mainstay.domain.errors import NotAllowed, NotFound, Refused


class BadConsultation(Refused):
    """A question, an answer or a rule that cannot be taken as it was given."""


class NotGranted(NotAllowed):
    """Somebody must approve before this is read."""


class NoSuchConsultation(NotFound):
    """There is none that the actor may see."""
