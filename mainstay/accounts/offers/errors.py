"""What can be wrong with offers and what was granted."""

from mainstay.domain.errors import NotFound, Refused


class BadOffer(Refused):
    """An offer that cannot be kept as it was given."""


class NotEligible(Refused):
    """A customer who does not fulfil the offer's condition."""


class WrongStep(Refused):
    """What the state of the offer or grant does not allow."""


class SecondPersonNeeded(Refused):
    """Who proposed may not approve."""


class NoSuchOffer(NotFound):
    """No offer has this id."""


class NoSuchGrant(NotFound):
    """No grant the actor may see has this id."""
