"""What does an offer save in a month, and which words may its condition use? Money in fen (0.01 yuan) (B5).

Conditions are zen expressions over facts. Facts have an English and a Chinese name; the Chinese one is turned into the
English one before the expression is read, outside of quotation marks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FACTS = {
    "grade": "等级", "special": "特级", "revenue_month": "月收入", "revenue_average": "月均收入",
    "revenue_year": "年收入", "paid_year": "年付款", "arrears": "欠费", "late_payments": "逾期次数",
    "months": "在网月数", "trade": "行业", "region": "地区", "kind": "客户类型", "products": "产品", "points": "积分",
}  # fmt: skip
"""What a condition may ask for, with its Chinese name. Sums in yuan; trade and region as codes; products a list."""

_QUOTED = re.compile(r"(\"[^\"]*\"|'[^']*'|`[^`]*`)")
_CHINESE = sorted(((chinese, english) for english, chinese in FACTS.items()), key=lambda pair: -len(pair[0]))
_WORDS = {"并且": " and ", "或者": " or ", "属于": " in ", "不是": " != ", "，": ",", "（": "(", "）": ")"}


class Benefit(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_MONTHS = "free_months"
    POINTS = "points"


@dataclass(frozen=True)
class Saving:
    """What an offer gives for one month."""

    saved_fen: int
    points: int = 0


def in_english(condition: str) -> str:
    """Return a condition with the Chinese names of facts, and Chinese punctuation, as the evaluator reads them."""
    said = condition
    for chinese in ("“", "”", "‘", "’"):
        said = said.replace(chinese, '"')
    parts = _QUOTED.split(said)
    return "".join(part if _QUOTED.fullmatch(part) else _translated(part) for part in parts)


def _translated(part: str) -> str:
    for chinese, english in (*_CHINESE, *_WORDS.items()):
        part = part.replace(chinese, english)
    return part


def savings(benefit: Benefit, value: float, billed_fen: Sequence[int]) -> list[Saving]:
    """Return what an offer saves in each of the months billed (fen), the first one first.

    Percent rounds down to the fen; an amount never exceeds the bill; free months are the first of each twelve.
    """
    return [_saving(benefit, value, fen, place) for place, fen in enumerate(billed_fen)]


def _saving(benefit: Benefit, value: float, billed_fen: int, place: int) -> Saving:
    billed = max(billed_fen, 0)
    if benefit == Benefit.PERCENT:
        return Saving(billed * round(value * 100) // 10_000)
    if benefit == Benefit.AMOUNT:
        return Saving(min(billed, round(value)))
    if benefit == Benefit.FREE_MONTHS:
        return Saving(billed if place % 12 < value else 0)
    return Saving(0, round(value))
