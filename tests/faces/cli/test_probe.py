"""The prober against a real reflector over localhost: delay, variation, loss by direction; nothing lost on the way."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mainstay.domain.actor import system
from mainstay.domain.probing import Figures, stamp
from mainstay.faces.cli.probing.commands import read_targets
from mainstay.faces.cli.probing.delivering import NotDelivered, deliver, to_database
from mainstay.faces.cli.probing.prober import NS, Prober, Round
from mainstay.faces.cli.probing.reflector import Reflector
from mainstay.faces.cli.probing.running import Loops, samples_of
from mainstay.faces.cli.probing.sockets import ProbeForbidden, open_echo
from mainstay.faces.cli.probing.spool import Kept, Spool
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.actions.sources import NewTarget, save_source, save_target
from mainstay.network.performance.errors import BadTarget
from mainstay.network.performance.models import Sample
from mainstay.network.performance.queries.settings import Sampled, sampled
from tests.cast import NOW, World

PERIOD_NS = 400_000_000


class Deaf(Reflector):
    """A reflector at the end of a bad line: loses packets of given numbers before or after it counted them."""

    out: frozenset[int] = frozenset()
    back: frozenset[int] = frozenset()

    def _reply(self, request: stamp.Request, received: object, estimate: int) -> bytes:
        if request.sequence in self.out:
            return b""  # never arrived: not counted
        reply = super()._reply(request, received, estimate)  # type: ignore[arg-type]
        return b"" if request.sequence in self.back else reply


@contextmanager
def reflecting(kind: type[Reflector] = Reflector, *, stateful: bool = True) -> Iterator[Reflector]:
    stop = threading.Event()
    reflector = kind("127.0.0.1", 0, stateful=stateful)
    thread = threading.Thread(target=reflector.run, args=(stop.is_set,))
    thread.start()
    try:
        yield reflector
    finally:
        stop.set()
        thread.join()


def target(port: int, *, packets: int = 10, circuit: str = "WH-HS-E1-0001") -> Sampled:
    return Sampled(circuit, "stamp", "127.0.0.1", port, packets, "probe", 5)


def sample(prober: Prober) -> tuple[Round, dict[int, Figures]]:
    begin = time.time_ns() + 20_000_000
    return prober.sample(begin, period_ns=PERIOD_NS, wait_ns=PERIOD_NS // 4)


def test_it_works_against_a_real_reflector() -> None:
    with reflecting() as reflector, Prober([target(reflector.port), target(reflector.port, circuit="B")]) as prober:
        for _ in range(2):
            this, found = sample(prober)
            assert sorted(found) == [0, 1]
            for seen in found.values():
                assert (seen.sent, seen.returned, seen.loss_ppm) == (10, 10, 0)
                assert seen.delay_us is not None
                assert 0 <= seen.delay_us < 50_000
                assert seen.variation_us is not None
            assert this.spread_ns < 50_000_000
        assert reflector.reflected == 40


def test_all_targets_are_sampled_at_the_same_instants() -> None:
    with reflecting() as reflector, Prober([target(reflector.port) for _ in range(50)]) as prober:
        this, found = sample(prober)
        firsts = sorted(this.sent[place, 0] for place in range(50))
        assert len(found) == 50
        assert firsts[0] >= this.begin_ns
        assert firsts[-1] - firsts[0] <= this.spread_ns
        assert this.spread_ns < 100_000_000


def test_a_counting_reflector_tells_losses_apart() -> None:
    with reflecting(Deaf) as reflector, Prober([target(reflector.port)]) as prober:
        reflector.out, reflector.back = frozenset({3}), frozenset({6, 7})  # type: ignore[attr-defined]
        _, found = sample(prober)
        seen = found[0]
        assert (seen.returned, seen.loss_ppm) == (7, 300_000)
        assert (seen.out_loss_ppm, seen.back_loss_ppm) == (100_000, 222_222)


def test_a_stateless_one_tells_no_losses_apart() -> None:
    with reflecting(Deaf, stateful=False) as reflector, Prober([target(reflector.port)]) as prober:
        reflector.back = frozenset({3})  # type: ignore[attr-defined]
        _, found = sample(prober)
        assert (found[0].loss_ppm, found[0].out_loss_ppm) == (100_000, None)


def test_nobody_there_is_all_lost() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        with Prober([target(silent.getsockname()[1], packets=3)]) as prober:
            _, found = sample(prober)
            assert (found[0].loss_ppm, found[0].delay_us) == (1_000_000, None)
            kept = samples_of(prober.targets[0], found[0], NOW)
            assert [(each.sample.metric, each.sample.value) for each in kept] == [("loss", 1_000_000)]


def test_what_cannot_be_sent_is_a_gap_and_no_loss() -> None:
    broadcast = Sampled("A", "stamp", "255.255.255.255", 9, 3, "probe", 5)  # the kernel refuses it: not permitted
    with Prober([broadcast]) as prober:
        this, found = sample(prober)
        assert (this.unsent, found) == (3, {})


def test_a_reply_is_as_long_as_what_came_and_strangers_get_none() -> None:
    with reflecting() as reflector, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.settimeout(5)
        sender.sendto(b"hello", ("127.0.0.1", reflector.port))
        sender.sendto(stamp.pack_request(stamp.Request(7, 1, 1)) + bytes(56), ("127.0.0.1", reflector.port))
        reply = sender.recv(2000)
        assert len(reply) == 100
        found = stamp.unpack_reflected(reply)
        assert (found.sequence, found.request) == (0, stamp.Request(7, 1, 1))
        assert found.received <= found.timestamp


def test_icmp_echo_or_a_remedy() -> None:
    try:
        opened, _raw = open_echo(socket.AF_INET)
        opened.close()
    except ProbeForbidden as error:
        pytest.skip(str(error))  # what it says is looked at below
    local = Sampled("A", "icmp", "127.0.0.1", 0, 5, "probe", 5)
    with Prober([local]) as prober:
        _, found = sample(prober)
        assert (found[0].returned, found[0].loss_ppm) == (5, 0)


def test_where_the_kernel_forbids_echoes_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> socket.socket:
        raise PermissionError

    monkeypatch.setattr(socket, "socket", forbidden)
    with pytest.raises(ProbeForbidden, match="ping_group_range"):
        open_echo(socket.AF_INET)


def kept(number: int, source: str = "probe") -> Kept:
    return Kept(source, NewSample("WH-HS-E1-0001", "delay_rt", NOW, number))


def test_the_spool_survives_a_crash_and_a_line_cut_off(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.jsonl")
    spool.add([kept(1), kept(2)])
    with spool.path.open("a") as file:
        file.write('{"circuit": "WH')
    again = Spool(tmp_path / "s.jsonl")
    assert [each.sample.value for each in again.oldest(9)] == [1, 2]
    again.done(again.oldest(1))
    again.close()
    assert [json.loads(line)["value"] for line in again.path.read_text().splitlines()] == [2]


def test_a_full_spool_lets_the_oldest_go_and_counts_them(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.jsonl", most=3)
    spool.add([kept(number) for number in range(5)])
    assert ([each.sample.value for each in spool.oldest(9)], spool.dropped) == ([2, 3, 4], 2)
    spool.close()


def test_while_nobody_takes_them_samples_wait_in_their_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "s.jsonl")
    spool.add([kept(1), kept(2), kept(3, "other")])
    taken: list[tuple[str, int]] = []

    def away(source: str, samples: object) -> dict[int, str]:
        raise NotDelivered("away")

    def there(source: str, samples: list[Kept]) -> dict[int, str]:
        taken.extend((source, each.sample.value) for each in samples)
        return {}

    with pytest.raises(NotDelivered):
        deliver(spool, away)
    assert len(spool) == 3
    while deliver(spool, there):  # type: ignore[arg-type]
        pass
    assert taken == [("probe", 1), ("probe", 2), ("other", 3)]
    assert spool.path.read_text() == ""
    spool.close()


@pytest.mark.django_db
def test_targets_come_from_the_settings_and_samples_go_into_the_database(world: World, tmp_path: Path) -> None:
    by = system("test")
    save_source("probe", "探针", 5, at=NOW, by=by)
    new = NewTarget(world.circuit.pk, "probe", "127.0.0.1", "stamp", 8620, 10)
    save_target(new, at=NOW, by=by)
    assert sampled("probe") == [target(8620)]
    assert sampled("other") == []
    at = datetime.fromtimestamp(int(time.time()) // 300 * 300 - 600, UTC)
    spool = Spool(tmp_path / "s.jsonl")
    spool.add([Kept("probe", NewSample(world.circuit.number, "delay_rt", at, 812))])
    assert deliver(spool, to_database) == 1
    assert Sample.objects.get().value == 812
    spool.close()


def test_the_loops_sample_a_whole_period_and_deliver_it(tmp_path: Path) -> None:
    taken: list[Kept] = []

    def there(source: str, samples: list[Kept]) -> dict[int, str]:
        taken.extend(samples)
        return {}

    with reflecting() as reflector:
        loops = Loops(Spool(tmp_path / "s.jsonl"), there, period_s=1)  # type: ignore[arg-type]
        loops.run(lambda: [target(reflector.port)], stop=threading.Event(), once=True)
    assert {each.sample.metric for each in taken} >= {"loss", "delay_rt", "variation"}
    assert {each.sample.at.microsecond for each in taken} == {0}
    assert NS == 10**9


def test_a_table_of_targets_names_its_bad_line() -> None:
    found = read_targets(b"circuit,address,method,port\nA,10.0.0.1,,\nB,10.0.0.2,stamp,8620\n", "probe", 5)
    assert [(each.method, each.port) for each in found] == [("icmp", 862), ("stamp", 8620)]
    with pytest.raises(BadTarget, match="3"):
        read_targets(b"circuit,address,method\nA,10.0.0.1,icmp\nB,10.0.0.2,smoke\n", "probe", 5)
