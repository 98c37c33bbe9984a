"""How are people, firms and streets of the demo called? All invented; no firm is meant to be a real one.

Brands are two rare characters put together at random, so that they read like names and belong to nobody we know;
`TAKEN` leaves out those that do. Telephone numbers have the right form in ranges nobody is given.
"""

import csv
from dataclasses import dataclass, field
from importlib.resources import files
from random import Random

FIRST = "霁砚珩沄筠翊澹溯岚桁蘅衡栎崤嵘澧洵邺骊郅皋禹砺泓渚沣淙芷苒菁榆楠枫杉槿荻蒲菱芰萍苕珺琮璟瑄珞"
SECOND = "川岭渡浦汀湖陵津泽原洲屿峡垣畴潭溪峰台岗坪湾汇桥"
TAKEN = frozenset(
    (
        "枫桥", "楠溪", "榆原", "澧川", "禹洲", "泓泽", "蒲津", "衡原", "枫泽",
        "泓川", "骊湾", "枫湖", "泓溪", "枫岭", "枫溪", "菱湖", "菱溪", "蒲溪",
        "蒲汇", "禹湖", "杉湖", "枫湾", "珞桥", "芰湖", "衡湖", "榆湾", "沣川",
    )
)  # fmt: skip
"""Combinations left out because a real place or firm is called so."""

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤"
)
_GIVEN_ONE = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰梅红波辉鹏飞宁婷慧莹琳颖雪倩璐晨昊宇轩浩博睿"
_GIVEN_TWO = "佳思雨子文志晓建国永海天一安若清云书承嘉景怀仲伯亦知予"
_STREETS = (
    "建设", "解放", "珞珈", "雄楚", "友谊", "和平", "新华", "滨江", "长虹",
    "白云", "东风", "青年", "沿江", "胜利", "中山", "人民", "民主", "文化",
    "工农", "学府", "关山", "襄阳", "古城", "夷陵", "桃源", "凤凰",
)  # fmt: skip


@dataclass(frozen=True)
class Trade:
    """A kind of customer: industry, ownership, and how whole, group, branch and short names are made of a brand."""

    industry: str
    ownership: str
    whole: str
    short: str
    branch: str
    weight: int
    chain: bool
    products: tuple[str, ...]


def _read_trades() -> tuple[Trade, ...]:
    with files(__package__).joinpath("trades.csv").open(encoding="utf-8") as file:
        return tuple(
            Trade(
                industry=row["industry"],
                ownership=row["ownership"],
                whole=row["whole"],
                short=row["short"],
                branch=row["branch"],
                weight=int(row["weight"]),
                chain=bool(row["chain"]),
                products=tuple(row["products"].split()),
            )
            for row in csv.DictReader(file)
        )


TRADES = _read_trades()


@dataclass
class Names:
    """Gives names, each brand and telephone number once; deterministic for a seed."""

    dice: Random
    brands: set[str] = field(default_factory=set)
    numbers: int = 0

    def brand(self) -> str:
        """Return a brand nobody here has yet."""
        while True:
            brand = self.dice.choice(FIRST) + self.dice.choice(SECOND)
            if brand not in self.brands and brand not in TAKEN:
                self.brands.add(brand)
                return brand

    def person(self) -> str:
        """Return a person's name."""
        given = self.dice.choice(_GIVEN_ONE)
        if self.dice.random() < 0.55:
            given = self.dice.choice(_GIVEN_TWO) + given
        return self.dice.choice(_SURNAMES) + given

    def mobile(self) -> str:
        """Return a mobile number of the right form that is nobody's."""
        self.numbers += 1
        return f"1990000{self.numbers:04d}"

    def street(self) -> str:
        """Return a street and a house number."""
        kind = self.dice.choice(("路", "大道", "街"))
        return f"{self.dice.choice(_STREETS)}{kind} {self.dice.randint(1, 488)} 号"
