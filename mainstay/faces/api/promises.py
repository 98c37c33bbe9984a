"""The door to “which promise holds for this circuit, now and on 3 March, and why” (D2, PC 14)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from mainstay.accounts.catalog.choices import Metric, Unit
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.service.promises.choices import LEVEL_LABELS
from mainstay.service.promises.errors import BadPromise
from mainstay.service.promises.explaining import MOST_CIRCUITS, Explained, explain
from mainstay.service.promises.holding import HoldingPromise, Rival

promises = Router(tags=["Promises"])


class Term(BaseModel):
    """A term that holds on the day, or would if no other did."""

    level: str = Field(description="Where it is laid down: circuit, contract_line, contract, customer, grade, product, "
                       "default, or one of these with _package.")  # fmt: skip
    levelLabel: str = Field(description="The level in the asker's language.")  # noqa: N815
    label: str = Field(description="Which one it is: a contract's number and line, a package, a grade …")
    amount: str = Field(description="How much, as a decimal number.")
    unit: str = Field(description="natural_minutes, working_minutes, working_days, same_day, percent or months.")
    validFrom: date | None = Field(description="First day it holds.")  # noqa: N815
    validTo: date | None = Field(description="First day it no longer holds; null: open.")  # noqa: N815


class Promise(Term):
    """The promise that holds for a metric, why, and what else would have."""

    metric: str = Field(description="restoration, response, feedback, availability, planned_notice or report.")
    metricLabel: str  # noqa: N815
    calendar: str = Field(description="Code of the calendar its time is counted by.")
    sentence: str = Field(description="The promise in words, in the asker's language.")
    reason: str = Field(description="Why this one holds, in the asker's language.")
    overlaps: list[Term] = Field(description="Others of the same level that hold at once: a mistake to mend.")
    overridden: list[Term] = Field(description="What holds at less specific levels, most specific first.")


class Answer(BaseModel):
    """A circuit as it was on the day, and its promises."""

    circuit: str
    on: date
    grade: str
    product: str
    reach: str
    contract: str = Field(description="Number of the contract it ran under, empty for none in force.")
    line: int
    contractVersion: int = Field(description="The contract's version in force then; 0: not kept.")  # noqa: N815
    promises: list[Promise]


class Answers(BaseModel):
    """What holds for the circuits asked for, in the order asked."""

    on: date
    circuits: list[Answer]
    notFound: list[str] = Field(description="Numbers that are unknown, or that the asker may not see.")  # noqa: N815


class Question(BaseModel):
    """Circuits by number, and a day (today where none is given)."""

    circuits: list[str] = Field(max_length=MOST_CIRCUITS, min_length=1)
    on: date | None = None


@promises.get("/promises", response=Answers, summary="Which promises hold for circuits on a day, and why")
def read_promises(
    request: HttpRequest,
    circuit: list[str] = Query(..., description="A circuit's number; several: repeat it, or commas between."),  # noqa: B008
    on: str = Query("", description="The day, YYYY-MM-DD; today where none is given."),
) -> dict[str, Any]:
    """Say which promise of each metric held for up to 1,000 circuits on a day, why, and what it overrode.

    History counts: contract line, contract version, packages, grade and profile are those of that day. Errors are in
    the language of Accept-Language. 404 where none of the circuits is known to the asker.
    """
    numbers = [number for given in circuit for number in given.split(",")]
    return _answer(request, numbers, _day(on))


@promises.post("/promises", response=Answers, summary="The same for many circuits: their numbers in the body")
def ask_promises(request: HttpRequest, payload: Question) -> dict[str, Any]:
    """Say the same as GET; a list of 1,000 numbers is longer than many proxies let an address be."""
    return _answer(request, payload.circuits, payload.on)


def _answer(request: HttpRequest, numbers: Sequence[str], on: date | None) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    require(actor, Permission.READ_PROMISES)
    if any("\0" in number for number in numbers):
        raise BadPromise(msgid("A circuit's number holds no such character; correct it."))
    day = on or timezone.localdate()
    found, unknown = explain(actor, numbers, day)
    return {"on": day, "circuits": [_told(one) for one in found], "notFound": unknown}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadPromise(msgid("“{text}” is not a day; write it as 2026-03-03."), text=text[:40]) from None


def _told(one: Explained) -> dict[str, Any]:
    return {
        "circuit": one.number, "on": one.on, "grade": one.grade, "product": one.product, "reach": one.reach,
        "contract": one.contract, "line": one.position, "contractVersion": one.version,
        "promises": [_promise(promise) for promise in one.promises.values() if promise is not None],
    }  # fmt: skip


def _promise(one: HoldingPromise) -> dict[str, Any]:
    term = _term(Rival(one.level, one.term_id, one.label, one.amount, one.unit, one.begins, one.ends))
    return {
        **term, "metric": one.metric, "metricLabel": str(Metric(one.metric).label), "calendar": one.calendar,
        "sentence": one.sentence(), "reason": one.reason(), "overlaps": [_term(rival) for rival in one.overlaps],
        "overridden": [_term(rival) for rival in one.overridden],
    }  # fmt: skip


def _term(one: Rival) -> dict[str, Any]:
    return {
        "level": one.level, "levelLabel": str(LEVEL_LABELS[one.level]), "label": one.label,
        "amount": f"{Decimal(one.amount).normalize():f}", "unit": str(Unit(one.unit).value),
        "validFrom": one.begins or None, "validTo": one.ends or None,
    }  # fmt: skip
