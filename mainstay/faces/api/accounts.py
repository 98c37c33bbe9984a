"""The batch door for figures of customers' accounts: balances, transactions, settlements (B6)."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Router

from mainstay.accounts.nominations.actions.intake import DayFigures
from mainstay.accounts.nominations.choices import Figure
from mainstay.accounts.nominations.delivering import deliver
from mainstay.accounts.nominations.errors import BadFigure
from mainstay.domain.errors import msgid

figures = Router(tags=["Balances and transactions of accounts"])

MOST = 20_000
_NAMED = ("account", "customer", "kind", "on")
_KNOWN = frozenset({*_NAMED, *Figure.values})


@figures.post("/accounts/figures")
def create_figures(request: HttpRequest, payload: Body[list[Any]]) -> dict[str, Any]:
    """Take figures of accounts in, one object for each account and day; good ones are kept, bad ones answered.

    `account` (number), `customer` (code), `kind` (demand, time, notice, margin, loan), `on` (a day), and any of
    `balance`, `amount`, `settled`, `contribution` (fen), `count`. The same again changes nothing.
    """
    if len(payload) > MOST:
        raise BadFigure(
            msgid("A batch of {count} is too large; send at most {most} figures at once."),
            count=len(payload), most=MOST,
        )  # fmt: skip
    answer = deliver([_read(each) for each in payload], at=timezone.now(), by=request.actor)  # type: ignore[attr-defined]
    refused = [{"position": position, "reason": why} for position, why in sorted(answer.reasons().items())]
    return {"accepted": answer.accepted, "refused": refused}


def _read(given: object) -> DayFigures | BadFigure:
    if not isinstance(given, dict) or not _KNOWN.issuperset(given):
        return BadFigure(msgid("Figures are an object with {names} and nothing else."), names=", ".join(sorted(_KNOWN)))
    texts = [given.get(name) for name in _NAMED]
    if not all(isinstance(text, str) and "\0" not in text for text in texts):
        return BadFigure(msgid("Account, customer, kind and day of figures are text."))
    try:
        on = date.fromisoformat(given["on"])
    except ValueError:
        return BadFigure(msgid("“{text}” is no day; write e.g. 2026-09-01."), text=given["on"][:40])
    measured = {name: given.get(name) for name in Figure.values}
    if any(value is not None and type(value) is not int for value in measured.values()):
        return BadFigure(msgid("Amounts of figures are whole numbers of fen."))
    return DayFigures(given["account"], given["customer"], given["kind"], on, **measured)
