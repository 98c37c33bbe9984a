"""What can be wrong with resources, circuits and routes."""

from mainstay.domain.errors import NotFound, Refused


class BadInventory(Refused):
    """A resource or circuit that cannot stand in the inventory as it was given."""


class BadRoute(BadInventory):
    """A route that does not join up, or runs over something that carries no traffic by itself."""


class UnknownCode(BadInventory):
    """A code or number that names nothing in the inventory."""


class NoSuchCircuit(NotFound):
    """No circuit the actor may see has this id."""


class NoSuchResource(NotFound):
    """No resource the actor may see has this id."""
