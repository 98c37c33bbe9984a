"""Take reports in: check, store, answer. Judging is the impact worker's work (G1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import gt
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import PerceivedSeverity, ReportKind
from mainstay.network.alarms.errors import BadReport, NoSuchSource, TooManyWaiting
from mainstay.network.alarms.models import AlarmReport, AlarmSource, IntakeBatch
from mainstay.network.alarms.queries.room import holds_its_share, is_behind
from mainstay.platform.bulk.rows import insert_one, insert_returning
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission

_LENGTHS = {"resource_ref": 120, "alarm_type": 80, "external_id": 80, "probable_cause": 80}
_LONGEST = tuple(_LENGTHS.values())
_SEVERITIES = tuple(PerceivedSeverity.values)
_CLEARED = PerceivedSeverity.CLEARED.value
_RAISE, _CLEAR = ReportKind.RAISE.value, ReportKind.CLEAR.value
_LONGEST_KEY = 80
_YEARS = range(1900, 3000)


class NewReport(NamedTuple):
    """A report to take in. `event_at` is the source's own instant, aware; severity `cleared` means the alarm ended."""

    resource_ref: str
    alarm_type: str
    severity: str
    event_at: datetime
    external_id: str = ""
    probable_cause: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What became of a batch: per position the report's id, or the reason why it was not taken."""

    accepted: dict[int, int]
    refused: dict[int, str]
    repeated: bool = False


def source_by_code(code: str) -> AlarmSource:
    """Return the source; NoSuchSource names the code and the remedy."""
    source = AlarmSource.objects.filter(code=code).first()
    if source is None:
        raise NoSuchSource(
            msgid("There is no alarm source “{code}”; create it under Settings › Alarm sources."), code=code
        )
    return source


def check(report: NewReport) -> None:
    """Refuse a report that names nothing, has an unknown severity, a naive or absurd instant, a word that is too long
    or no text."""
    words = (report.resource_ref, report.alarm_type, report.external_id, report.probable_cause)
    if "\x00" in "".join(words) or "\x00" in report.text:
        name = next(name for name in (*_LENGTHS, "text") if "\x00" in getattr(report, name))
        raise BadReport(msgid("{name} holds a NUL character, which is no text; send it without."), name=name)
    if any(map(gt, map(len, words), _LONGEST)):
        name, word, longest = next(
            each for each in zip(_LENGTHS, words, _LONGEST, strict=True) if len(each[1]) > each[2]
        )
        raise BadReport(
            msgid("{name} has {length} characters; send at most {longest}."),
            name=name,
            length=len(word),
            longest=longest,
        )
    if not report.resource_ref or not report.alarm_type:
        raise BadReport(msgid("A report must name the alarmed object and the alarm type; one of them is empty."))
    if report.severity not in _SEVERITIES:
        raise BadReport(
            msgid("“{severity}” is not a perceived severity of X.733; use one of {known}."),
            severity=report.severity,
            known=", ".join(_SEVERITIES),
        )
    if report.event_at.tzinfo is None:
        raise BadReport(
            msgid("The time {at} has no zone, so its instant is unknown; send it with an offset, e.g. {example}."),
            at=report.event_at.isoformat(),
            example=report.event_at.isoformat() + "+08:00",
        )
    if report.event_at.year not in _YEARS:
        raise BadReport(
            msgid("The time {at} cannot be meant; send the instant at which it happened."),
            at=report.event_at.isoformat(),
        )


@transaction.atomic
def accept(source: AlarmSource, reports: Sequence[NewReport], *, at: datetime, by: Actor) -> list[int]:
    """Store reports that arrived at `at`, all or none, and return their ids; BadReport says what is wrong with one.

    Raises TooManyWaiting, storing nothing, while judging is too far behind.
    """
    require(by, Permission.SEND_ALARMS)
    _must_have_room(source.pk, at)
    for report in reports:
        check(report)
    return _store(source.pk, reports, [at] * len(reports))


def accept_one(source_id: int, report: NewReport, *, at: datetime, by: Actor) -> int:
    """Store one report as `accept` does, by one statement that is committed by itself; return its id."""
    require(by, Permission.SEND_ALARMS)
    _must_have_room(source_id, at)
    check(report)
    return insert_one(AlarmReport, _COLUMNS, _row(source_id, report, at))


@transaction.atomic
def accept_timed(source: AlarmSource, reports: Sequence[tuple[NewReport, datetime]], *, by: Actor) -> list[int]:
    """Store reports that arrived at instants of their own (replay of a log), in the order of arrival."""
    require(by, Permission.SEND_ALARMS)
    for report, _ in reports:
        check(report)
    return _store(source.pk, [report for report, _ in reports], [received for _, received in reports])


