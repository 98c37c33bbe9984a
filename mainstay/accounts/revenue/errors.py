"""What can be wrong with what billing says."""

from mainstay.domain.errors import NotFound, Refused


class BadRevenue(Refused):
    """A bill, payment, usage or control total that cannot be kept as it was given."""


class NoSuchBill(NotFound):
    """No bill the actor may see has this id."""


class NoSuchRevenue(NotFound):
    """No difference or month of reconciliation the actor may see has this id."""
