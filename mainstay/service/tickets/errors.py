"""What can be wrong with a request about a ticket."""

from mainstay.domain.errors import NotAllowed, NotFound, Refused


class TicketNotFound(NotFound):
    """There is no such ticket, or not for this actor."""


class TicketMoved(Refused):
    """Somebody else changed the ticket since the form was read."""


class WrongState(Refused):
    """The ticket is in a state in which this cannot be done."""


class WrongValue(Refused):
    """A value given is impossible."""


class SecondPersonNeeded(NotAllowed):
    """Nobody approves what they asked for themselves."""
