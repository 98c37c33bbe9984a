"""Which packages are shipped? The services of S3 by name, with defaults of ours: the source gives no figures (D2).

S3 (政企客户业务差异化服务管理办法, chapter 3) names three services of quality and circuit protection in three levels,
for digital circuit, digital trunk, DDN, FR, VPN, ATM and dark fibre. Its restoration times are those of the profile S3
by grade of the circuit; all other figures, and the prices, are ours and wait for marketing's word.
"""

from dataclasses import dataclass
from typing import Final

from mainstay.accounts.catalog.shipped import ALWAYS, WORKING

PRODUCTS: Final = ("digital-circuit", "digital-trunk", "ddn", "fr", "mpls-vpn", "atm", "dark-fibre")
SOURCE: Final = "D2：政企客户业务差异化服务管理办法（S3）第三章；数值与价格原文未给出，为本系统默认值，待市场部审核"
FREE_DISCOUNT_PERCENT: Final = "10"


@dataclass(frozen=True)
class ShippedTerm:
    """A figure of a package."""

    metric: str
    amount: str
    unit: str = "natural_minutes"
    calendar: str = ALWAYS
    grade: str = ""


@dataclass(frozen=True)
class ShippedPackage:
    """A package as shipped; the price in fen a month and circuit."""

    code: str
    kind: str
    level: int | None
    name: str
    name_en: str
    price_fen: int
    terms: tuple[ShippedTerm, ...]
    services: str
    services_en: str


def _restored(minutes: str) -> ShippedTerm:
    return ShippedTerm("restoration", minutes)


def _available(percent: str) -> ShippedTerm:
    return ShippedTerm("availability", percent, "percent")


def _noticed(days: str) -> ShippedTerm:
    return ShippedTerm("planned_notice", days, "working_days", WORKING)


PACKAGES: Final = (
    ShippedPackage(
        "sla-guarantee", "sla", None, "SLA 质量保证承诺服务", "SLA quality guarantee", 80_000,
        (_restored("60"), ShippedTerm("response", "15"), ShippedTerm("feedback", "30"), _available("99.95"),
         _noticed("3"), ShippedTerm("report", "1", "months")),
        "签订 SLA 协议，未达标按条款赔付\n每月提供 SLA 报告\n指定客户工程师",
        "SLA agreement with compensation for what is missed\nSLA report every month\nNamed customer engineer",
    ),
    ShippedPackage(
        "maintenance-guarantee", "maintenance", None, "维护质量保证服务", "Maintenance quality guarantee", 40_000,
        (_restored("90"), ShippedTerm("response", "20"), ShippedTerm("feedback", "60"), _noticed("3")),
        "故障优先处理\n每季度巡检\n提供故障报告",
        "Faults are handled first\nInspection every quarter\nFault reports",
    ),
    ShippedPackage(
        "quality-level", "quality", None, "质量水平承诺服务", "Quality level commitment", 20_000,
        (_available("99.9"), ShippedTerm("report", "3", "months")),
        "承诺电路质量水平\n每季度提供运行报告",
        "Commitment to a level of quality\nOperating report every quarter",
    ),
    *(
        ShippedPackage(
            f"protection-{level}", "protection", level, f"电路保障服务（{label}级）",
            f"Circuit protection, level {level}", price,
            (ShippedTerm("response", response), ShippedTerm("feedback", feedback)), zh, en,
        )
        for level, label, price, response, feedback, zh, en in (
            (1, "一", 60_000, "10", "20", "7×24 小时专人值守\n每月巡检\n重要时段现场保障",
             "Watched by named people around the clock\nInspection every month\nPeople on site at important times"),
            (2, "二", 30_000, "15", "30", "7×24 小时受理\n每季度巡检",
             "Taken up around the clock\nInspection every quarter"),
            (3, "三", 10_000, "20", "60", "7×24 小时受理\n每半年巡检",
             "Taken up around the clock\nInspection every half year"),
        )
    ),
)  # fmt: skip
