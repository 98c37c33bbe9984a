"""Take samples in: check, store, answer. Rolling up and judging come later, in the loop (G5).

The same circuit, metric, end, source and period again replaces what was there: a batch may be sent any number of times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.performance.choices import LARGEST, SHARES, SIDES, Metric
from mainstay.network.performance.errors import BadSample, NoSuchSampleSource, TooFarBehind
from mainstay.network.performance.models import Due, SampleSource
from mainstay.network.performance.periods import instant_of, minute_of
from mainstay.network.performance.series import SeriesKey, series_for
from mainstay.network.performance.storing import store
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission

AHEAD = timedelta(minutes=5)
"""How far a source's clock may be ahead of ours."""
LATE_DAYS = 2
"""Samples come this many days before they would be forgotten, at the latest: so their day can be rolled up whole."""
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class NewSample:
    """A sample to take in: over the period that begins `at` (aware), in the metric's unit; `side` where it matters."""

    circuit: str
    metric: str
    at: datetime
    value: int
    side: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a batch: how many were stored, and by position why the others were not."""

    accepted: int
    refused: dict[int, str]


def source_by_code(code: str) -> SampleSource:
    """Return the source (1 query). Raises NoSuchSampleSource naming the code and the remedy."""
    found = SampleSource.objects.filter(code=code).first()
    if found is None:
        raise NoSuchSampleSource(
            msgid("There is no source of samples “{code}”; create it under Settings › Performance."), code=code
        )
    return found


def accept(source: SampleSource, samples: Sequence[NewSample | BadSample], *, at: datetime, by: Actor) -> Answer:
    """Store the good samples of a batch and answer the bad ones by position, in the reader's language.

    Of two samples of one period in a batch the later counts. Raises TooFarBehind, storing nothing, while too much
    waits; NotAllowed.
    """
    require(by, Permission.SEND_SAMPLES)
    must_have_room(at)
    good, wrong = check(source, samples, at=at)
    refused = {position: error.explain(gettext) for position, error in wrong.items()}
    with transaction.atomic():
        known = series_for(source, {(each.circuit, each.metric, each.side) for _, each in good}, by=by)
        rows: dict[tuple[int, int], int] = {}
        for position, sample in good:
            series = known.get((sample.circuit, sample.metric, sample.side))
            if series is None:
                refused[position] = no_such_circuit(sample.circuit).explain(gettext)
            else:
                rows[series, minute_of(sample.at)] = sample.value
        stored = sorted((series, minute, value) for (series, minute), value in rows.items())
        store(stored, at=at)
        SampleSource.objects.filter(pk=source.pk).update(last_at=at)
    return Answer(len(samples) - len(refused), refused)


def check(
    source: SampleSource, samples: Sequence[NewSample | BadSample], *, at: datetime
) -> tuple[list[tuple[int, NewSample]], dict[int, BadSample]]:
    """Return the samples that can be taken, with their positions, and by position what is wrong with the others."""
    limits = _Limits(source.period_minutes, *accepted_between(at))
    good: list[tuple[int, NewSample]] = []
    wrong: dict[int, BadSample] = {}
    for position, sample in enumerate(samples):
        error = sample if isinstance(sample, BadSample) else fault_in(sample, limits)
        if error is None:
            good.append((position, sample))  # type: ignore[arg-type]  # a BadSample is its own error
        else:
            wrong[position] = error
    return good, wrong


@dataclass(frozen=True, slots=True)
class _Limits:
    period_minutes: int
    oldest: datetime
    newest: datetime


def accepted_between(at: datetime) -> tuple[datetime, datetime]:
    """Return between which instants periods may begin: not to be forgotten soon, not in the future."""
    keep = settings.KEEP_SAMPLES_DAYS
    oldest = at - timedelta(days=max(keep, LATE_DAYS + 1) - LATE_DAYS) if keep else datetime(1970, 1, 2, tzinfo=UTC)
    return oldest, at + AHEAD


def fault_in(sample: NewSample, limits: _Limits) -> BadSample | None:
    """Return what is wrong with a sample, None if nothing is."""
    sides = SIDES.get(sample.metric)
    if sides is None:
        return BadSample(msgid("“{metric}” is not sampled; use one of {known}."), metric=sample.metric,
                         known=", ".join(Metric.values))  # fmt: skip
    if sample.side not in sides:
        problem = (
            msgid("{metric} is taken at an end of the circuit; give A or Z, not “{side}”.")
            if sides[0]
            else msgid("{metric} is the circuit's as a whole; leave the end empty, not “{side}”.")
        )
        return BadSample(problem, metric=sample.metric, side=sample.side)
    most = _MILLION if sample.metric in SHARES else LARGEST
    if type(sample.value) is not int or not 0 <= sample.value <= most:
        return BadSample(msgid("{metric} is a whole number from 0 to {most}, not {value}."), metric=sample.metric,
                         most=most, value=str(sample.value)[:40])  # fmt: skip
    return _fault_in_time(sample.at, limits)


def _fault_in_time(at: datetime, limits: _Limits) -> BadSample | None:
    if at.tzinfo is None:
        return BadSample(msgid("The time {at} has no zone; send it with an offset, e.g. {example}."),
                         at=at.isoformat(), example=at.isoformat() + "+08:00")  # fmt: skip
    if not limits.oldest <= at <= limits.newest:
        return BadSample(
            msgid("The time {at} is outside {oldest} – {newest}, from which samples are taken."),
            at=at.isoformat(), oldest=limits.oldest.isoformat(timespec="minutes"),
            newest=limits.newest.isoformat(timespec="minutes"),
        )  # fmt: skip
    if at.second or at.microsecond or minute_of(at) % limits.period_minutes:
        return BadSample(
            msgid("{at} begins no period: this source samples every {minutes} minutes, e.g. at {example}."),
            at=at.isoformat(), minutes=limits.period_minutes,
            example=instant_of(minute_of(at) // limits.period_minutes * limits.period_minutes).isoformat(),
        )  # fmt: skip
    return None


def no_such_circuit(number: str) -> BadSample:
    """Return the error that says that a circuit is not there, or may not be seen."""
    return BadSample(msgid("There is no circuit {number}; correct the number."), number=number)


def resolve(source: SampleSource, samples: Sequence[NewSample], *, by: Actor) -> Mapping[SeriesKey, int]:
    """Return the series of samples by (circuit's number, metric, end), in the caller's transaction."""
    return series_for(source, {(each.circuit, each.metric, each.side) for each in samples}, by=by)


def must_have_room(at: datetime) -> None:
    """Refuse while what came is judged and rolled up too late; looked up once a second."""
    if _is_behind(int(at.timestamp()), settings.SAMPLES_LONGEST_S):
        raise TooFarBehind(
            msgid("Samples come faster than they are rolled up; nothing was stored. Send this again in {seconds} s."),
            seconds=TooFarBehind.retry_s,
        )


def look_again() -> None:
    """Forget how late the loop was a moment ago."""
    _is_behind.cache_clear()


@lru_cache(maxsize=1)
def _is_behind(second: int, longest_s: int) -> bool:
    if not longest_s:
        return False
    late = datetime.fromtimestamp(second - longest_s, UTC)
    return Due.objects.filter(due_at__lt=late).exists()
