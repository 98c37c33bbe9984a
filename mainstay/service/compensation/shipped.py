"""Which clauses are shipped? Figures only where the sources give them; all else an operator lays down (D2, D3, H8).

S1 says: late repairs (urban 48 h, rural 72 h, as the promise of the circuit says) are told to the customer and the
month's rent is waived; faults of the customer's own terminals are excluded. S3 and S4 promise compensation and give no
figures: their sets are empty. The example is shown with the settings and never holds.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from mainstay.domain.compensation import (
    Amount,
    AmountUnit,
    Cap,
    Clause,
    ClauseKind,
    ClauseSet,
    Combining,
    Per,
    Step,
)
from mainstay.service.tickets.choices import CauseCode


def percent(value: str) -> Amount:
    """Return a share of the month's rent."""
    return Amount(Fraction(value), AmountUnit.PERCENT)


TERMINAL_FAULTS: Final = frozenset({CauseCode.CUSTOMER_EQUIPMENT.value, CauseCode.CUSTOMER_POWER.value})

S1: Final = ClauseSet(
    (
        Clause(
            "rent-waived", ClauseKind.LATE_REPAIR, "修复超时免收当月租费", amount=percent("100"),
            excluded_causes=TERMINAL_FAULTS,
        ),
    ),
    caps=(Cap(Per.MONTH, percent("100")),),
)  # fmt: skip

EXAMPLE: Final = ClauseSet(
    (
        Clause(
            "availability", ClauseKind.AVAILABILITY, "月可用率未达标",
            steps=(Step(Fraction("99.9"), percent("5")), Step(Fraction("99.5"), percent("10")),
                   Step(Fraction("99"), percent("20"))),
            excluded_causes=TERMINAL_FAULTS,
        ),
        Clause(
            "hours-late", ClauseKind.STARTED_HOUR, "修复超时（每小时）", amount=percent("2"),
            excluded_causes=TERMINAL_FAULTS, caps=(Cap(Per.EVENT, percent("20")),),
        ),
        Clause(
            "repeated", ClauseKind.REPEAT, "重复故障", amount=percent("3"), repeat_days=30,
            excluded_causes=TERMINAL_FAULTS,
        ),
    ),
    Combining.HIGHEST,
    caps=(Cap(Per.MONTH, percent("50")), Cap(Per.YEAR, percent("300"))),
)  # fmt: skip

BY_PROFILE: Final[Mapping[str, tuple[str, str, ClauseSet]]] = {
    "s1": ("修复超时免租（S1）", "D3：城镇 48 小时、农村 72 小时，超时告知客户并免收当月租费，终端故障除外", S1),
    "s3": ("SLA 质量保证赔偿（S3）", "D2：承诺赔偿而未给出数值，由运营商填写", ClauseSet()),
    "s4": ("集客维护赔偿（S4）", "D3：未给出赔偿数值，由运营商填写", ClauseSet()),
}
"""Name, source and clauses by the code of the profile with which they hold."""
EXAMPLE_NAME: Final = ("示例：阶梯、超时、重复", "示例，数值为虚构，不生效")
