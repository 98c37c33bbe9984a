"""Packets at the offsets of their RFCs, timestamps that survive, figures equal to obvious ones."""

import struct
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mainstay.domain.probing import echo, ntp, stamp
from mainstay.domain.probing.errors import BadPacket
from mainstay.domain.probing.measuring import Answer, figures

U16, U32, U64 = (st.integers(0, 2**bits - 1) for bits in (16, 32, 64))
REQUESTS = st.builds(stamp.Request, U32, U64, U16, U16)
NOW_NS = 1_790_000_000_000_000_000


def number(packet: bytes, first: int, length: int) -> int:
    return int.from_bytes(packet[first : first + length], "big")


@given(REQUESTS)
def test_a_request_has_its_fields_where_rfc_8762_and_8972_put_them(request: stamp.Request) -> None:
    packet = stamp.pack_request(request)
    assert len(packet) == 44
    assert number(packet, 0, 4) == request.sequence
    assert number(packet, 4, 8) == request.timestamp
    assert number(packet, 12, 2) == request.error_estimate
    assert number(packet, 14, 2) == request.session_id
    assert packet[16:] == bytes(28)
    assert stamp.unpack_request(packet + b"padding") == request


@given(st.builds(stamp.Reflected, U32, U64, U16, U64, REQUESTS, st.integers(0, 255)))
def test_a_reply_has_its_fields_where_rfc_8762_puts_them(reply: stamp.Reflected) -> None:
    packet = stamp.pack_reflected(reply)
    assert len(packet) == 44
    assert number(packet, 0, 4) == reply.sequence
    assert number(packet, 4, 8) == reply.timestamp
    assert number(packet, 12, 2) == reply.error_estimate
    assert number(packet, 14, 2) == reply.request.session_id
    assert number(packet, 16, 8) == reply.received
    assert number(packet, 24, 4) == reply.request.sequence
    assert number(packet, 28, 8) == reply.request.timestamp
    assert number(packet, 36, 2) == reply.request.error_estimate
    assert packet[38:40] == bytes(2)
    assert packet[40] == reply.ttl
    assert packet[41:] == bytes(3)
    assert stamp.unpack_reflected(packet) == reply


@given(st.binary(max_size=43))
def test_a_short_packet_is_refused(packet: bytes) -> None:
    for unpack in (stamp.unpack_request, stamp.unpack_reflected):
        with pytest.raises(BadPacket):
            unpack(packet)


@given(st.booleans(), st.integers(0, 2**50))
def test_an_error_estimate_is_never_smaller_than_the_error(synchronised: bool, error_ns: int) -> None:
    estimate = stamp.error_estimate(synchronised=synchronised, error_ns=error_ns)
    multiplier, scale = estimate & 0xFF, estimate >> 8 & 0x3F
    assert multiplier > 0
    assert not estimate & stamp.PTP
    assert stamp.is_synchronised(estimate) == synchronised
    told = Fraction(multiplier << scale, 2**32)
    assert told >= Fraction(error_ns, 10**9)
    assert told <= Fraction(error_ns, 10**9) * Fraction(130, 128) + Fraction(2, 2**32)


def test_the_beginning_of_1970_and_a_known_instant() -> None:
    assert ntp.to_ntp(0) == 2_208_988_800 << 32
    assert ntp.to_ntp(500_000_000) == (2_208_988_800 << 32) + (1 << 31)
    assert ntp.to_ntp(2_085_978_496 * ntp.NS) == 0  # 2036-02-07T06:28:16Z, where the era ends


@given(st.integers(0, 2**62), st.integers(-(2**60), 2**60))
def test_timestamps_survive_to_the_nanosecond_across_eras(at_ns: int, off_ns: int) -> None:
    assert ntp.from_ntp(ntp.to_ntp(at_ns), near_ns=at_ns + off_ns) == at_ns


