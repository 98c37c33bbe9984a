"""What can be wrong with customers and their people."""

from mainstay.domain.errors import NotFound, Refused


class BadCustomer(Refused):
    """A customer or contact that cannot be kept as it was given."""


class CustomerMoved(BadCustomer):
    """Somebody else changed the customer since it was read."""


class NoSuchCustomer(NotFound):
    """No customer the actor may see has this id."""


class NoSuchContact(NotFound):
    """No contact the actor may see has this id."""


class NoSuchSite(NotFound):
    """No site the actor may see has this id."""


class NoSuchAgent(NotFound):
    """No agent or reseller has this id."""


class NoSuchSuggestion(NotFound):
    """No suggestion the actor may see has this id."""


class NoSuchSource(NotFound):
    """No system that keeps customers has this code, or it is not the caller's."""


class NoSuchDifference(NotFound):
    """No difference the actor may see has this id."""


class NothingDeleted(Refused):
    """Somebody tried to delete what is kept for good."""
