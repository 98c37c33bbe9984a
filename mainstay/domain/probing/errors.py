"""What can be wrong with a packet of a probe."""

from mainstay.domain.errors import Refused


class BadPacket(Refused):
    """Bytes that are no packet of the kind they were taken for."""
