"""Which rule sets are shipped, each with its source (B1)? Everything is data afterwards, edited and approved."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from mainstay.accounts.tiers.choices import Axis, Level, Rhythm
from mainstay.accounts.tiers.grades import Grade
from mainstay.domain.tiering.conditions import Condition
from mainstay.domain.tiering.tables import Decay, Effect, HitPolicy, Row, Table

YES: Final = Condition(among=(True,))
NO: Final = Condition(among=(False,))


@dataclass(frozen=True)
class ShippedSet:
    """A rule set as it comes; `table` holds its grades' codes once it is made."""

    code: str
    name: str
    name_en: str
    source: str
    source_en: str
    grades: tuple[Grade, ...]
    rows: tuple[Row, ...]
    policy: HitPolicy = HitPolicy.FIRST
    overlap: str = ""
    lapsed: str = ""
    axis: str = Axis.NOTHING
    approved_by: str = Level.PROVINCE
    rhythm: str = Rhythm.MONTHLY
    is_on: bool = False
    decays: tuple[Decay, ...] = ()
    factors: dict[int, Decimal] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """Return its table."""
        codes = tuple(grade.code for grade in self.grades)
        table = Table(codes, self.rows, self.policy, overlap=self.overlap, lapsed=self.lapsed)
        return replace(table, decays=self.decays, factors=self.factors)


def at_least(yuan: int) -> Condition:
    """Ask for an amount in yuan or more."""
    return Condition(low=yuan * 100)


def from_number(number: int) -> Condition:
    """Ask for a number or more."""
    return Condition(low=number)


def _signed(**when: Condition) -> dict[str, Condition]:
    return {"agreement": YES, **when}


POSTAL = ShippedSet(
    "postal-mail", "函件大客户", "Postal mail key accounts",
    "邮政函件大客户管理办法：签订协议并注册；年函件业务收入",
    "Rules for postal mail key accounts: agreement signed and registered; revenue in a year",
    (
        Grade("diamond", "钻石", "Diamond", Level.PROVINCE, kept_by="province", may_delegate=True),
        Grade("platinum", "白金", "Platinum", Level.PROVINCE, kept_by="city"),
        Grade("gold", "黄金", "Gold", Level.CITY, kept_by="city"),
        Grade("vip", "VIP", "VIP", Level.CITY, kept_by="county", reported=True),
    ),
    (
        Row("diamond", _signed(registered_upstream=YES)),
        Row("diamond", _signed(billed_year_fen=at_least(5_000_000))),
        Row("platinum", _signed(billed_year_fen=at_least(2_000_000))),
        Row("gold", _signed(billed_year_fen=at_least(200_000))),
        Row("vip", _signed(billed_year_fen=at_least(10_000)), scaled=True),
    ),
    factors={2: Decimal("0.9"), 3: Decimal("0.8")},
    is_on=True,
)  # fmt: skip

KINDS = ShippedSet(
    "telecom-kinds", "电信大客户类别", "Kinds of telecom key accounts",
    "中国电信大客户管理：重要、高值、集团、战略四类，交集为特级",
    "China Telecom key accounts: important, high-value, group, strategic; overlap makes the special grade",
    (
        Grade("special", "特级", "Special", Level.PROVINCE),
        Grade("important", "重要客户", "Important", Level.CITY),
        Grade("high_value", "高值客户", "High-value", Level.CITY),
        Grade("group", "集团客户", "Group", Level.CITY),
        Grade("strategic", "战略客户", "Strategic", Level.CITY),
    ),
    (
        Row("important", {"is_public": YES}),
        Row("high_value", {"billed_quarter_avg_fen": at_least(3_000)}),
        Row("group", {"affiliated_units": from_number(2)}),
        Row("strategic", {"model_for_trade": YES}),
        Row("strategic", {"contested": YES}),
        Row("strategic", {"growing": YES}),
    ),
    HitPolicy.COLLECT, overlap="special", axis=Axis.SPECIAL, is_on=True,
)  # fmt: skip

_NONE_OF_THESE = {"buys_internet": NO, "buys_ip_gateway": NO, "buys_vpdn": NO, "uses_dialler": NO}
BUSINESS = ShippedSet(
    "business-kinds", "分业务大客户", "Key accounts by business",
    "xx 通信公司大客户服务体系：按业务划分",
    "xx communications, service system for key accounts: by business",
    (
        Grade("internet", "互联网专线客户", "Internet line", Level.CITY),
        Grade("ip_gateway", "IP 网关客户", "IP gateway", Level.CITY),
        Grade("dialler", "主叫及拨号器客户", "Caller ID and dialler", Level.CITY),
        Grade("vpdn", "VPDN 客户", "VPDN", Level.CITY),
        Grade("other", "其他业务客户", "Other business", Level.CITY),
        Grade("agent", "代理商", "Agent", Level.CITY),
    ),
    (
        Row("internet", {"buys_internet": YES}),
        Row("ip_gateway", {"buys_ip_gateway": YES}),
        Row("dialler", {"uses_dialler": YES, "billed_quarter_avg_fen": at_least(2_000)}),
        Row("vpdn", {"buys_vpdn": YES}),
        Row("other", {**_NONE_OF_THESE, "billed_quarter_avg_fen": at_least(2_000)}),
        Row("agent", {"is_agent": YES}),
    ),
    HitPolicy.COLLECT,
)  # fmt: skip

