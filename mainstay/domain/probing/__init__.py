"""How is a line sampled: which packets go out, what do those that return say of delay, variation and loss (G5)?

Packets in, figures out; sockets and clocks are the prober's. Delays in microseconds, loss in parts per million.
"""

from mainstay.domain.probing.errors import BadPacket
from mainstay.domain.probing.measuring import Answer, Figures, figures
from mainstay.domain.probing.stamp import (
    Reflected,
    Request,
    pack_reflected,
    pack_request,
    unpack_reflected,
    unpack_request,
)

__all__ = [
    "Answer",
    "BadPacket",
    "Figures",
    "Reflected",
    "Request",
    "figures",
    "pack_reflected",
    "pack_request",
    "unpack_reflected",
    "unpack_request",
]
