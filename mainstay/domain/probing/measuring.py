"""What do the packets of one period say of a line? Whole microseconds, whole parts per million; None: not known.

Round-trip delay is the mean over the packets that returned, the reflector's own time taken out (RFC 2681, RFC 8762).
Variation is the mean absolute difference of the delays of packets sent one after the other (RFC 3393, RFC 5481's IPDV).
One-way delays (RFC 7679) are told only where both clocks claim to be synchronised. Losses by direction (RFC 7680) only
where the reflector counts by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

US = 1_000
PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """A packet that returned. Instants in nanoseconds: `sent`, `returned` by our clock; `reached`, `left` by theirs.

    `counted`: the reflector's own number of it, None where it does not count by itself. `clocks_agree`: both say that
    they are synchronised.
    """

    sequence: int
    sent_ns: int
    returned_ns: int
    reached_ns: int | None = None
    left_ns: int | None = None
    counted: int | None = None
    clocks_agree: bool = False

    @property
    def round_trip_ns(self) -> int:
        """Return how long it was under way, without the time the reflector held it."""
        held = self.left_ns - self.reached_ns if self.left_ns is not None and self.reached_ns is not None else 0
        return self.returned_ns - self.sent_ns - held


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one period; see above."""

    sent: int
    returned: int
    loss_ppm: int
    delay_us: int | None = None
    variation_us: int | None = None
    out_us: int | None = None
    back_us: int | None = None
    out_loss_ppm: int | None = None
    back_loss_ppm: int | None = None


def figures(sent: int, answers: Sequence[Answer]) -> Figures:
    """Reckon the figures of a period in which `sent` packets (at least one) went out; the same packet counts once."""
    once = sorted({answer.sequence: answer for answer in reversed(answers)}.values(), key=lambda each: each.sequence)
    returned = len(once)
    loss = _ratio((sent - returned) * PPM, sent)
    if not once:
        return Figures(sent, 0, loss)
    trips = [answer.round_trip_ns for answer in once]
    steps = [
        abs(after - before)
        for before, after, one, other in zip(trips, trips[1:], once, once[1:], strict=False)
        if other.sequence == one.sequence + 1
    ]
    out_loss, back_loss = _by_direction(sent, once)
    agree = all(a.clocks_agree and a.reached_ns is not None and a.left_ns is not None for a in once)
    return Figures(
        sent,
        returned,
        loss,
        delay_us=max(0, _mean_us(trips)),
        variation_us=_mean_us(steps) if steps else None,
        out_us=max(0, _mean_us([(a.reached_ns or 0) - a.sent_ns for a in once])) if agree else None,
        back_us=max(0, _mean_us([a.returned_ns - (a.left_ns or 0) for a in once])) if agree else None,
        out_loss_ppm=out_loss,
        back_loss_ppm=back_loss,
    )


def _by_direction(sent: int, once: Sequence[Answer]) -> tuple[int | None, int | None]:
    """Share the loss out: between the first and the last that returned, the reflector's own numbers tell how many it
    saw. What was lost before or after these cannot be told apart, so nothing is said then."""
    if any(answer.counted is None for answer in once):
        return None, None
    first, last = once[0], once[-1]
    if last.sequence - first.sequence + 1 != sent:
        return None, None
    reached = (last.counted or 0) - (first.counted or 0) + 1
    if not len(once) <= reached <= sent:
        return None, None
    return _ratio((sent - reached) * PPM, sent), _ratio((reached - len(once)) * PPM, reached)


def _mean_us(values_ns: Sequence[int]) -> int:
    return _ratio(sum(values_ns), len(values_ns) * US)


def _ratio(above: int, below: int) -> int:
    """Divide, rounded to the nearest."""
    return (2 * above + below) // (2 * below)
