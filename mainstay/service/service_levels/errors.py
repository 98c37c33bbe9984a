"""What can be wrong with a request about service levels."""

from mainstay.domain.errors import NotAllowed, NotFound, Refused


class NoSuchResult(NotFound):
    """No result of this circuit, customer or contract for the month, or not for this actor."""


class NoSuchProposal(NotFound):
    """No such proposal, or not for this actor."""


class WrongMonth(Refused):
    """The month is in a state in which this cannot be done."""


class WrongProposal(Refused):
    """A proposal that changes nothing, or cannot be."""


class SecondPersonNeeded(NotAllowed):
    """Nobody approves what they proposed themselves."""
