"""Sample many targets over one period of the wall clock: the n-th packet of all of them at the same instant.

A packet that this host could not send (no way out) is not counted as sent: what is not known is a gap, not a loss.
"""

import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from mainstay.domain.probing import echo, ntp, stamp
from mainstay.domain.probing.errors import BadPacket
from mainstay.domain.probing.measuring import Answer, Figures, figures
from mainstay.faces.cli.probing.sockets import clock_error, family_of, open_echo, open_udp, receive
from mainstay.network.performance.choices import Method
from mainstay.network.performance.queries.settings import Sampled

NS = 1_000_000_000
Key = tuple[int, int]
"""Target's place, number of the packet."""


@dataclass
class Round:
    """Mutable: one period. `spread_ns`: how far apart the packets sent for the same instant left, at most."""

    begin_ns: int
    sent: dict[Key, int] = field(default_factory=dict)
    answers: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    unsent: int = 0
    spread_ns: int = 0


class Prober:
    """Mutable: sockets, and each target's next number. Use as a context; not from several threads."""

    def __init__(self, targets: Sequence[Sampled]) -> None:
        """Open what the targets need. Raises ProbeForbidden."""
        self.targets = list(targets)
        self._next = [0] * len(self.targets)
        self._counts = [False] * len(self.targets)
        self._selector = selectors.DefaultSelector()
        self._sockets: dict[tuple[str, socket.AddressFamily], socket.socket] = {}
        self._raw: dict[socket.AddressFamily, bool] = {}
        self._by_address = {
            (t.address, t.port): place for place, t in enumerate(self.targets) if t.method == Method.STAMP
        }
        for target in self.targets:
            self._open(target.method, family_of(target.address))

    def __enter__(self) -> "Prober":
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for opened in self._sockets.values():
            opened.close()

    def _open(self, method: str, family: socket.AddressFamily) -> None:
        if (method, family) in self._sockets:
            return
        if method == Method.STAMP:
            opened = open_udp(family)
        else:
            opened, self._raw[family] = open_echo(family)
        self._sockets[method, family] = opened
        self._selector.register(opened, selectors.EVENT_READ, (method, family))

    def sample(
        self, begin_ns: int, *, period_ns: int, wait_ns: int, stopped: Callable[[], bool] = lambda: False
    ) -> tuple[Round, dict[int, Figures]]:
        """Sample all targets over the period that begins at `begin_ns` of the wall clock; figures by target's place.

        Packets go out over the period less `wait_ns`, of which four fifths are left for the last to return. Targets of
        which nothing could be sent have no figures; a period broken off has none at all.
        """
        this = Round(begin_ns)
        synchronised, error_ns = clock_error()
        estimate = stamp.error_estimate(synchronised=synchronised, error_ns=error_ns)
        for at_ns, places in self._instants(begin_ns, period_ns - wait_ns):
            self._listen(this, at_ns, stopped)
            if stopped():
                return this, {}
            first = time.time_ns()
            for place in places:
                self._send(this, place, estimate)
            this.spread_ns = max(this.spread_ns, time.time_ns() - first)
        self._listen(this, begin_ns + period_ns - wait_ns // 5, stopped, until_all=True)
        sent: dict[int, int] = defaultdict(int)
        for place, _ in this.sent:
            sent[place] += 1
        return this, {} if stopped() else {
            place: self._figures(place, n, this.answers[place]) for place, n in sent.items()
        }

    def _figures(self, place: int, sent: int, answers: list[Answer]) -> Figures:
        """Reckon figures; numbers that never differed from ours are not the reflector's own count, but may be ours."""
        if not self._counts[place]:
            answers = [replace(answer, counted=None) for answer in answers]
        return figures(sent, answers)

    def _instants(self, begin_ns: int, length_ns: int) -> list[tuple[int, list[int]]]:
        """Return the instants at which packets leave, each with the targets they are for, in time order."""
        planned: dict[int, list[int]] = defaultdict(list)
        for place, target in enumerate(self.targets):
            for number in range(target.packets):
                planned[begin_ns + length_ns * number // target.packets].append(place)
        return sorted(planned.items())

    def _send(self, this: Round, place: int, estimate: int) -> None:
        target, number = self.targets[place], self._next[place]
        family = family_of(target.address)
        opened = self._sockets[target.method, family]
        at_ns = time.time_ns()
        if target.method == Method.STAMP:
            packet = stamp.pack_request(stamp.Request(number, ntp.to_ntp(at_ns), estimate, (place + 1) & 0xFFFF))
        else:
            packet = echo.pack_echo(echo.Echo(place, number), identifier=place & 0xFFFF, v6=family == socket.AF_INET6)
        try:
            opened.sendto(packet, (target.address, target.port if target.method == Method.STAMP else 0))
        except OSError:
            this.unsent += 1
            return
        this.sent[place, number & 0xFFFF_FFFF] = at_ns
        self._next[place] = number + 1

    def _listen(self, this: Round, until_ns: int, stopped: Callable[[], bool], *, until_all: bool = False) -> None:
        """Take in what comes until an instant; with `until_all` no longer than until everything has returned."""
        while (left := until_ns - time.time_ns()) > 0 and not stopped():
            if until_all and sum(map(len, this.answers.values())) >= len(this.sent):
                return
            for key, _events in self._selector.select(min(left / NS, 0.25)):
                self._take_in(this, key.fileobj, *key.data)  # type: ignore[arg-type]  # only sockets are registered

    def _take_in(self, this: Round, opened: socket.socket, method: str, family: socket.AddressFamily) -> None:
        while (received := receive(opened)) is not None:
            try:
                if method == Method.STAMP:
                    place, answer = self._reflected(this, received.packet, received.address, received.at_ns)
                else:
                    place, answer = self._echoed(this, received.packet, received.address[0], received.at_ns, family)
            except (BadPacket, KeyError, IndexError):
                continue  # a stranger's, or of a period gone by
            this.answers[place].append(answer)

    def _echoed(
        self, this: Round, packet: bytes, host: str, at_ns: int, family: socket.AddressFamily
    ) -> tuple[int, Answer]:
        found = echo.unpack_reply(packet, raw=self._raw[family])
        if self.targets[found.target].address != host:
            raise KeyError(host)
        return found.target, Answer(found.packet, this.sent[found.target, found.packet], at_ns)

    def _reflected(self, this: Round, packet: bytes, address: tuple[str, int], at_ns: int) -> tuple[int, Answer]:
        found = stamp.unpack_reflected(packet)
        session = found.request.session_id
        place = session - 1 if session else self._by_address[address]
        target = self.targets[place]
        if (target.address, target.port) != address:
            raise KeyError(address)
        number = found.request.sequence
        sent_ns = this.sent[place, number]
        self._counts[place] |= found.sequence != number
        agree = stamp.is_synchronised(found.error_estimate) and stamp.is_synchronised(found.request.error_estimate)
        return place, Answer(
            number, sent_ns, at_ns,
            reached_ns=ntp.from_ntp(found.received, near_ns=at_ns),
            left_ns=ntp.from_ntp(found.timestamp, near_ns=at_ns),
            counted=found.sequence, clocks_agree=agree,
        )  # fmt: skip
