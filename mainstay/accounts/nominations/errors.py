"""What can be wrong with figures of accounts, filters and nominations."""

from mainstay.domain.errors import NotFound, Refused


class BadFigure(Refused):
    """A figure of an account that cannot be kept as it was given."""


class BadFilter(Refused):
    """A filter, a rule for waves or a run of a filter that is not possible."""


class BadNomination(Refused):
    """A nomination that cannot be made, decided or ended so."""


class NoSuchFilter(NotFound):
    """No filter, or run of one, has this id."""


class NoSuchNomination(NotFound):
    """No nomination that the actor may see has this id."""
