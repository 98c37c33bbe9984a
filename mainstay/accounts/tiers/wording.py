"""How are rows, figures and moves said in the reader's language?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mainstay.accounts.tiers.facts.register import Fact, facts
from mainstay.domain.tiering.conditions import Condition
from mainstay.domain.tiering.facts import UNKNOWN, Unit, Value, number_text
from mainstay.domain.tiering.tables import FACTOR_FACT, Decay, Effect, Row, Table


@dataclass(frozen=True)
class Asked:
    """One condition of a row beside the customer's figure: what is asked, what is so, whether it holds.

    `short`: how much is missing to the lower bound, in words, "" where nothing is or nobody can say.
    """

    fact: str
    label: str
    source: str
    wanted: str
    found: str
    holds: bool
    short: str = ""


def value_words(fact: Fact, value: Value) -> str:
    """Say a figure."""
    if value is None:
        return _("unknown")
    if fact.kind.unit == Unit.FLAG:
        return _("yes") if value else _("no")
    if fact.kind.unit == Unit.CHOICE:
        return str(fact.option_labels.get(str(value), value))
    text = number_text(int(value), fact.kind.unit)
    return f"¥\u202f{text}" if fact.kind.unit == Unit.YUAN else text


def condition_words(fact: Fact, condition: Condition) -> str:
    """Say what a cell asks."""
    if condition.known is not None:
        return _("known") if condition.known else _("unknown")
    if condition.among:
        return " / ".join(value_words(fact, one) for one in condition.among)
    return condition.text(fact.kind)


def row_words(row: Row | Decay, table: Table | None = None) -> str:
    """Say a row in one line: each fact with what is asked of it."""
    known = facts()
    said = [f"{known[name].label} {condition_words(known[name], asked)}" for name, asked in row.when.items()]
    return " · ".join(said) or _("everybody")


def effect_words(decay: Decay) -> str:
    """Say what time does."""
    return _("onto the lapsed list") if decay.effect == Effect.LAPSE else _("one class down")


def asked_of(row: Row | Decay, table: Table, given: Mapping[str, Value]) -> list[Asked]:
    """Lay a row beside a customer's figures, condition by condition; a scaled row's bounds with the city's factor."""
    known = facts()
    when = _scaled(row, table, given) if isinstance(row, Row) else row.when
    return [
        Asked(
            name, str(known[name].label), str(known[name].source), condition_words(known[name], asked),
            value_words(known[name], given.get(name)), asked.holds(given.get(name)),
            missing(known[name], asked, given.get(name)),
        )
        for name, asked in when.items()
    ]  # fmt: skip


def _scaled(row: Row, table: Table, given: Mapping[str, Value]) -> Mapping[str, Condition]:
    group = given.get(FACTOR_FACT)
    if row.scaled and group in table.factors:
        return next(rule.when for _place, rule in table.rules() if _is_for(rule, row, group))
    return row.when


def _is_for(rule: Row, row: Row, group: Value) -> bool:
    asked = rule.when.get(FACTOR_FACT)
    same = (rule.grade, rule.note, set(rule.when) - {FACTOR_FACT}) == (row.grade, row.note, set(row.when))
    return same and rule.scaled and asked is not None and asked.low == group


def missing(fact: Fact, asked: Condition, value: Value) -> str:
    """Say how much more is needed for a lower bound: "18,000 yuan more"."""
    if value is None or asked.low is None or not fact.kind.is_number or int(value) >= asked.low + (not asked.low_in):
        return ""
    lacking = asked.low - int(value) + (0 if asked.low_in else 1)
    if lacking <= 0 or lacking == UNKNOWN:
        return ""
    amount = number_text(lacking, fact.kind.unit)
    if fact.kind.unit == Unit.YUAN:
        yearly = "year" in fact.name
        return (_("%(amount)s yuan a year more") if yearly else _("%(amount)s yuan more")) % {"amount": amount}
    if fact.kind.unit == Unit.MONTHS:
        return ngettext("%(n)s month more", "%(n)s months more", lacking) % {"n": amount}
    return _("%(n)s more") % {"n": amount}


def figures_words(row: Row | Decay | None, table: Table, given: Mapping[str, Value]) -> str:
    """Say the figures that decided, in one line: "Billed in 12 months ¥ 230,000 (≥ 200,000)"."""
    if row is None:
        return ""
    return " · ".join(_in_line(one) for one in asked_of(row, table, given))


def _in_line(one: Asked) -> str:
    return f"{one.label} {one.found}" if one.found == one.wanted else f"{one.label} {one.found} ({one.wanted})"


def lost_words(table: Table, labels: Mapping[str, str], lost: Sequence[str], given: Mapping[str, Value]) -> str:
    """Say why grades are no longer held: of each, what its nearest row asks and the figures do not show."""
    said = []
    for grade in lost:
        open_ones = [
            [one for one in asked_of(row, table, given) if not one.holds] for row in table.rows if row.grade == grade
        ]
        nearest = min((asked for asked in open_ones if asked), key=len, default=[])
        if nearest:
            figures = " · ".join(_in_line(one) for one in nearest)
            said.append(_("no longer %(grade)s: %(figures)s") % {"grade": labels.get(grade, grade), "figures": figures})
    return "; ".join(said)


def because_words(
    table: Table, labels: Mapping[str, str], place: int, masks: tuple[int, int], given: Mapping[str, Value]
) -> str:
    """Say why grades change from one mask to another: the row that fits now, and what was lost."""
    row = table.rows[place] if 0 <= place < len(table.rows) else None
    gone = [grade for n, grade in enumerate(table.grades) if (masks[0] & ~masks[1]) >> n & 1]
    return "; ".join(
        part for part in (figures_words(row, table, given), lost_words(table, labels, gone, given)) if part
    )
