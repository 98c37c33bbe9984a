"""What is owed for a month of a circuit under its clauses, and why? Exact, in fen, every step a line (H8).

Facts and clauses in, an amount and its derivation out. Amounts are exact fractions of fen until a clause's amount is
rounded once, by the rule the clause set names. Only what the operator answers for counts.
"""

from mainstay.domain.compensation.clauses import (
    Amount,
    AmountUnit,
    Cap,
    Clause,
    ClauseKind,
    ClauseSet,
    Combining,
    Per,
    Rounding,
    Step,
)
from mainstay.domain.compensation.facts import Event, LateRepair, MonthFacts, Rent
from mainstay.domain.compensation.lines import LINE_TEXTS, Line
from mainstay.domain.compensation.plain import clause_set_from, facts_from, plain_clause_set, plain_facts
from mainstay.domain.compensation.reckoning import Awarded, Compensation, reckon
from mainstay.domain.compensation.rules import BadClauses, check_clauses

__all__ = [
    "LINE_TEXTS",
    "Amount",
    "AmountUnit",
    "Awarded",
    "BadClauses",
    "Cap",
    "Clause",
    "ClauseKind",
    "ClauseSet",
    "Combining",
    "Compensation",
    "Event",
    "LateRepair",
    "Line",
    "MonthFacts",
    "Per",
    "Rent",
    "Rounding",
    "Step",
    "check_clauses",
    "clause_set_from",
    "facts_from",
    "plain_clause_set",
    "plain_facts",
    "reckon",
]
