"""What can be wrong with planned work."""

from mainstay.domain.errors import NotFound, Refused


class BadWork(Refused):
    """Work that cannot be planned, or a step that its state does not allow."""


class Frozen(Refused):
    """Work in a period in which it is refused, or needs a mandate that was not given."""


class BadRule(Refused):
    """A rule of the freeze that makes no sense."""


class BadNote(Refused):
    """A maintenance note that cannot be read, or names nothing that is known here."""


class BadFeed(Refused):
    """A calendar that cannot be made."""


class NoSuchWork(NotFound):
    """No work the actor may see has this id."""


class NoSuchRule(NotFound):
    """No freeze rule has this id."""


class NoSuchFeed(NotFound):
    """No calendar of the actor's has this id, or nothing is behind this address any more."""