@transaction.atomic
def accept_batch(
    source_id: int,
    items: Sequence[NewReport | BadReport],
    *,
    key: str,
    at: datetime,
    by: Actor,
    whole: bool = False,
) -> BatchAnswer:
    """Store the good reports of a batch and answer the bad ones by position; with `whole`, a bad one is raised.

    A batch sent again under the same key gets the same answer and stores nothing. An empty batch is a sign of life.
    Raises TooManyWaiting, storing nothing, while judging is too far behind; what was answered before is answered again.
    """
    require(by, Permission.SEND_ALARMS)
    if len(key) > _LONGEST_KEY:
        raise BadReport(
            msgid("{name} has {length} characters; send at most {longest}."),
            name="key",
            length=len(key),
            longest=_LONGEST_KEY,
        )
    if key:
        _lock(source_id)
        known = IntakeBatch.objects.filter(source_id=source_id, key=key).values_list("answer", flat=True).first()
        if known is not None:
            return _answer_again(known)
    _must_have_room(source_id, at)
    good: dict[int, NewReport] = {}
    refused: dict[int, str] = {}
    for position, item in enumerate(items):
        try:
            if isinstance(item, BadReport):
                raise item
            check(item)
            good[position] = item
        except BadReport as error:
            if whole:
                raise
            refused[position] = error.explain(gettext)
    ids = _store(source_id, list(good.values()), [at] * len(good))
    accepted = dict(zip(good, ids, strict=True))
    if not items:
        AlarmSource.objects.filter(pk=source_id).update(last_report_at=at)
    if key:
        answer = {"accepted": accepted, "refused": refused}
        IntakeBatch.objects.create(source_id=source_id, key=key, received_at=at, answer=answer)
    return BatchAnswer(accepted, refused)


def _must_have_room(source_id: int, at: datetime) -> None:
    """Refuse while too much waits to be judged (G1), unless the source's region holds less than its share of that.

    Looked up once a second, so a little more may come in.
    """
    second, limits = int(at.timestamp()), (settings.QUEUE_MOST, settings.QUEUE_LONGEST_S)
    if _is_behind(second, *limits) and _holds_its_share(second, source_id, *limits):
        raise TooManyWaiting(
            msgid("Too many alarms wait to be judged; nothing was stored. Send this again in {seconds} s."),
            seconds=TooManyWaiting.retry_s,
        )


@lru_cache(maxsize=1)
def _is_behind(second: int, most: int, longest_s: int) -> bool:
    return is_behind(at=datetime.fromtimestamp(second, UTC), most=most, longest_s=longest_s)


@lru_cache(maxsize=256)
def _holds_its_share(second: int, source_id: int, most: int, longest_s: int) -> bool:
    return holds_its_share(source_id, at=datetime.fromtimestamp(second, UTC), most=most, longest_s=longest_s)


def look_again() -> None:
    """Forget how much waited a moment ago."""
    _is_behind.cache_clear()
    _holds_its_share.cache_clear()


def _lock(source_id: int) -> None:
    """Let one batch with a key be taken in at a time, so that the same one sent twice at once is taken once."""
    if connection.vendor == "postgresql":  # SQLite lets one transaction write at a time anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('intake batch'), %s)", [source_id])


def _answer_again(answer: dict[str, Any]) -> BatchAnswer:
    return BatchAnswer(
        {int(position): pk for position, pk in answer["accepted"].items()},
        {int(position): why for position, why in answer["refused"].items()},
        repeated=True,
    )


def _store(source_id: int, reports: Sequence[NewReport], received: Iterable[datetime]) -> list[int]:
    rows = [_row(source_id, report, received_at) for report, received_at in zip(reports, received, strict=True)]
    return insert_returning(AlarmReport, _COLUMNS, rows)


_COLUMNS = (
    "source_id", "external_id", "kind", "resource_ref", "alarm_type", "probable_cause", "severity", "event_at",
    "received_at", "text",
)  # fmt: skip


def _row(source_id: int, report: NewReport, received_at: datetime) -> tuple[Any, ...]:
    ref, alarm_type, severity, event_at, external_id, probable_cause, text = report
    kind = _CLEAR if severity == _CLEARED else _RAISE
    return (
        source_id, external_id, kind, ref, alarm_type, probable_cause, severity, event_at, received_at, text[:400],
    )  # fmt: skip
