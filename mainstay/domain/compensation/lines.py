"""How is an amount explained? Lines of a code and plain fields, said in the reader's language by who shows them.

A field's ending says what it holds: `_fen` money (an exact fraction as "n/d" or whole), `_s` seconds, `_at` an instant
(ISO 8601), `_pct` per cent, `_amount` an amount of a clause ("5%" or fen); all others are words or counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from mainstay.domain.compensation.clauses import Amount, AmountUnit
from mainstay.domain.errors import msgid


@dataclass(frozen=True)
class Line:
    """One step of a derivation: a key of LINE_TEXTS and its fields, all plain."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def as_json(self) -> dict[str, object]:
        """Return it as plain values, to be kept."""
        return {"code": self.code, "params": dict(self.params)}


LINE_TEXTS: Mapping[str, str] = {
    "price": msgid("Contract {contract}, line {position}: {price_fen} a month."),
    "price_part": msgid("Contract {contract}, line {position}: {price_fen} a month on {days} days of {month_days}."),
    "shared": msgid("The line's price is shared by its {circuits} circuits."),
    "days": msgid("The contract held on {days} of the {month_days} days of the month."),
    "rent": msgid("The month's rent: {rent_fen}."),
    "month_open": msgid("The month is not closed yet; only late repairs are judged."),
    "continues": msgid("“{name}”: {ticket} began before this month and was counted there."),
    "no_rent": msgid("No rent is known for this month; shares of the rent give nothing."),
    "not_ours": msgid(
        "{ticket}: {from_at} to {to_at} is not the operator's responsibility ({side}); it does not count."
    ),
    "cause_excluded": msgid("“{name}”: {ticket} does not count, its cause is excluded ({cause})."),
    "undecided": msgid("{ticket}: nobody has decided yet whose responsibility it was; it counts as the operator's."),
    "undecided_left": msgid("{ticket}: nobody has decided yet whose responsibility it was; it does not count."),
    "late_not_ours": msgid(
        "{ticket}: the late repair is not the operator's responsibility ({side}); it does not count."
    ),
    "unknown_counts": msgid("{unknown_s} of unknown state count as down."),
    "unknown_left": msgid("{unknown_s} of unknown state do not count as down."),
    "availability": msgid("“{name}”: {down_s} down of {base_s}, availability {value_pct}."),
    "step": msgid("“{name}”: below {below_pct}, {pays_amount}: {due_fen}."),
    "no_step": msgid("“{name}”: no step is reached; the first lies below {below_pct}."),
    "no_base": msgid("“{name}”: no time of this month counts; there is no availability."),
    "late": msgid("“{name}”: {ticket} took {used_s}, promised were {promised_s}: {late_s} late."),
    "hours": msgid("“{name}”: {hours} started hours at {pays_amount}: {due_fen}."),
    "event": msgid("“{name}”: {ticket}, {from_at} to {to_at}, {pays_amount}: {due_fen}."),
    "free_event": msgid("“{name}”: {ticket}, {from_at} to {to_at}, is one of {free} that are free."),
    "repeat": msgid(
        "“{name}”: {ticket} began {from_at}, within {days} days after {after_at}, {pays_amount}: {due_fen}."
    ),
    "waived": msgid("“{name}”: a repair was late, {pays_amount}: {due_fen}."),
    "nothing": msgid("“{name}”: nothing is due."),
    "cap_event": msgid("“{name}”: for one event at most {cap_amount}: {due_fen}."),
    "cap_month": msgid("“{name}”: in a month at most {cap_amount}: {due_fen}."),
    "at_least": msgid("“{name}”: at least {least_fen}: {due_fen}."),
    "rounded": msgid("“{name}”: rounded to whole fen ({rule}): {due_fen}."),
    "highest": msgid("Of several clauses the highest counts, “{name}”: {due_fen}."),
    "sum": msgid("The clauses add up: {due_fen}."),
    "set_cap_event": msgid("For one event at most {cap_amount}: {due_fen}."),
    "set_cap_month": msgid("Together in a month at most {cap_amount}: {due_fen}."),
    "set_cap_year": msgid("In a calendar year at most {cap_amount}, {paid_fen} of it awarded before: {due_fen}."),
    "ignored": msgid("{due_fen} lies below {least_fen} and is not paid."),
    "no_clause": msgid("No clause holds; nothing is due."),
    "total": msgid("Compensation: {due_fen}."),
}


def money(value: Fraction | int) -> int | str:
    """Return an amount in fen as a plain value: whole, or "n/d"."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"


def spoken(amount: Amount) -> str:
    """Return an amount of a clause as a plain value: "5%", or fen."""
    return f"{decimal(amount.value)}%" if amount.unit == AmountUnit.PERCENT else str(money(amount.value))


def decimal(value: Fraction, places: int = 6) -> str:
    """Return a fraction as a decimal text, cut after so many places (never rounded up), without trailing noughts."""
    scaled = value.numerator * 10**places // value.denominator
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")
