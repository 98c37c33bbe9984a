"""What can be wrong with sources, runs and decisions."""

from mainstay.domain.errors import NotFound, Refused


class BadSource(Refused):
    """A source that cannot be kept as given."""


class BadRun(Refused):
    """A run that cannot be begun, released or read."""


class BadRow(Refused):
    """A row of an export that cannot be compared."""


class BadDecision(Refused):
    """A decision that does not fit its difference."""


class NoSuchSource(NotFound):
    """No source the actor may see has this name or id."""


class NoSuchRun(NotFound):
    """No run the actor may see has this id."""


class NoSuchDifference(NotFound):
    """No difference the actor may see has this id."""
