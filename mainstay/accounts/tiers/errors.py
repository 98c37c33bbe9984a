"""What can be wrong with tier rules and grades."""

from mainstay.domain.errors import NotAllowed, NotFound, Refused


class BadRules(Refused):
    """A table, an approval or a name that cannot be taken as it was given."""


class RulesMoved(Refused):
    """Somebody else changed the draft meanwhile."""


class NoSuchRules(NotFound):
    """No rule set, version or run of this name."""


class NotYours(NotAllowed):
    """The approval belongs to another person or another level."""
