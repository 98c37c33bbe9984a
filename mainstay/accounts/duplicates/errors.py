"""What can be wrong with duplicates and merging."""

from mainstay.domain.errors import NotFound, Refused


class BadMerge(Refused):
    """Two customers that cannot be merged so, or a merge that cannot be carried out or undone now."""


class NoSuchPair(NotFound):
    """No suspected pair the actor may see has this id."""


class NoSuchMerge(NotFound):
    """No merge the actor may see has this id."""
