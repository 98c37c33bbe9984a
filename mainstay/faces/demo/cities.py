"""Where in the province does the demo build, and how are its places named and joined?"""

from dataclasses import dataclass
from functools import cache

from mainstay.faces.demo.facts import tables


@dataclass(frozen=True)
class City:
    """A city of the home province: its code, short name, letters for codes, and (code, name) of its districts."""

    code: str
    name: str
    letters: str
    latitude: float
    longitude: float
    districts: tuple[tuple[str, str], ...]


LETTERS = {
    "4201": ("武汉", "WH"), "4211": ("黄冈", "HG"), "4207": ("鄂州", "EZ"), "4202": ("黄石", "HS"),
    "4212": ("咸宁", "XN"), "4209": ("孝感", "XG"), "4213": ("随州", "SZ"), "4206": ("襄阳", "XY"),
    "4208": ("荆门", "JM"), "4290": ("仙桃", "XT"), "4210": ("荆州", "JZ"), "4205": ("宜昌", "YC"),
    "4203": ("十堰", "SY"), "4228": ("恩施", "ES"),
}  # fmt: skip
"""Short name and letters of every city (and of the counties the province runs itself, built around 仙桃).

In such an order that the first few are always joined by the province's trunk.
"""

PROVINCE_LINKS = (
    ("WH", "HG"), ("HG", "EZ"), ("EZ", "HS"), ("HS", "XN"), ("XN", "WH"), ("WH", "XG"), ("XG", "SZ"), ("SZ", "XY"),
    ("XY", "JM"), ("JM", "XT"), ("XT", "WH"), ("XT", "JZ"), ("JZ", "YC"), ("YC", "JM"), ("XY", "SY"), ("SY", "ES"),
    ("ES", "YC"),
)  # fmt: skip
"""Between which cities the province's trunk runs, twice: plane A and plane B."""

REMOTE = (
    "Beijing",
    "Shanghai",
    "Guangzhou",
    "Nanjing",
    "Xi'an",
    "Chengdu",
    "Hangzhou",
    "Zhengzhou",
    "Changsha",
    "Chongqing",
)
"""Backbone places where key accounts of the province have offices."""


@cache
def cities() -> tuple[City, ...]:
    """Return the cities of the home province, so that the first few are joined to each other."""
    places = {place.code: place for place in tables.divisions()}
    made = []
    for code, (name, letters) in LETTERS.items():
        place = places[code]
        assert place.latitude is not None
        assert place.longitude is not None
        within = tuple((c, p.name) for c, p in places.items() if len(c) == 6 and c.startswith(code))
        made.append(City(code, name, letters, place.latitude, place.longitude, within))
    return tuple(made)


def short(district: str) -> str:
    """Shorten a district's name as people say it: 江岸区 → 江岸, 恩施市 → 恩施, 房县 stays."""
    for ending in ("土家族自治县", "经济技术开发区", "管理区", "林区"):
        if district.endswith(ending):
            return district.removesuffix(ending)
    return district[:-1] if len(district) > 2 else district
