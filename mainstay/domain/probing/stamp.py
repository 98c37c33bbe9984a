"""STAMP in unauthenticated mode, byte by byte (RFC 8762, sections 4.2.1 and 4.3.1; session id of RFC 8972, section 3).

Session-Sender test packet, 44 bytes: 0 sequence number (4) · 4 timestamp (8) · 12 error estimate (2) · 14 session id
(2; must be zero in RFC 8762) · 16 must be zero (28). Session-Reflector test packet, 44 bytes: 0 sequence number (4) ·
4 timestamp (8) · 12 error estimate (2) · 14 session id (2) · 16 receive timestamp (8) · 24 the sender's sequence
number (4) · 28 its timestamp (8) · 36 its error estimate (2) · 38 must be zero (2) · 40 its TTL (1) · 41 must be zero
(3). All in network byte order; timestamps as NTP's 64 bits.
"""

import struct
from dataclasses import dataclass

from mainstay.domain.errors import msgid
from mainstay.domain.probing.errors import BadPacket

PORT = 862
LENGTH = 44
SYNCHRONISED = 0x8000
"""Bit S of the error estimate (RFC 4656, section 4.1.2): the clock follows an external source."""
PTP = 0x4000
"""Bit Z (RFC 8186): the timestamp is PTP's, which we neither send nor understand."""
_REQUEST = struct.Struct("!IQHH28x")
_REFLECTED = struct.Struct("!IQHHQIQHxxB3x")


def error_estimate(*, synchronised: bool, error_ns: int) -> int:
    """Give the error estimate of a clock: S, Z = 0 (NTP), six bits of scale, eight of a multiplier that is never 0.

    The error is at most multiplier * 2^scale / 2^32 seconds; more than can be said is said as the most.
    """
    units = max(1, -(-(error_ns << 32) // 1_000_000_000))
    scale = max(0, units.bit_length() - 8)
    multiplier = -(-units // (1 << scale))
    if multiplier > 0xFF:
        scale, multiplier = scale + 1, 0x80
    if scale > 0x3F:
        scale, multiplier = 0x3F, 0xFF
    return (SYNCHRONISED if synchronised else 0) | scale << 8 | multiplier


def is_synchronised(estimate: int) -> bool:
    """Say whether a clock claims to follow UTC, in NTP's format, with an estimate that may be believed."""
    return bool(estimate & SYNCHRONISED) and not estimate & PTP and bool(estimate & 0xFF)


@dataclass(frozen=True, slots=True)
class Request:
    """What a session-sender sends. `timestamp`: 64 bits of NTP."""

    sequence: int
    timestamp: int
    error_estimate: int
    session_id: int = 0


@dataclass(frozen=True, slots=True)
class Reflected:
    """What a session-reflector returns: its own sequence number and instants of receipt and reply, and the request."""

    sequence: int
    timestamp: int
    error_estimate: int
    received: int
    request: Request
    ttl: int = 255


def pack_request(request: Request) -> bytes:
    """Give the 44 bytes of a request."""
    return _REQUEST.pack(
        request.sequence & 0xFFFF_FFFF, request.timestamp, request.error_estimate, request.session_id
    )  # fmt: skip


def unpack_request(packet: bytes) -> Request:
    """Read a request; longer ones (padding, TLVs) are read as far as they are known. Raises BadPacket."""
    _check(packet)
    return Request(*_REQUEST.unpack(packet[:LENGTH]))


def pack_reflected(reflected: Reflected) -> bytes:
    """Give the 44 bytes of a reply."""
    asked = reflected.request
    return _REFLECTED.pack(
        reflected.sequence & 0xFFFF_FFFF, reflected.timestamp, reflected.error_estimate, asked.session_id,
        reflected.received, asked.sequence & 0xFFFF_FFFF, asked.timestamp, asked.error_estimate, reflected.ttl,
    )  # fmt: skip


def unpack_reflected(packet: bytes) -> Reflected:
    """Read a reply. Raises BadPacket."""
    _check(packet)
    sequence, timestamp, estimate, session, received, asked, asked_at, asked_error, ttl = _REFLECTED.unpack(
        packet[:LENGTH]
    )
    return Reflected(sequence, timestamp, estimate, received, Request(asked, asked_at, asked_error, session), ttl)


def _check(packet: bytes) -> None:
    if len(packet) < LENGTH:
        raise BadPacket(
            msgid("A STAMP packet has at least {wanted} bytes, this one {length}; nothing was read of it."),
            wanted=LENGTH, length=len(packet),
        )  # fmt: skip
