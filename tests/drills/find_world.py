"""Who is to be found? Customers with names as they are in earnest, each with two people, laid in bulk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from random import Random

from django.db import connection

from mainstay.accounts.customers import laying as customers
from mainstay.platform.bulk.laying import bare_ground
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.search.laying import TABLES as FOUND
from mainstay.platform.search.laying import make_findable

PASSWORD = "finds-everything-2026"
PORTFOLIO = 80
MANAGERS = 400
"""Account managers that exist; customers beyond their portfolios have none."""
AT_ONCE = 25_000
CITIES = (
    ("4201", "武汉"), ("4202", "黄石"), ("4203", "十堰"), ("4205", "宜昌"), ("4206", "襄阳"), ("4207", "鄂州"),
    ("4208", "荆门"), ("4209", "孝感"), ("4210", "荆州"), ("4211", "黄冈"), ("4212", "咸宁"), ("4213", "随州"),
)  # fmt: skip
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "章"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文志红斌梅鹏飞辉玲婷雪波海燕俊峰欣怡子轩宇浩"
    "然梓涵雨佳琪嘉诚思远晓东春生立新德福永庆宝林凤云爱民国栋学礼振宇家豪天佑一鸣博雅若曦诗涵可心"
)
BRAND = (
    "楚江汉长天金银华中东方正大新远宏鑫盛瑞恒泰安康兴隆昌达利丰源润通联合创科信诚佳美嘉德永顺和平明光辉星"
    "辰海洋山川湖城龙凤麒麟鹏飞腾博雅智慧云数优品良友众力合富贵福禄寿喜吉祥如意万里春秋三江四季五岳七彩八"
    "方九州百年千禧"
)
TRADES = (
    "科技有限公司", "物流有限公司", "贸易有限公司", "建设工程有限公司",
    "置业有限公司", "酒店管理有限公司", "餐饮有限公司",
    "医药有限公司", "机械制造有限公司", "汽车零部件有限公司", "食品股份有限公司",
    "信息技术有限公司", "教育咨询有限公司",
    "电力设备有限公司", "水务集团有限公司", "纺织有限公司", "传媒有限公司",
    "农业开发有限公司", "人民医院", "第一中学", "实验小学",
    "商行", "超市", "网吧", "药房", "律师事务所", "会计师事务所", "税务局", "公安局", "财政局",
)  # fmt: skip
BANKS = (
    "中国工商银行", "中国农业银行", "中国银行", "中国建设银行",
    "交通银行", "招商银行", "汉口银行", "湖北银行",
    "邮政储蓄银行",
    "浦发银行", "农村商业银行",
)  # fmt: skip
STREETS = (
    "建设大道", "解放大道", "中山路", "人民路", "珞瑜路", "光谷大道", "沿江大道",
    "东风大道", "长江路", "胜利街", "航空路", "民主路",
)  # fmt: skip
GRADES = ("gold", "silver", "bronze", "standard")
SHARES = (7, 25, 120, 848)
ROLES = ("technical", "decision")

Row = tuple[object, ...]


@dataclass(frozen=True)
class Known:
    """A customer that questions are made of."""

    id: int
    code: str
    name: str
    short: str
    region: str
    phone: str
    address: str
    person: str
    mobile: str
    manager: int | None


@dataclass
class Crowd:
    """Mutable: gives customers and their people, the same for a seed; `known` keeps some of them."""

    count: int
    managers: list[int]
    seed: int = 7
    known: list[Known] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Say how many are known."""
        self.every = max(1, self.count // 4000)

    def part(self, first: int) -> tuple[list[Row], list[Row], dict[int, list[str]]]:
        """Give customers from an id on, their contacts, and people by customer; the same whoever draws them."""
        self.dice = Random(self.seed + first)
        firms: list[Row] = []
        people: list[Row] = []
        words: dict[int, list[str]] = {}
        for pk in range(first, min(first + AT_ONCE, self.count + 1)):
            self._one(pk, firms, people, words)
        return firms, people, words

    def _one(self, pk: int, firms: list[Row], people: list[Row], words: dict[int, list[str]]) -> None:
        dice = self.dice
        region, city = CITIES[0] if dice.random() < 0.3 else dice.choice(CITIES)
        name, short, kind = self._name(city)
        code, phone = f"KH-{pk:08d}", f"027-{dice.randrange(10**7, 10**8)}"
        address = f"{city}市{dice.choice(STREETS)}{dice.randrange(1, 900)}号"
        owned = (pk - 1) // PORTFOLIO
        manager = self.managers[owned] if owned < len(self.managers) else None
        grade = dice.choices(GRADES, SHARES)[0]
        firms.append(
            (pk, code, name, short, kind, None, region, None, "other", grade, "", False, manager, None, address, phone,
             date(2015, 1, 1).isoformat(), "2024-01-01 00:00:00+00", "drill", "2024-01-01 00:00:00+00")
        )  # fmt: skip
        for place, role in enumerate(ROLES):
            person, mobile = self._person(), f"1{dice.choice('3589')}{dice.randrange(10**9):09d}"
            people.append((2 * pk - 1 + place, pk, person, role, "", mobile, "", None, False, None))
            words.setdefault(pk, []).extend((person, mobile))
        if pk % self.every == 0 or (manager == self.managers[0] and pk <= PORTFOLIO):
            first = words[pk]
            self.known.append(
                Known(pk, code, name, short, region, phone, address, first[0], first[1], manager)
            )  # fmt: skip

    def _person(self) -> str:
        dice = self.dice
        return dice.choice(SURNAMES) + "".join(dice.choices(GIVEN, k=2 if dice.random() < 0.8 else 1))

    def _name(self, city: str) -> tuple[str, str, str]:
        dice = self.dice
        if (drawn := dice.random()) < 0.1:
            bank, place = dice.choice(BANKS), "".join(dice.choices(BRAND, k=2))
            return f"{bank}股份有限公司{city}{place}支行", f"{bank}{city}{place}", "organisation"
        if drawn < 0.2:
            return self._person(), "", "individual"
        brand = "".join(dice.choices(BRAND, k=2 if dice.random() < 0.5 else 3))
        return f"{city}{brand}{dice.choice(TRADES)}", brand, "organisation"


def hire(at: object, by: object) -> list[int]:
    """Create the askers and the account managers; return the managers' ids, in the order of their portfolios."""
    askers = [
        identity.NewUser("drill.province", "全省", PASSWORD, ((Duty.DUTY_OFFICER, "42"),)),
        identity.NewUser("drill.city", "孝感", PASSWORD, ((Duty.DUTY_OFFICER, "4209"),)),
        identity.NewUser("drill.wuhan", "武汉", PASSWORD, ((Duty.DUTY_OFFICER, "4201"),)),
        identity.NewUser("drill.manager", "经理", PASSWORD, ((Duty.ACCOUNT_MANAGER, "42"),)),
    ]
    others = [
        identity.NewUser(f"am{number:04d}", f"经理{number}", "", ((Duty.ACCOUNT_MANAGER, "42"),))
        for number in range(1, MANAGERS)
    ]
    made = identity.create_users([*askers, *others], at=at, by=by)  # type: ignore[arg-type]
    return [user.pk for user in made[3:]]


def lay_part(task: tuple[Crowd, int]) -> list[Known]:
    """Lay a part of the crowd; return whom questions may be about."""
    crowd, first = task
    crowd.known = []
    firms, people, words = crowd.part(first)
    customers.lay_customers(firms)
    customers.lay_contacts(people)
    customers.lay_findings(firms, words)
    print(f"  {firms[-1][0]} laid", flush=True)
    return crowd.known


def lay(crowd: Crowd, begin_process: Callable[[], None]) -> None:
    """Lay everybody into the empty house, make them findable; on PostgreSQL by three processes, begun so."""
    tasks = [(crowd, first) for first in range(1, crowd.count + 1, AT_ONCE)]
    with bare_ground((*customers.TABLES, *FOUND), begun=FOUND):
        if connection.vendor == "postgresql":
            with get_context("spawn").Pool(3, begin_process) as pool:
                parts = pool.map(lay_part, tasks, chunksize=1)
        else:
            parts = list(map(lay_part, tasks))
        make_findable()
    crowd.known = [one for part in parts for one in part]
