"""Which real places, trades and backbone links does the demo use?

- `backbone_nodes.csv`, `backbone_links.csv`: the Chinanet topology of the Internet Topology Zoo (S. Knight,
  H. X. Nguyen, N. Falkner, R. Bowden, M. Roughan: The Internet Topology Zoo, IEEE JSAC 29(9), 2011), CC-BY 4.0.
  Changed: reduced to names, positions (degrees) and single links between places in China; two misspelt names corrected.
- `divisions.csv`: provinces, the cities of the backbone, and all cities and districts of Hubei by GB/T 2260 code, from
  modood/Administrative-divisions-of-China (WTFPL); English names and positions of the cities added.
- `industries.csv`: letters and two-digit classes of GB/T 4754-2011 (MIT).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

HOME_PROVINCE = "42"


@dataclass(frozen=True)
class Place:
    """A backbone place, or a division; positions in degrees, None where nobody needs them."""

    code: str
    name: str
    name_en: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class IndustryClass:
    """A class of GB/T 4754-2011."""

    code: str
    name: str
    parent: str
    level: int


def _rows(name: str) -> Iterator[dict[str, str]]:
    with files(__package__).joinpath(name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def backbone_nodes() -> list[Place]:
    """Return the places of the backbone; `code` is the city's division."""
    return [
        Place(row["region_code"], row["name_zh"], row["name"], float(row["latitude"]), float(row["longitude"]))
        for row in _rows("backbone_nodes.csv")
    ]


def backbone_links() -> list[tuple[str, str]]:
    """Return the links of the backbone as pairs of English names."""
    return [(row["one"], row["other"]) for row in _rows("backbone_links.csv")]


def divisions() -> list[Place]:
    """Return provinces, cities and districts in the order of their codes."""
    return [
        Place(row["code"], row["name"], row["name_en"], _degrees(row["latitude"]), _degrees(row["longitude"]))
        for row in _rows("divisions.csv")
    ]


def _degrees(text: str) -> float | None:
    return float(text) if text else None


def industries() -> list[IndustryClass]:
    """Return letters and two-digit classes."""
    return [
        IndustryClass(row["code"], row["name"], row["parent"], int(row["level"])) for row in _rows("industries.csv")
    ]
