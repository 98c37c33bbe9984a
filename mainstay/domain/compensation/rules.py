"""What makes clauses sound? Refused with a sentence that names the clause and the remedy."""

from itertools import pairwise

from mainstay.domain.compensation.clauses import AmountUnit, Cap, Clause, ClauseKind, ClauseSet, Per
from mainstay.domain.errors import Refused, msgid

MOST_CLAUSES = 20
MOST_DAYS = 366


class BadClauses(Refused):
    """Clauses that make no sense together or alone."""


def check_clauses(clauses: ClauseSet) -> None:
    """Refuse clauses that pay nothing, contradict themselves, or cannot be told apart. Raises BadClauses."""
    if len(clauses.clauses) > MOST_CLAUSES:
        raise BadClauses(msgid("A set has at most {most} clauses; make two sets of it."), most=MOST_CLAUSES)
    codes = [clause.code for clause in clauses.clauses]
    for clause in clauses.clauses:
        if not clause.code or codes.count(clause.code) > 1:
            raise BadClauses(
                msgid("The code “{code}” of a clause is missing or given twice; give each clause its own."),
                code=clause.code,
            )
        _check(clause)
    for cap in clauses.caps:
        _check_cap("—", cap)
    if clauses.ignored_below_fen < 0:
        raise BadClauses(msgid("An amount is negative; give one of at least 0."))


def _check(clause: Clause) -> None:
    name = clause.name or clause.code
    if clause.kind == ClauseKind.AVAILABILITY:
        _check_steps(clause, name)
    elif clause.amount.value <= 0:
        raise BadClauses(msgid("“{name}” pays nothing; give an amount above 0."), name=name)
    if clause.kind == ClauseKind.REPEAT and not 0 < clause.repeat_days <= MOST_DAYS:
        raise BadClauses(
            msgid("“{name}”: say within how many days (1 to {most}) an outage is a repeated one."),
            name=name, most=MOST_DAYS,
        )  # fmt: skip
    if clause.free_events < 0 or clause.at_least_fen < 0:
        raise BadClauses(msgid("“{name}”: a number is negative; give one of at least 0."), name=name)
    for cap in clause.caps:
        _check_cap(name, cap)
        if cap.per == Per.YEAR:
            raise BadClauses(msgid("“{name}”: a cap per year is for the whole set; put it there."), name=name)


def _check_steps(clause: Clause, name: str) -> None:
    steps = sorted(clause.steps, key=lambda step: -step.below)
    if not steps:
        raise BadClauses(msgid("“{name}” has no step; give at least one, e.g. “99.9 5%”."), name=name)
    if len({step.amount.unit for step in steps}) > 1:
        raise BadClauses(msgid("“{name}”: steps pay either shares of the rent or sums, not both."), name=name)
    for step in steps:
        if not 0 < step.below <= 100 or step.amount.value <= 0:
            raise BadClauses(
                msgid("“{name}”: a step lies between 0 and 100 per cent and pays more than 0; correct it."), name=name
            )
    for higher, lower in pairwise(steps):
        if higher.below == lower.below or lower.amount.value <= higher.amount.value:
            raise BadClauses(msgid("“{name}”: a deeper step must pay more than the one above it."), name=name)


def _check_cap(name: str, cap: Cap) -> None:
    if cap.amount.value <= 0:
        raise BadClauses(msgid("“{name}”: a cap is above 0; leave it empty for none."), name=name)
    if cap.amount.unit == AmountUnit.PERCENT and cap.amount.value > 1200:
        raise BadClauses(msgid("“{name}”: a cap of more than twelve months' rent is no cap; correct it."), name=name)
