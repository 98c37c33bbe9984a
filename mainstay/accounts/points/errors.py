"""What can be wrong with points, rules and gifts."""

from mainstay.domain.errors import NotFound, Refused


class KeyReused(Refused):
    """A key that names another operation already."""


class ReversedAlready(Refused):
    """A transfer that was reversed, or is a reversal itself."""


class BadRules(Refused):
    """Rules that cannot be kept as they were given."""


class BadGift(Refused):
    """A gift that cannot be kept or asked for as it was given."""


class WrongStep(Refused):
    """What the state of a gift asked for does not allow."""


class SecondPersonNeeded(Refused):
    """Who asked may not approve."""


class NoSuchTransfer(NotFound):
    """No transfer the actor may see has this id."""


class NoSuchGift(NotFound):
    """No gift has this id."""


class NoSuchOrder(NotFound):
    """No gift asked for that the actor may see has this id."""
