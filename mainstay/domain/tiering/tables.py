"""What is a tier table? Rows of conditions with the grade each gives, demotion by time, factors on bounds."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from mainstay.domain.errors import Refused, msgid
from mainstay.domain.tiering.conditions import Condition
from mainstay.domain.tiering.facts import FactKind, scaled

FACTOR_FACT = "city_group"
MOST_ROWS = 60


class HitPolicy(StrEnum):
    """Whether the first row that fits decides, or all that fit count."""

    FIRST = "first"
    COLLECT = "collect"


class Effect(StrEnum):
    """What time does to a grade."""

    DOWN = "down"
    LAPSE = "lapse"


@dataclass(frozen=True)
class Row:
    """A row: what is asked of which fact, and the grade it gives. `scaled`: factors multiply its lower bounds."""

    grade: str
    when: Mapping[str, Condition] = field(default_factory=dict)
    note: str = ""
    scaled: bool = False


@dataclass(frozen=True)
class Decay:
    """What happens by time: the first of these that fits takes one class down, or puts on the lapsed list."""

    effect: Effect
    when: Mapping[str, Condition] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A tier table. `grades`: codes from the highest to the lowest. `overlap`: the grade of who has two or more
    (collect only). `lapsed`: the grade that says "out of further care". `factors`: by the number of a city's revenue
    group, what scaled rows' lower amounts are multiplied with.
    """

    grades: tuple[str, ...]
    rows: tuple[Row, ...]
    policy: HitPolicy = HitPolicy.FIRST
    decays: tuple[Decay, ...] = ()
    factors: Mapping[int, Decimal] = field(default_factory=dict)
    overlap: str = ""
    lapsed: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the names of the facts it asks for, in the order of the columns."""
        asked = [name for part in self.parts for name in part.when]
        if self.factors and any(row.scaled for row in self.rows):
            asked.append(FACTOR_FACT)
        return tuple(dict.fromkeys(asked))

    @property
    def parts(self) -> tuple["Row | Decay", ...]:
        """Return all that asks for facts: rows, then demotions."""
        return (*self.rows, *self.decays)

    def rules(self) -> Iterator[tuple[int, Row]]:
        """Give the rows as they are judged, each with its place: a scaled row once more for each factor."""
        for place, row in enumerate(self.rows):
            for group, factor in self.factors.items() if row.scaled else ():
                yield place, _scaled(row, group, factor)
            yield place, row

    def contents(self) -> dict[str, Any]:
        """Return what a version stores: rows, demotions, factors."""
        return {
            "rows": [{"grade": r.grade, "when": _said(r.when), "note": r.note, "scaled": r.scaled} for r in self.rows],
            "decays": [{"effect": d.effect.value, "when": _said(d.when), "note": d.note} for d in self.decays],
            "factors": {str(group): str(factor) for group, factor in self.factors.items()},
        }

    def digest(self) -> str:
        """Return what tells it from any other table."""
        said = [self.contents(), self.grades, self.policy, self.overlap, self.lapsed]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def contents_into(table: Table, contents: Mapping[str, Any]) -> Table:
    """Return the table with the rows, demotions and factors a version stores."""
    rows = [Row(r["grade"], _read(r["when"]), r.get("note", ""), r.get("scaled", False)) for r in contents["rows"]]
    decays = [Decay(Effect(d["effect"]), _read(d["when"]), d.get("note", "")) for d in contents.get("decays", ())]
    factors = {int(group): Decimal(factor) for group, factor in contents.get("factors", {}).items()}
    return replace(table, rows=tuple(rows), decays=tuple(decays), factors=factors)


def check(table: Table, kinds: Mapping[str, FactKind]) -> None:
    """Refuse a table that cannot be judged: no rows, unknown grades or facts, bad factors. Raises Refused."""
    if not 0 < len(table.rows) <= MOST_ROWS:
        raise Refused(msgid("A table needs 1 to {most} rows; add or remove rows."), most=MOST_ROWS)
    for number, row in enumerate(table.rows, 1):
        if row.grade not in table.grades:
            raise Refused(msgid("Row {row} gives no grade of this rule set; choose one."), row=number)
    for part in table.parts:
        for name in part.when:
            if name not in kinds:
                raise Refused(msgid("There is no fact “{name}”; choose one of the list."), name=name)
    for group, factor in table.factors.items():
        if not 0 < factor <= 1:
            raise Refused(
                msgid("The factor of city group {group} is {factor}; it must be above 0 and at most 1."),
                group=group, factor=factor,
            )  # fmt: skip


def factor_from(text: str) -> Decimal:
    """Read a factor. Raises Refused."""
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise Refused(msgid("“{text}” is not a factor; write it like 0.9."), text=text) from error


def _scaled(row: Row, group: int, factor: Decimal) -> Row:
    when = {
        name: replace(asked, low=scaled(asked.low, factor)) if asked.low is not None else asked
        for name, asked in row.when.items()
    }
    return replace(row, when={**when, FACTOR_FACT: Condition(group, group, high_in=True)})


def _said(when: Mapping[str, Condition]) -> dict[str, Any]:
    return {name: condition.as_json() for name, condition in when.items()}


def _read(when: Mapping[str, Any]) -> dict[str, Condition]:
    return {name: Condition.from_json(said) for name, said in when.items()}


def used_columns(parts: Sequence[Row | Decay]) -> list[str]:
    """Return the facts these rows ask for, in the order they first appear."""
    return list(dict.fromkeys(name for part in parts for name in part.when))
