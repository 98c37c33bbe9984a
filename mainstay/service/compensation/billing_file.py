"""What does the file for billing say, and what may billing answer? docs/operations-compensation.md describes both.

UTF-8, comma-separated, CRLF: a header with count and sum, one row per compensation, a trailer that repeats both.
Nothing in it is free text, so that no spreadsheet takes a cell for a formula; amounts are whole fen, a reversal's is
negative.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from mainstay.domain.errors import msgid
from mainstay.service.compensation.choices import Answer
from mainstay.service.compensation.errors import BadAnswer

FORMAT: Final = "MAINSTAY-COMPENSATION"
ANSWER: Final = "MAINSTAY-COMPENSATION-ANSWER"
VERSION: Final = "1"
LARGEST_ANSWER: Final = 4_000_000
"""Characters."""


@dataclass(frozen=True)
class FileRow:
    """One row: a compensation as billing needs it; `reverses` the number of the one it takes back, "" none."""

    number: str
    customer_code: str
    contract_number: str
    line_position: int | None
    circuit_number: str
    month: str
    kind: str
    amount_fen: int
    reverses: str


HEAD: Final = ("position", "claim", "customer", "contract", "line", "circuit", "month", "kind", "amount_fen",
               "currency", "reverses")  # fmt: skip


def written(run_number: str, rows: Iterable[FileRow], *, at: datetime) -> str:
    """Return the file of a run."""
    given = list(rows)
    count, total = len(given), sum(row.amount_fen for row in given)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(("H", FORMAT, VERSION, run_number, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", count, total))
    lines.writerow(("C", *HEAD))
    for position, row in enumerate(given, start=1):
        lines.writerow(
            ("D", position, row.number, row.customer_code, row.contract_number,
             "" if row.line_position is None else row.line_position, row.circuit_number, row.month, row.kind,
             row.amount_fen, "CNY", row.reverses)
        )  # fmt: skip
    lines.writerow(("T", run_number, count, total))
    return out.getvalue()


@dataclass(frozen=True)
class AnswerRow:
    """What billing says of one row: accepted, or refused and why."""

    number: str
    answer: str
    why: str


def read_answer(text: str) -> tuple[str, list[AnswerRow]]:
    """Return the number of the run an answer is for, and its rows. Raises BadAnswer naming the line."""
    if len(text) > LARGEST_ANSWER:
        raise BadAnswer(msgid("The answer is too long; it has one line per row of the run."))
    run_number, rows, trailer = "", [], None
    for number, cells in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), start=1):
        told = [cell.strip() for cell in cells]
        if not any(told) or told[0] == "C":
            continue
        if not run_number:
            run_number = _header(told)
        elif told[0] == "D" and trailer is None:
            rows.append(_row(told, number))
        elif told[0] == "T" and trailer is None:
            trailer = told
        else:
            raise _bad(number)
    if trailer is None or trailer[1:3] != [run_number, str(len(rows))]:
        raise BadAnswer(
            msgid("The answer is not whole: its last line must be “T,{run},{count}”. Ask billing for it again."),
            run=run_number or "BR-…", count=len(rows),
        )  # fmt: skip
    return run_number, rows


def _header(told: list[str]) -> str:
    if told[:3] != ["H", ANSWER, VERSION] or len(told) < 4 or not told[3]:
        raise BadAnswer(
            msgid("This is no answer of billing: its first line must begin with “H,{format},{version},BR-…”."),
            format=ANSWER, version=VERSION,
        )  # fmt: skip
    return told[3]


def _row(told: list[str], number: int) -> AnswerRow:
    if len(told) < 3 or told[2].lower() not in (Answer.ACCEPTED, Answer.REFUSED):
        raise _bad(number)
    why = told[3] if len(told) > 3 else ""
    if told[2].lower() == Answer.REFUSED and not why:
        raise BadAnswer(msgid("Line {line}: billing refuses {claim} without saying why."), line=number, claim=told[1])
    return AnswerRow(told[1], told[2].lower(), why[:200])


def _bad(number: int) -> BadAnswer:
    return BadAnswer(
        msgid("Line {line} is none of an answer: “D,CP-…,accepted”, “D,CP-…,refused,why” or “T,BR-…,count”."),
        line=number,
    )
