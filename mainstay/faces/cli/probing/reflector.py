"""A STAMP session-reflector, unauthenticated (RFC 8762, section 4.3): answers each test packet at once."""

import selectors
import socket
import time
from collections.abc import Callable

from mainstay.domain.probing import ntp, stamp
from mainstay.domain.probing.errors import BadPacket
from mainstay.faces.cli.probing.sockets import Received, clock_error, family_of, open_udp, receive

MOST_SESSIONS = 100_000
"""Sessions that are counted for; a further one takes the place of the one that was counted for longest."""


class Reflector:
    """Mutable: one socket. Stateful, it counts what it reflects for each session (sender's address and session id), so
    that losses can be told by direction; stateless, it returns the sender's number."""

    def __init__(self, host: str, port: int, *, stateful: bool) -> None:
        """Bind; port 0 takes a free one."""
        self.socket: socket.socket = open_udp(family_of(host), host, port)
        self.stateful = stateful
        self.reflected = 0
        self._counts: dict[tuple[str, int, int], int] = {}

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self.socket.getsockname()[1])

    def run(self, stopped: Callable[[], bool]) -> None:
        """Reflect until asked to stop."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            while not stopped():
                if selector.select(0.2):
                    self.turn()
        self.socket.close()

    def turn(self) -> None:
        """Reflect all that waits."""
        synchronised, error_ns = clock_error()
        estimate = stamp.error_estimate(synchronised=synchronised, error_ns=error_ns)
        while (received := receive(self.socket)) is not None:
            try:
                request = stamp.unpack_request(received.packet)
            except BadPacket:
                continue  # RFC 8762 has nothing to say to a stranger
            reply = self._reply(request, received, estimate)
            self.reflected += 1
            try:
                self.socket.sendto(reply, received.address)
            except OSError:
                continue  # the sender will see it as lost, which it is

    def _reply(self, request: stamp.Request, received: Received, estimate: int) -> bytes:
        sequence = self._count(request, received.address) if self.stateful else request.sequence
        reached = ntp.to_ntp(received.at_ns)
        reflected = stamp.Reflected(sequence, ntp.to_ntp(time.time_ns()), estimate, reached, request, received.ttl)
        # As long as what came: RFC 8762, section 4.3, so that both ways carry the same.
        return stamp.pack_reflected(reflected) + bytes(max(0, len(received.packet) - stamp.LENGTH))

    def _count(self, request: stamp.Request, address: tuple[str, int]) -> int:
        session = (*address, request.session_id)
        count = self._counts.pop(session, 0)
        if len(self._counts) >= MOST_SESSIONS:
            del self._counts[next(iter(self._counts))]
        self._counts[session] = count + 1
        return count
