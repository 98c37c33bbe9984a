"""What kinds of facts are there, and how are their values written? Amounts in fen, days as numbers like 20260901."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum

from mainstay.domain.errors import Refused, msgid

UNKNOWN = -(2**63)
"""How an array says that a fact is not known."""

Value = int | bool | str | None
"""A fact of one customer: a number (fen for amounts), yes or no, an option's code; None when nobody knows."""


class Unit(StrEnum):
    """What a fact is measured in."""

    YUAN = "yuan"
    COUNT = "count"
    MONTHS = "months"
    PERCENT = "percent"
    FLAG = "flag"
    CHOICE = "choice"


NUMBERS = frozenset({Unit.YUAN, Unit.COUNT, Unit.MONTHS, Unit.PERCENT})


@dataclass(frozen=True)
class FactKind:
    """A fact as tables know it; `options` are the codes of a choice, in the order arrays number them."""

    name: str
    unit: Unit
    options: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether its values have an order."""
        return self.unit in NUMBERS

    def value(self, code: int) -> Value:
        """Turn an array's number into the fact's value."""
        if code == UNKNOWN:
            return None
        if self.unit == Unit.FLAG:
            return bool(code)
        return self.options[code] if self.unit == Unit.CHOICE else int(code)

    def code(self, value: Value) -> int:
        """Turn a value into an array's number."""
        if value is None:
            return UNKNOWN
        return self.options.index(str(value)) if self.unit == Unit.CHOICE else int(value)


_AMOUNT = re.compile(r"^(-?[\d,，]*\.?\d*)\s*(万|亿|k|m)?$", re.IGNORECASE)
_TIMES = {"万": 10_000, "亿": 100_000_000, "k": 1_000, "m": 1_000_000, "": 1}


def number_from(text: str, unit: Unit) -> int:
    """Read a number as people type it: 5,000,000 · 500万 · 0.5亿; amounts in yuan give fen. Raises Refused."""
    plain = text.strip().removesuffix("元").removesuffix("%").strip().lstrip("¥").strip()
    found = _AMOUNT.match(plain)
    try:
        amount = (
            Decimal(found[1].replace(",", "").replace("，", "")) * _TIMES[(found[2] or "").lower()] if found else None
        )
    except InvalidOperation:
        amount = None
    whole = None if amount is None else amount * (100 if unit == Unit.YUAN else 1)
    if whole is None or whole != whole.to_integral_value() or abs(whole) >= 10**17:
        raise Refused(msgid("“{text}” is not a number here; write it like 200,000 or 20万."), text=text.strip())
    return int(whole)


def number_text(value: int, unit: Unit) -> str:
    """Write a number with separators; fen as yuan, with cents only where there are some."""
    if unit != Unit.YUAN:
        return f"{value:,}"
    yuan = Decimal(value) / 100
    return f"{yuan:,.2f}" if value % 100 else f"{int(yuan):,}"


def scaled(value: int, factor: Decimal) -> int:
    """Multiply a bound, rounded half up to a whole fen or unit."""
    return int((Decimal(value) * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP))
