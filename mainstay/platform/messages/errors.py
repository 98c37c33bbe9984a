"""What can be wrong with addresses, senders and deliveries."""

from mainstay.domain.errors import NotFound, Refused


class BadAddress(Refused):
    """An address that no message can be sent to."""


class BadSender(Refused):
    """A sender that cannot work as it was given."""


class BadQuietHours(Refused):
    """Hours of rest that cannot be kept."""


class NoSuchSender(NotFound):
    """No sender has this id."""


class NoSuchDelivery(NotFound):
    """No delivery the actor may see has this id."""


class DeliveryOver(Refused):
    """A delivery that is over, or under way, and cannot be changed."""