RETAIL = ShippedSet(
    "retail", "零售 A/B/C 类", "Retail classes A, B, C",
    "客情维护：积分、购买次数、到店；半年未到店降一级，一年未购买列入流失名录",
    "Care for retail customers: points, purchases, visits; half a year without a visit: one class down, "
    "a year without a purchase: lapsed list",
    (
        Grade("a", "A 类", "Class A"),
        Grade("b", "B 类", "Class B"),
        Grade("c", "C 类", "Class C"),
        Grade("lapsed", "流失名录", "Lapsed"),
    ),
    (
        Row("a", {"points": from_number(50)}),
        Row("a", {"purchases_2m": Condition(low=5, low_in=False)}),
        Row("a", {"named_by_head": YES}),
        Row("b", {"purchases": Condition(low=1, low_in=False)}),
        Row("c", {"purchases": from_number(1)}),
        Row("c", {"visits_often": YES}),
    ),
    lapsed="lapsed", approved_by=Level.CITY, rhythm=Rhythm.DAILY,
    decays=(
        Decay(Effect.LAPSE, {"months_since_purchase": from_number(12)}),
        Decay(Effect.DOWN, {"months_since_visit": from_number(6)}),
    ),
)  # fmt: skip

SERVICE_GRADE = ShippedSet(
    "service-grade", "集团客户服务等级", "Service grade of group customers",
    "等级见集团客户维护支撑规范；界限为本系统的缺省值，请按本企业标准修改",
    "The grades are those of the rules for group customers, which give no bounds; the bounds are ours, to be edited",
    (
        Grade("gold", "金牌", "Gold", Level.PROVINCE),
        Grade("silver", "银牌", "Silver", Level.CITY),
        Grade("bronze", "铜牌", "Bronze", Level.CITY),
        Grade("standard", "标准级", "Standard", Level.CITY),
    ),
    (
        Row("gold", {"billed_year_fen": at_least(1_000_000)}),
        Row("silver", {"billed_year_fen": at_least(200_000)}),
        Row("bronze", {"billed_year_fen": at_least(50_000)}),
        Row("standard"),
    ),
    axis=Axis.SERVICE_GRADE,
)  # fmt: skip

BREADTH = ShippedSet(
    "breadth", "综合／专业大客户", "Comprehensive or specialised",
    "邮政大客户管理和维护办法：按用邮种类划分", "Rules for postal key accounts: by how many kinds of business they use",
    (Grade("comprehensive", "综合大客户", "Comprehensive"), Grade("specialised", "专业大客户", "Specialised")),
    (Row("comprehensive", {"products": from_number(2)}), Row("specialised", {"products": from_number(1)})),
)  # fmt: skip

PARTNERSHIP = ShippedSet(
    "partnership", "合作／潜在大客户", "Cooperating or potential",
    "邮政大客户管理和维护办法：按培育价值和潜力划分；潜在客户的界限为本系统的缺省值",
    "Rules for postal key accounts: by value and potential; the bounds of potential ones are ours",
    (
        Grade("cooperating", "合作大客户", "Cooperating", Level.CITY),
        Grade("potential", "潜在大客户", "Potential", Level.CITY),
    ),
    (
        Row("cooperating", {"agreement": YES, "billed_year_fen": at_least(10_000)}),
        Row("potential", {"agreement": NO, "billed_year_fen": at_least(10_000)}),
        Row("potential", {"growth_percent": from_number(50), "billed_quarter_avg_fen": at_least(500)}),
        Row("potential", {"growing": YES}),
    ),
)  # fmt: skip

WEIGHT = ShippedSet(
    "weight", "战略／一般大客户", "Strategic or general",
    "邮政大客户管理和维护办法：按行业对发展的影响划分",
    "Rules for postal key accounts: by their trade’s weight for our growth",
    (Grade("strategic", "战略大客户", "Strategic", Level.CITY), Grade("general", "一般大客户", "General")),
    (
        Row("strategic", {"model_for_trade": YES}),
        Row("strategic", {"contested": YES}),
        Row("general", {"billed_year_fen": at_least(10_000)}),
    ),
)  # fmt: skip

SHIPPED = (POSTAL, KINDS, SERVICE_GRADE, BUSINESS, RETAIL, PARTNERSHIP, BREADTH, WEIGHT)
