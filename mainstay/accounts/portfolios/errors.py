"""What can be wrong with portfolios."""

from mainstay.domain.errors import NotFound, Refused


class BadPortfolio(Refused):
    """A claim, hand-over, rule or note that cannot be kept as it was given."""


class AlreadyOwned(BadPortfolio):
    """Somebody else was faster: the customer has an account manager."""


class NoSuchHandover(NotFound):
    """No hand-over the actor may see has this id."""


class NoSuchNote(NotFound):
    """No contact note the actor may see has this id."""
