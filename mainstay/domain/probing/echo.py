"""ICMP echo, version 4 and 6 (RFC 792, RFC 4443): header of type, code, checksum, identifier, sequence; then a token.

The token of 12 bytes (target, packet) returns as it was sent: kernels rewrite the identifier of unprivileged sockets.
"""

import struct
from dataclasses import dataclass

from mainstay.domain.errors import msgid
from mainstay.domain.probing.errors import BadPacket

REQUEST_V4, REPLY_V4, REQUEST_V6, REPLY_V6 = 8, 0, 128, 129
_HEADER = struct.Struct("!BBHHH")
_TOKEN = struct.Struct("!4sII")
_MARK = b"MSTY"
PADDING = 32
"""Bytes behind the token, so that the packet is as long as an ordinary ping's."""


@dataclass(frozen=True, slots=True)
class Echo:
    """One echo: which target of the prober's, which packet of the prober's."""

    target: int
    packet: int


def pack_echo(echo: Echo, *, identifier: int = 0, v6: bool = False) -> bytes:
    """Give an echo request with a checksum (version 6: the kernel fills it in, as it covers addresses)."""
    body = _TOKEN.pack(_MARK, echo.target, echo.packet & 0xFFFF_FFFF) + bytes(PADDING)
    kind, sequence = REQUEST_V6 if v6 else REQUEST_V4, echo.packet & 0xFFFF
    head = _HEADER.pack(kind, 0, 0, identifier, sequence)
    check = 0 if v6 else checksum(head + body)
    return _HEADER.pack(kind, 0, check, identifier, sequence) + body


def unpack_reply(packet: bytes, *, raw: bool = False) -> Echo:
    """Read an echo reply of ours; `raw`: an IPv4 header comes first. Raises BadPacket for anything else."""
    message = packet[(packet[0] & 0x0F) * 4 :] if raw and packet and packet[0] >> 4 == 4 else packet
    if len(message) < _HEADER.size + _TOKEN.size or message[0] not in (REPLY_V4, REPLY_V6):
        raise BadPacket(msgid("This is no echo reply; nothing was read of it."))
    mark, target, number = _TOKEN.unpack_from(message, _HEADER.size)
    if mark != _MARK:
        raise BadPacket(msgid("This echo reply answers another program; nothing was read of it."))
    return Echo(target, number)


def checksum(message: bytes) -> int:
    """Give the Internet checksum (RFC 1071): over a message that holds its own checksum it is 0."""
    even = message + b"\0" * (len(message) % 2)
    total: int = sum(struct.unpack(f"!{len(even) // 2}H", even))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
