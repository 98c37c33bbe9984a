"""A tier table as a sheet of cells: shown beside the version in force, read back from what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from mainstay.accounts.tiers.queries.register import (
    Condition,
    Decay,
    Effect,
    Fact,
    Grade,
    Row,
    Table,
    condition_from,
    condition_words,
    effect_words,
    factor_from,
    facts,
    used_columns,
)
from mainstay.domain.errors import MainstayError

MOST_ROWS = 60


@dataclass
class Cell:
    """One cell: what it asks of a fact; `was`: what it asks in the version in force, where that differs."""

    name: str
    kind: str
    label: str
    text: str = ""
    words: str = ""
    was: str = ""
    error: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class SheetRow:
    """A row of cells with the grade it gives, or what time does."""

    number: int
    cells: list[Cell]
    grade: str = ""
    grade_label: str = ""
    grade_was: str = ""
    note: str = ""
    scaled: bool = False
    effect: str = ""
    effect_label: str = ""
    is_new: bool = False


@dataclass
class Sheet:
    """A table to be shown or edited; `errors` counts what could not be read."""

    columns: list[Fact]
    rows: list[SheetRow]
    decay_columns: list[Fact]
    decays: list[SheetRow]
    factors: list[tuple[int, str]]
    grades: list[Grade]
    others: list[Fact]
    errors: int = 0
    removed: int = 0
    problem: str = ""
    has_factors: bool = False


def sheet_of(table: Table, grades: list[Grade], before: Table | None = None, extra: Iterable[str] = ()) -> Sheet:
    """Return a table as a sheet; `before`: the version in force; `extra`: facts to be shown as empty columns."""
    known = facts()
    columns = [*used_columns(table.rows), *extra]
    columns = [name for name in dict.fromkeys(columns) if name in known]
    decayed = used_columns(table.decays)
    labels = {grade.code: grade.label() for grade in grades}
    rows = []
    for place, row in enumerate(table.rows):
        old = before.rows[place] if before and place < len(before.rows) else None
        cells = [_cell(f"c-{place}-{name}", known[name], row.when.get(name), _was(old, name)) for name in columns]
        was = labels.get(old.grade, "") if old and old.grade != row.grade else ""
        rows.append(SheetRow(place, cells, row.grade, labels.get(row.grade, row.grade), was, row.note, row.scaled,
                             is_new=before is not None and old is None))  # fmt: skip
    decays = []
    for place, decay in enumerate(table.decays):
        gone = before.decays[place] if before and place < len(before.decays) else None
        cells = [_cell(f"d-{place}-{name}", known[name], decay.when.get(name), _was(gone, name)) for name in decayed]
        decays.append(SheetRow(place, cells, effect=decay.effect.value, effect_label=effect_words(decay)))
    others = [fact for name, fact in known.items() if name not in columns]
    factors = [(group, str(factor)) for group, factor in table.factors.items()]
    removed = max(0, len(before.rows) - len(table.rows)) if before else 0
    return Sheet([known[n] for n in columns], rows, [known[n] for n in decayed], decays, factors, grades, others,
                 removed=removed, has_factors=bool(factors))  # fmt: skip


def _was(old: Row | Decay | None, name: str) -> tuple[bool, Condition | None]:
    return (old is not None, old.when.get(name) if old else None)


def _cell(name: str, fact: Fact, asked: Condition | None, was: tuple[bool, Condition | None]) -> Cell:
    kind = "number" if fact.kind.is_number else "choice"
    cell = Cell(name, kind, str(fact.label), asked.text(fact.kind) if asked else "",
                condition_words(fact, asked) if asked else "")  # fmt: skip
    there, old = was
    if there and old != asked:
        cell.was = condition_words(fact, old) if old else gettext("any")
    if kind == "choice":
        cell.options = _options(fact, cell.text)
    return cell


def _options(fact: Fact, text: str) -> list[tuple[str, str]]:
    if not fact.kind.options:
        found = [("true", gettext("yes")), ("false", gettext("no"))]
    else:
        found = [(code, str(label)) for code, label in fact.option_labels.items()]
    known = {code for code, _label in found}
    return [*found, *([(text, text)] if text and text not in known else [])]


@dataclass
class Typed:
    """What was typed: the contents to be kept, and errors by cell."""

    table: Table
    errors: dict[str, str]
    texts: dict[str, str]


def typed_in(given: QueryDict, standing: Table) -> Typed:
    """Read a sheet that was sent; what cannot be read stays as it was typed, with the reason."""
    errors: dict[str, str] = {}
    texts: dict[str, str] = {}

    def read(prefix: str, place: int, names: list[str]) -> dict[str, Condition]:
        found = {}
        for name in names:
            key = f"{prefix}-{place}-{name}"
            text = given.get(key, "")
            texts[key] = text
            try:
                asked = condition_from(text, known[name].kind)
            except MainstayError as error:
                errors[key] = error.explain(gettext)
                continue
            if asked is not None:
                found[name] = asked
        return found

    known = facts()
    columns = [name for name in given.get("cols", "").split(",") if name in known]
    decayed = [name for name in given.get("decay-cols", "").split(",") if name in known]
    rows = [
        Row(given.get(f"grade-{place}", ""), read("c", place, columns), given.get(f"note-{place}", "")[:120],
            f"scaled-{place}" in given)
        for place in range(_count(given, "rows"))
    ]  # fmt: skip
    effects = [decay.effect for decay in standing.decays]
    decays = [
        Decay(effects[place] if place < len(effects) else Effect.DOWN, read("d", place, decayed))
        for place in range(_count(given, "decays"))
    ]
    factors = {}
    for group in standing.factors:
        try:
            factors[group] = factor_from(given.get(f"factor-{group}", ""))
        except MainstayError as error:
            errors[f"factor-{group}"] = error.explain(gettext)
    return Typed(_with(standing, rows, decays, factors), errors, texts)


def _with(standing: Table, rows: list[Row], decays: list[Decay], factors: Mapping[int, Any]) -> Table:
    return Table(standing.grades, tuple(rows), standing.policy, tuple(decays), dict(factors), standing.overlap,
                 standing.lapsed)  # fmt: skip


def _count(given: QueryDict, name: str) -> int:
    text = given.get(name, "0")
    return min(int(text), MOST_ROWS) if text.isdigit() else 0


def show_errors(sheet: Sheet, typed: Typed) -> Sheet:
    """Lay what was typed, and why it could not be read, into the cells."""
    for row in (*sheet.rows, *sheet.decays):
        for cell in row.cells:
            cell.text = typed.texts.get(cell.name, cell.text)
            cell.error = typed.errors.get(cell.name, "")
    sheet.errors = len(typed.errors)
    wrong = [text for name, text in typed.errors.items() if name.startswith("factor-")]
    sheet.problem = " ".join(wrong)
    return sheet


def reordered(table: Table, what: str) -> Table:
    """Add a row at the end (`add`), remove one (`remove-2`), or move one up (`up-2`)."""
    verb, _dash, number = what.partition("-")
    rows, place = list(table.rows), int(number) if number.isdigit() else -1
    if verb == "add":
        rows.append(Row(next((one for one in reversed(table.grades) if one != table.lapsed), table.grades[0])))
    elif 0 <= place < len(rows) and verb == "remove":
        del rows[place]
    elif 0 < place < len(rows) and verb == "up":
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    return _with(table, rows, list(table.decays), table.factors)