@given(U32, U32, U16)
def test_an_echo_has_a_checksum_that_adds_up_and_comes_back(target: int, packet: int, identifier: int) -> None:
    sent = echo.pack_echo(echo.Echo(target, packet), identifier=identifier)
    kind, code, _check, same, sequence = struct.unpack("!BBHHH", sent[:8])
    assert (kind, code, same, sequence) == (8, 0, identifier, packet & 0xFFFF)
    assert echo.checksum(sent) == 0
    reply = bytes([0]) + sent[1:]
    assert echo.unpack_reply(reply) == echo.Echo(target, packet)
    assert echo.unpack_reply(bytes([0x45]) + bytes(19) + reply, raw=True) == echo.Echo(target, packet)
    with pytest.raises(BadPacket):
        echo.unpack_reply(sent)


@given(st.binary(max_size=80))
def test_whatever_comes_in_is_read_or_refused(packet: bytes) -> None:
    for raw in (False, True):
        try:
            echo.unpack_reply(packet, raw=raw)
        except BadPacket:
            continue


def plain(sequence: int, sent_ms: float, trip_ms: float) -> Answer:
    sent = NOW_NS + round(sent_ms * 1e6)
    return Answer(sequence, sent, sent + round(trip_ms * 1e6))


def test_delay_variation_and_loss_of_an_ordinary_period() -> None:
    found = figures(5, [plain(0, 0, 10), plain(1, 100, 12), plain(3, 300, 20), plain(4, 400, 16)])
    assert (found.returned, found.loss_ppm) == (4, 200_000)
    assert found.delay_us == 14_500
    assert found.variation_us == 3_000  # |12 - 10| and |16 - 20|: 1 and 3 were not sent one after the other
    assert (found.out_us, found.back_us, found.out_loss_ppm) == (None, None, None)


def test_nothing_returned_is_all_lost_and_nothing_else_known() -> None:
    found = figures(5, [])
    assert (found.loss_ppm, found.delay_us, found.variation_us) == (1_000_000, None, None)


def test_the_same_packet_twice_counts_once_as_it_first_came() -> None:
    found = figures(2, [plain(0, 0, 10), plain(0, 0, 90), plain(1, 100, 10)])
    assert (found.loss_ppm, found.delay_us) == (0, 10_000)


def test_directions_are_told_where_clocks_agree_and_the_reflector_counts() -> None:
    def answer(sequence: int, counted: int, out_ms: int, back_ms: int) -> Answer:
        sent = NOW_NS + sequence * 10**8
        reached = sent + out_ms * 10**6
        left = reached + 5 * 10**6
        return Answer(sequence, sent, left + back_ms * 10**6, reached, left, counted, clocks_agree=True)

    # 5 sent, 1 lost on its way out (never counted), 2 on its way back (counted, not returned)
    found = figures(5, [answer(0, 100, 3, 7), answer(3, 102, 3, 7), answer(4, 103, 3, 7)])
    assert (found.delay_us, found.out_us, found.back_us) == (10_000, 3_000, 7_000)
    assert (found.loss_ppm, found.out_loss_ppm, found.back_loss_ppm) == (400_000, 200_000, 250_000)
    assert figures(6, [answer(0, 100, 3, 7), answer(4, 103, 3, 7)]).out_loss_ppm is None


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10**9)), max_size=40, unique_by=lambda each: each[0]),
       st.randoms())  # fmt: skip
def test_figures_do_not_hang_on_the_order_of_arrival(trips: list[tuple[int, int]], random: object) -> None:
    assume(trips)
    answers = [Answer(sequence, NOW_NS, NOW_NS + trip) for sequence, trip in trips]
    shuffled = list(answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = figures(41, shuffled)
    assert found == figures(41, answers)
    assert abs(found.delay_us - sum(trip for _, trip in trips) / len(trips) / 1000) <= 0.5  # type: ignore[operator]
    assert found.loss_ppm == round((41 - len(trips)) * 1_000_000 / 41)
