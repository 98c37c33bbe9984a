"""What does a cell of a decision table ask of a fact? Bounds with their openness, options, known or not."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mainstay.domain.errors import Refused, msgid
from mainstay.domain.tiering.facts import FactKind, Unit, Value, number_from, number_text

_BOUND = re.compile(r"^(>=|<=|≥|≤|＞=|＜=|>|<|＞|＜|=|＝)\s*(.+)$")
_RANGE = re.compile(r"^([^<>≥≤＜＞=]+?)\s*(?:–|—|~|～|\.\.|至|到|(?<=[\d万亿,\s])-)\s*([^<>≥≤＜＞=]+)$")
_AND = re.compile(r"\s*(?:,\s+|，|;|；|且|并且|\band\b|&&|\s(?=[<>≥≤＜＞]))\s*", re.IGNORECASE)
_SAME = {"≥": ">=", "≤": "<=", "＞=": ">=", "＜=": "<=", "＞": ">", "＜": "<", "＝": "="}
_UNKNOWN, _KNOWN = ("unknown", "未知", "?", "？"), ("known", "已知")


@dataclass(frozen=True)
class Condition:
    """What is asked of one fact. Numbers: from `low` (included unless `low_in` is False) to `high` (excluded unless
    `high_in`); choices and flags: one of `among`; `known`: only that it is known, or that it is not.

    A fact that is not known fulfils no bound and no option.
    """

    low: int | None = None
    high: int | None = None
    low_in: bool = True
    high_in: bool = False
    among: tuple[str | bool, ...] = ()
    known: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what is stored; bounds say their openness, which is data (B1)."""
        if self.known is not None:
            return {"known": self.known}
        if self.among:
            return {"among": list(self.among)}
        said: dict[str, Any] = {}
        if self.low is not None:
            said |= {"low": self.low, "low_in": self.low_in}
        if self.high is not None:
            said |= {"high": self.high, "high_in": self.high_in}
        return said

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Condition":
        """Read what is stored."""
        return cls(**{**said, "among": tuple(said.get("among", ()))})

    def zen(self) -> str:
        """Return the condition in zen's language for cells ("" fits anything)."""
        if self.known is not None:
            return "$ != null" if self.known else "null"
        if self.among:
            return ", ".join(str(one).lower() if isinstance(one, bool) else f"'{one}'" for one in self.among)
        parts = []
        if self.low is not None:
            parts.append(f"{'>=' if self.low_in else '>'} {self.low}")
        if self.high is not None:
            parts.append(f"{'<=' if self.high_in else '<'} {self.high}")
        return " and ".join(parts)

    def holds(self, value: Value) -> bool:
        """Say whether a value fulfils it: for explanations; the verdict itself is zen's."""
        if self.known is not None:
            return (value is not None) == self.known
        if value is None:
            return False
        if self.among:
            return value in self.among
        number = int(value)
        above = self.low is None or number > self.low or (self.low_in and number == self.low)
        below = self.high is None or number < self.high or (self.high_in and number == self.high)
        return above and below

    def text(self, kind: FactKind) -> str:
        """Write it as a cell shows it and takes it back: ≥ 200,000 < 2,000,000."""
        if self.known is not None:
            return "known" if self.known else "unknown"
        if self.among:
            return ", ".join(str(one).lower() if isinstance(one, bool) else one for one in self.among)
        parts = []
        if self.low is not None and self.low == self.high and self.low_in and self.high_in:
            return f"= {number_text(self.low, kind.unit)}"
        if self.low is not None:
            parts.append(f"{'≥' if self.low_in else '>'} {number_text(self.low, kind.unit)}")
        if self.high is not None:
            parts.append(f"{'≤' if self.high_in else '<'} {number_text(self.high, kind.unit)}")
        return " ".join(parts)


def condition_from(text: str, kind: FactKind) -> Condition | None:
    """Read a cell as people type it; None for an empty one, which fits anything.

    Numbers: ≥ 200,000 · < 2,000,000 · 20万–200万 (the first included, the second not) · = 5 · a bare number is ≥.
    Raises Refused, which quotes the cell.
    """
    plain = text.strip()
    if not plain or plain in ("—", "-", "*", "any", "不限"):
        return None
    if plain.lower() in _UNKNOWN or plain.lower() in _KNOWN:
        return Condition(known=plain.lower() in _KNOWN)
    if kind.unit == Unit.FLAG:
        return Condition(among=(_flag_from(plain),))
    if kind.unit == Unit.CHOICE:
        return Condition(among=_options_from(plain, kind))
    found = _RANGE.match(plain)
    if found:
        return _checked(Condition(number_from(found[1], kind.unit), number_from(found[2], kind.unit)), plain)
    condition = Condition()
    for part in _AND.split(plain):
        condition = _with_bound(condition, part, kind, plain)
    return _checked(condition, plain)


def _flag_from(text: str) -> bool:
    if text.lower() in ("true", "yes", "y", "1", "是", "√"):
        return True
    if text.lower() in ("false", "no", "n", "0", "否", "×"):
        return False
    raise Refused(msgid("“{text}” is neither yes nor no; choose one of the two."), text=text)


def _options_from(text: str, kind: FactKind) -> tuple[str, ...]:
    wanted = tuple(part for part in re.split(r"[,，、\s]+", text) if part)
    for one in wanted:
        if one not in kind.options:
            raise Refused(
                msgid("“{text}” is not one of {known}; choose from these."), text=one, known=", ".join(kind.options)
            )
    return wanted


def _with_bound(condition: Condition, part: str, kind: FactKind, whole: str) -> Condition:
    found = _BOUND.match(part.strip())
    sign, number = (_SAME.get(found[1], found[1]), found[2]) if found else (">=", part)
    value = number_from(number, kind.unit)
    if sign == "=":
        return Condition(value, value, high_in=True)
    taken = condition.low if sign in (">=", ">") else condition.high
    if taken is not None:
        raise Refused(msgid("“{text}” gives the same bound twice; give one lower and one upper bound."), text=whole)
    if sign in (">=", ">"):
        return Condition(value, condition.high, sign == ">=", condition.high_in)
    return Condition(condition.low, value, condition.low_in, sign == "<=")


def _checked(condition: Condition, text: str) -> Condition:
    low, high = condition.low, condition.high
    empty = low is not None and high is not None and (
        low > high or (low == high and not (condition.low_in and condition.high_in))
    )  # fmt: skip
    if empty:
        raise Refused(msgid("Nothing can lie within “{text}”; the lower bound must be below the upper one."), text=text)
    return condition
