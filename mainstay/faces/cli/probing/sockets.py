"""Which sockets does a prober send from, and when exactly did a packet come in? The kernel's clock says, if it can.

Instants are nanoseconds since 1970, UTC.
"""

import ctypes
import os
import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass

from mainstay.domain.errors import Refused, msgid

_TIMESTAMPNS = 35
"""SO_TIMESTAMPNS, which Python does not name: the kernel stamps each packet when it comes in."""
_RECVTTL = 12
"""IP_RECVTTL of Linux, which Python names from 3.14 on."""
_TIMESPEC = struct.Struct("@qq")
_TIME_ERROR = 5
_BUFFER = 1 << 20


class ProbeForbidden(Refused):
    """The kernel does not let this program send what it should."""


@dataclass(frozen=True, slots=True)
class Received:
    """A packet, from where it came, when, and with how many hops left (255 where the kernel does not say)."""

    packet: bytes
    address: tuple[str, int]
    at_ns: int
    ttl: int = 255


def family_of(address: str) -> socket.AddressFamily:
    """Return the family of an address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def open_udp(family: socket.AddressFamily, host: str = "", port: int = 0) -> socket.socket:
    """Open a UDP socket, bound; TTL 255 as RFC 8762 has it."""
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        if family == socket.AF_INET:
            opened.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 255)
            opened.setsockopt(socket.IPPROTO_IP, _RECVTTL, 1)
        else:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, 255)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return _ready(opened)


def open_echo(family: socket.AddressFamily) -> tuple[socket.socket, bool]:
    """Open a socket for echoes; True: a raw one, which gives the IP header as well. Raises ProbeForbidden."""
    protocol = socket.IPPROTO_ICMPV6 if family == socket.AF_INET6 else socket.IPPROTO_ICMP
    for kind in (socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            return _ready(socket.socket(family, kind, protocol)), kind == socket.SOCK_RAW
        except PermissionError:
            continue
    raise ProbeForbidden(
        msgid(
            "The kernel lets this program send no ICMP echo. Allow its group: sysctl -w "
            "net.ipv4.ping_group_range='{group} {group}' (or 0 2147483647 for all), or sample by STAMP."
        ),
        group=os.getgid(),
    )


def receive(opened: socket.socket) -> Received | None:
    """Take one waiting packet, None when there is none. A refusal that an earlier packet met is no packet."""
    try:
        packet, extras, _flags, address = opened.recvmsg(65_535, 256)
    except (BlockingIOError, ConnectionRefusedError):
        return None
    at_ns, ttl = 0, 255
    for level, kind, told in extras:
        if (level, kind) == (socket.SOL_SOCKET, _TIMESTAMPNS):
            seconds, rest = _TIMESPEC.unpack(told[: _TIMESPEC.size])
            at_ns = seconds * 1_000_000_000 + rest
        elif (level, kind) == (socket.IPPROTO_IP, socket.IP_TTL):
            ttl = int.from_bytes(told[:4], "little") & 0xFF
    return Received(packet, (str(address[0]).split("%")[0], int(address[1])), at_ns or time.time_ns(), ttl)


def clock_error() -> tuple[bool, int]:
    """Return whether this host's clock follows an external source, and by how many ns it may be off (ntp_adjtime)."""
    buffer = ctypes.create_string_buffer(512)
    try:
        state = ctypes.CDLL(None).ntp_adjtime(buffer)
    except (OSError, AttributeError):
        return False, 0
    error_us = struct.unpack_from("@l", buffer, 24)[0]
    return state not in (-1, _TIME_ERROR), max(0, error_us) * 1_000


def _ready(opened: socket.socket) -> socket.socket:
    opened.setblocking(False)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    with suppress(OSError):  # then our own clock says when it was read
        opened.setsockopt(socket.SOL_SOCKET, _TIMESTAMPNS, 1)
    return opened
