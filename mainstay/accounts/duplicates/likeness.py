"""How like are two customers, and by which keys do they meet? Pure: facts in, evidence out (A8).

A score is a probability in per cent: each piece of evidence alone speaks so much for one customer; together
1 - Π(1 - weight). What speaks against it (one group, different cities) takes a share away.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from rapidfuzz import fuzz

from mainstay.accounts.duplicates.choices import Evidence

SUSPECTED = 60
"""From this score on, in per cent, a pair is shown."""
LIKELY = 85
ALIKE = 84
"""From this likeness on (rapidfuzz's ratio, 0..100) names count as similar."""
ADDRESS_ALIKE = 92
LEGAL = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|集团公司|总公司|分公司|集团|公司|股份|"
    r"\b(co|ltd|inc|corp|corporation|company|limited|llc|plc|group|holdings?)\b)"
)
NUMERALS = re.compile(r"[0-9一二三四五六七八九十东南西北中新老]")
DIGITS = re.compile(r"\D+")


@dataclass(frozen=True)
class Facts:
    """What is compared of a customer; `people` are (name, telephone) of those who have not left."""

    id: int
    name: str
    short_name: str = ""
    region_code: str = ""
    kind: str = ""
    parent_id: int | None = None
    phone: str = ""
    address: str = ""
    identifiers: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Likeness:
    """How like two customers are, in per cent, and why: {kind, words, weight} each."""

    score: int
    evidence: list[dict[str, Any]] = field(default_factory=list)


def normal(text: str) -> str:
    """Return a name as it is compared: full width folded, lower case, without spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if char.isalnum())


def core(name: str) -> str:
    """Return a name without its legal form; the whole name where nothing else is left."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return normal(LEGAL.sub(" ", folded)) or normal(name)


def dialled(number: str) -> str:
    """Return a telephone number's digits, without 86 and leading zeros; "" for too few to tell anybody apart."""
    digits = DIGITS.sub("", number)
    digits = digits.removeprefix("86") if len(digits) > 11 else digits
    digits = digits.lstrip("0")
    return digits if len(digits) >= 7 else ""


def placed(address: str) -> str:
    """Return an address as it is compared; "" for one without a number, which is only a street or a town."""
    said = normal(address)
    return said if len(said) >= 6 and any(char.isdigit() for char in said) else ""


def keys_of(facts: Facts) -> list[int]:
    """Return the keys by which a customer meets those like it (6 to 12, each once)."""
    return sorted({_hashed(word) for word in _words(facts)})


def _words(facts: Facts) -> Iterator[str]:
    bare, city = core(facts.name), facts.region_code[:4]
    yield f"n:{bare}"
    if len(bare) >= 5:
        yield f"f:{bare[:4]}:{city}"
        yield f"l:{bare[-4:]}:{city}"
        yield f"h:{bare[:2]}{bare[-2:]}:{city}"
    if facts.short_name and normal(facts.short_name) != bare:
        yield f"n:{normal(facts.short_name)}"
    for number in {facts.phone, *(phone for _name, phone in facts.people)}:
        if dialled(number):
            yield f"t:{dialled(number)}"
    if placed(facts.address):
        yield f"a:{placed(facts.address)}"
    for identifier in facts.identifiers:
        if normal(identifier):
            yield f"i:{normal(identifier)}"


def _hashed(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big") >> 1


def likeness(one: Facts, other: Facts) -> Likeness:
    """Compare two customers."""
    found = [*_identity(one, other), *_names(one, other), *_reach(one, other)]
    apart = 1.0
    for each in found:
        apart *= 1 - each["weight"]
    certainty = 1 - apart
    against = list(_against(one, other)) if found else []
    for each in against:
        certainty *= 1 - each["weight"]
    return Likeness(round(certainty * 100), [*found, *against])


def _identity(one: Facts, other: Facts) -> Iterator[dict[str, Any]]:
    mine = {normal(value): value for value in one.identifiers if normal(value)}
    for value in other.identifiers:
        if normal(value) in mine:
            yield _said(Evidence.IDENTIFIER, f"…{normal(value)[-4:]}", 0.95)


def _names(one: Facts, other: Facts) -> Iterator[dict[str, Any]]:
    mine, theirs = core(one.name), core(other.name)
    if normal(one.name) == normal(other.name):
        yield _said(Evidence.NAME, one.name, 0.85)
    elif mine == theirs:
        yield _said(Evidence.CORE, f"{one.name} / {other.name}", 0.75)
    elif not _only_another_number(mine, theirs):
        if len(normal(one.short_name)) >= 3 and normal(one.short_name) == normal(other.short_name):
            yield _said(Evidence.SHORT, one.short_name, 0.4)
        ratio = fuzz.ratio(mine, theirs)
        if ratio >= ALIKE and min(len(mine), len(theirs)) >= 4:
            yield _said(Evidence.SIMILAR, f"{one.name} / {other.name}", round(0.3 + (ratio - ALIKE) / 50, 2))


def _only_another_number(mine: str, theirs: str) -> bool:
    """Say whether names differ in numerals or quarters only: 第一医院 and 第二医院 are two."""
    return NUMERALS.sub("#", mine) == NUMERALS.sub("#", theirs)


def _reach(one: Facts, other: Facts) -> Iterator[dict[str, Any]]:
    if dialled(one.phone) and dialled(one.phone) == dialled(other.phone):
        yield _said(Evidence.PHONE, one.phone, 0.5)
    if placed(one.address) and placed(other.address):
        ratio = fuzz.ratio(placed(one.address), placed(other.address))
        if ratio == 100:
            yield _said(Evidence.ADDRESS, one.address, 0.45)
        elif ratio >= ADDRESS_ALIKE and _same_numbers(one.address, other.address):
            yield _said(Evidence.NEAR, f"{one.address} / {other.address}", 0.25)
    yield from _people(one, other)


def _same_numbers(one: str, other: str) -> bool:
    return re.findall(r"\d+", normal(one)) == re.findall(r"\d+", normal(other))


def _people(one: Facts, other: Facts) -> Iterator[dict[str, Any]]:
    theirs = {(normal(name), dialled(phone)) for name, phone in other.people if dialled(phone)}
    numbers = {number for _name, number in theirs}
    for name, phone in one.people:
        if (normal(name), dialled(phone)) in theirs:
            yield _said(Evidence.PEOPLE, name, 0.5)
            return
    for name, phone in one.people:
        if dialled(phone) in numbers:
            yield _said(Evidence.CONTACT_PHONE, name, 0.4)
            return


def _against(one: Facts, other: Facts) -> Iterator[dict[str, Any]]:
    above = {one.parent_id, other.parent_id}
    same_parent = one.parent_id is not None and one.parent_id == other.parent_id
    if same_parent or one.id in above or other.id in above:
        yield _said(Evidence.FAMILY, "", 0.5)
    if one.region_code[:4] != other.region_code[:4] and min(len(one.region_code), len(other.region_code)) >= 4:
        yield _said(Evidence.PLACES, "", 0.3)


def _said(kind: Evidence, words: str, weight: float) -> dict[str, Any]:
    return {"kind": kind.value, "words": words, "weight": weight}


def chunks(values: Sequence[int], size: int = 900) -> Iterator[Sequence[int]]:
    """Cut ids into parts that a database takes in one question."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
