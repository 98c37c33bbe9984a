"""Does a customer fulfil a condition, and which part of it not? Three answers: yes, no, or a fact is not known (B5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import zen

from mainstay.accounts.offers.errors import BadOffer
from mainstay.domain.errors import msgid
from mainstay.domain.offers import FACTS, in_english

MOST = 1_000
_STRING = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`")
_NAME = re.compile(r"\$?[A-Za-z_][A-Za-z_0-9]*(?!\w*\s*\()|[^\x00-\x7f]+")
_JOINT = re.compile(r"\b(?:and|or)\b|并且|或者")
_KEYWORDS = frozenset({"and", "or", "not", "in", "null", "true", "false"})
_SAMPLE: dict[str, Any] = {
    "grade": "gold", "special": False, "revenue_month": 1.0, "revenue_average": 1.0, "revenue_year": 1.0,
    "paid_year": 1.0, "arrears": 0.0, "late_payments": 0, "months": 12, "trade": "J", "region": "42",
    "kind": "organisation", "products": ["leased-line"], "points": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Clause:
    """A part of a condition as it is written, and whether it holds; None: a fact it asks for is not known.

    `facts`: what it asks for, with what is known of the customer.
    """

    text: str
    holds: bool | None
    facts: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a customer is eligible; None: not known. `clauses` say why."""

    eligible: bool | None
    clauses: tuple[Clause, ...]


class Condition:
    """A condition, read once and asked of many customers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._whole = _Expression(text)
        self._parts = [_Expression(part) for part in parts_of(text)]

    def holds(self, facts: Mapping[str, Any]) -> bool | None:
        """Say whether it holds; None: a fact it needs is not known."""
        return self._whole.holds(facts)

    def judge(self, facts: Mapping[str, Any]) -> Verdict:
        """Say whether it holds and how each of its parts does."""
        clauses = [
            Clause(part.text, part.holds(facts), tuple((name, facts.get(name)) for name in part.names))
            for part in self._parts
        ]
        return Verdict(self.holds(facts), tuple(clauses))


class _Expression:
    def __init__(self, text: str) -> None:
        self.text, said = text.strip(), in_english(text)
        self.names = sorted({name for name in _NAME.findall(_STRING.sub(" ", said)) if name in FACTS})
        self._compiled = zen.compile_expression(said)

    def holds(self, facts: Mapping[str, Any]) -> bool | None:
        if any(facts.get(name) is None for name in self.names):
            return None
        try:
            answer = self._compiled.evaluate(dict(facts))
        except RuntimeError:
            return None
        return answer if isinstance(answer, bool) else None


def check(text: str) -> None:
    """Refuse what is no condition, naming what is wrong. Raises BadOffer."""
    if not text.strip() or len(text) > MOST:
        raise BadOffer(msgid("Write a condition of at most {most} characters; “true” lets everybody in."), most=MOST)
    said = in_english(text)
    unknown = [name for name in _NAME.findall(_STRING.sub(" ", said)) if name not in FACTS and name not in _KEYWORDS]
    if unknown:
        raise BadOffer(msgid("“{name}” is no fact a condition can ask for; choose one of the list."), name=unknown[0])
    try:
        answer = zen.evaluate_expression(said, dict(_SAMPLE))
    except RuntimeError as error:
        raise BadOffer(msgid("This is no condition ({why}); correct it."), why=_why(error)) from error
    if not isinstance(answer, bool):
        raise BadOffer(msgid("This says no yes or no; compare something, as in: grade == 'gold'."))


def _why(error: RuntimeError) -> str:
    """Return what the evaluator complains of, without its traces."""
    found = re.search(r'"source":\s*"([^"]*)"', str(error))
    return found.group(1)[:120] if found else str(error).splitlines()[0][:120]


def parts_of(text: str) -> list[str]:
    """Split a condition where its parts are joined by `and`; one that has an `or` outside of brackets stays whole."""
    blank, depth, cuts = _STRING.sub(lambda found: "x" * len(found.group()), text), 0, [0]
    brackets = {"(": 1, "[": 1, "（": 1, ")": -1, "]": -1, "）": -1}
    joints = {found.start(): found for found in _JOINT.finditer(blank)}
    for place, character in enumerate(blank):
        depth += brackets.get(character, 0)
        if depth == 0 and place in joints:
            if joints[place].group() in ("or", "或者"):
                return [text.strip()]
            cuts += [place, joints[place].end()]
    cuts.append(len(text))
    return [part for start, end in zip(cuts[::2], cuts[1::2], strict=True) if (part := text[start:end].strip())]
