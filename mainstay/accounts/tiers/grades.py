"""What is a grade of a rule set: its names, who approves it, who keeps it; and a rule set's table of a version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language

from mainstay.accounts.tiers.choices import REACH, Level
from mainstay.accounts.tiers.models import Mandate, RuleSet, RuleVersion
from mainstay.domain.tiering.tables import HitPolicy, Table, contents_into


@dataclass(frozen=True)
class Grade:
    """A grade. `level` approves it, or a city with a written mandate where `may_delegate`; `kept_by` looks after it;
    `reported`: holders are reported one level up.
    """

    code: str
    name: str
    name_en: str
    level: str = Level.NONE
    kept_by: str = ""
    reported: bool = False
    may_delegate: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what a rule set stores."""
        return asdict(self)

    def label(self) -> str:
        """Return its name in the reader's language."""
        return self.name if (get_language() or "zh").startswith("zh") or not self.name_en else self.name_en


def grades_of(rule_set: RuleSet) -> list[Grade]:
    """Return the grades of a rule set, the highest first."""
    return [Grade(**said) for said in rule_set.grades]


def label_of(rule_set: RuleSet) -> str:
    """Return a rule set's name in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh") or not rule_set.name_en
    return rule_set.name if chinese else rule_set.name_en


def source_of(rule_set: RuleSet) -> str:
    """Return where its rules come from, in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh") or not rule_set.source_en
    return rule_set.source if chinese else rule_set.source_en


def bare_table(rule_set: RuleSet) -> Table:
    """Return the rule set's table without rows."""
    codes = tuple(said["code"] for said in rule_set.grades)
    return Table(codes, (), HitPolicy(rule_set.policy), overlap=rule_set.overlap, lapsed=rule_set.lapsed)


def table_of(version: RuleVersion, contents: Mapping[str, Any] | None = None) -> Table:
    """Return a version's table, or that of a run's contents; the rule set must be fetched."""
    return contents_into(bare_table(version.rule_set), contents or version.table)


class Approvals:
    """Who approves which grade where, on a day: levels by grade, softened by written mandates (1 query)."""

    def __init__(self, rule_set: RuleSet, *, on: date) -> None:
        self._levels = {grade.code: grade.level for grade in grades_of(rule_set)}
        self._places = {grade.code: 1 << place for place, grade in enumerate(grades_of(rule_set))}
        may = {grade.code for grade in grades_of(rule_set) if grade.may_delegate}
        given = Mandate.objects.filter(rule_set=rule_set, grade__in=may, from_on__lte=on)
        self._mandates = {
            (row.grade, row.region_code) for row in given if row.until_on is None or row.until_on > on
        }  # fmt: skip

    def level(self, mask: int, region_code: str) -> str:
        """Return the highest level that grades, given as bits, need in a region."""
        needed = [self._level(code, region_code) for code, bit in self._places.items() if mask & bit]
        return next((level for level in (Level.PROVINCE, Level.CITY, Level.COUNTY) if level in needed), Level.NONE)

    def _level(self, code: str, region_code: str) -> str:
        level = self._levels[code]
        return Level.CITY if level == Level.PROVINCE and (code, region_code[:4]) in self._mandates else level


def reaches(prefixes: Iterable[str], level: str, region_code: str) -> bool:
    """Say whether duties in these regions can approve at a level what concerns a region."""
    if level == Level.NONE:
        return True
    return any(region_code.startswith(prefix) and len(prefix) <= REACH[Level(level)] for prefix in prefixes)


def names_in(rule_set: RuleSet, mask: int) -> str:
    """Say grades given as bits in the reader's language; "—" for none."""
    return " · ".join(grade.label() for grade in picked(grades_of(rule_set), mask)) or "—"


def picked(grades: Sequence[Grade], mask: int) -> list[Grade]:
    """Return the grades of a mask."""
    return [grade for place, grade in enumerate(grades) if mask >> place & 1]
