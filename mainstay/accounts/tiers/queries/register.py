"""What pages need to show and read tables: facts, grades, conditions and their words."""

from mainstay.accounts.tiers.facts.register import Fact, facts, given_by_hand
from mainstay.accounts.tiers.grades import Grade, bare_table, grades_of, label_of, names_in, source_of, table_of
from mainstay.accounts.tiers.wording import condition_words, effect_words, row_words, value_words
from mainstay.domain.tiering.conditions import Condition, condition_from
from mainstay.domain.tiering.facts import Unit, Value, number_from
from mainstay.domain.tiering.tables import Decay, Effect, Row, Table, factor_from, used_columns

__all__ = [
    "Condition", "Decay", "Effect", "Fact", "Grade", "Row", "Table", "Unit", "Value", "bare_table", "condition_from",
    "condition_words", "effect_words", "factor_from", "facts", "given_by_hand", "grades_of", "label_of", "names_in",
    "number_from", "row_words", "source_of", "table_of", "used_columns", "value_words",
]  # fmt: skip
