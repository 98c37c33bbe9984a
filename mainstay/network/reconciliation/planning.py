"""What is to be done about each difference: which rule applies, who comes first, who is asked (E3)? Nothing is read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mainstay.domain.reconciling import Finding, Kind, Value, same
from mainstay.network.inventory.queries.values import Plain
from mainstay.network.reconciliation.choices import NewRule, Rule, VanishedRule, Verdict

Todo = Literal["apply", "ask", "keep", "settled", "quiet"]
"""`keep`: another source comes first. `settled`: a person has said so. `quiet`: not even listed."""
ROUTES = frozenset({"working", "protection"})
JOINTS = frozenset({"parent", "a_end", "z_end", "runs_in"})
"""Fields of resources that change what depends on what."""


@dataclass(frozen=True)
class Said:
    """What another source says of the same field."""

    source_id: int
    rank: int
    value: Value


@dataclass
class Planned:
    """A difference with what is to be done about it. `plain`: our object, None where there is none."""

    finding: Finding
    code: str
    plain: Plain | None
    todo: Todo
    verdict: Verdict
    other: Said | None = None
    problem: Exception | None = None


@dataclass(frozen=True)
class Policy:
    """The rules of a source, as its owner set them; `others` ranks by source and field."""

    default: str
    fields: Mapping[str, str]
    ranks: Mapping[str, int]
    rank: int
    on_new: str
    on_vanished: str
    vanish_after: int
    careful: frozenset[str]

    def rule(self, name: str) -> str:
        """Return the rule of a field."""
        return self.fields.get(name, self.default)

    def rank_of(self, name: str) -> int:
        """Return the rank of this source for a field; the lower comes first."""
        return self.ranks.get(name, self.rank)


@dataclass(frozen=True)
class Around:
    """What a verdict needs beside the difference: what others say, and which resources carry careful circuits."""

    others: Mapping[tuple[str, str], list[Said]] = field(default_factory=dict)
    careful_codes: frozenset[str] = frozenset()
    absences: Mapping[str, int] = field(default_factory=dict)


def planned(finding: Finding, code: str, plain: Plain | None, policy: Policy, around: Around) -> Planned:
    """Return a difference with what the rules say of it."""
    if finding.field:
        return _of_field(finding, code, plain, policy, around)
    if finding.kind == Kind.NEW:
        todo: Todo = "apply" if policy.on_new == NewRule.CREATE and code else "ask"
    elif finding.kind == Kind.VANISHED:
        return _of_vanished(finding, code, plain, policy, around)
    else:
        todo = "ask"
    return Planned(finding, code, plain, todo, Verdict.RULE_APPLIES if todo == "apply" else Verdict.RULE_ASKS)


def _of_vanished(finding: Finding, code: str, plain: Plain | None, policy: Policy, around: Around) -> Planned:
    if around.absences.get(finding.key, 0) < policy.vanish_after or policy.on_vanished == VanishedRule.NOTHING:
        return Planned(finding, code, plain, "quiet", Verdict.RULE_ASKS)
    if policy.on_vanished == VanishedRule.ASK:
        return Planned(finding, code, plain, "ask", Verdict.RULE_ASKS)
    if is_careful(code, plain, "", policy, around):
        return Planned(finding, code, plain, "ask", Verdict.CAREFUL)
    return Planned(finding, code, plain, "apply", Verdict.RULE_APPLIES)


def _of_field(finding: Finding, code: str, plain: Plain | None, policy: Policy, around: Around) -> Planned:
    rule = policy.rule(finding.field)
    if rule in (Rule.OURS, Rule.IGNORE):
        return Planned(finding, code, plain, "quiet", Verdict.RULE_APPLIES)
    other = _contradiction(finding, code, around)
    if other is not None:
        own = policy.rank_of(finding.field)
        if other.rank < own:
            return Planned(finding, code, plain, "keep", Verdict.OUTVOTED, other)
        if other.rank == own:
            return Planned(finding, code, plain, "ask", Verdict.DISPUTED, other)
    if rule == Rule.ASK:
        return Planned(finding, code, plain, "ask", Verdict.RULE_ASKS, other)
    if is_careful(code, plain, finding.field, policy, around):
        return Planned(finding, code, plain, "ask", Verdict.CAREFUL, other)
    return Planned(finding, code, plain, "apply", Verdict.RULE_APPLIES, other)


def _contradiction(finding: Finding, code: str, around: Around) -> Said | None:
    """Return the first source, by rank, that says something else."""
    said = [each for each in around.others.get((code, finding.field), ()) if not same(each.value, finding.theirs)]
    return min(said, key=lambda each: (each.rank, each.source_id), default=None)


def is_careful(code: str, plain: Plain | None, name: str, policy: Policy, around: Around) -> bool:
    """Say whether a change of a route, of what depends on what, or the end of an object touches careful circuits."""
    if plain is None or not policy.careful:
        return False
    if plain.grade:
        return plain.grade in policy.careful and (name in ROUTES or not name)
    return (name in JOINTS or not name) and code in around.careful_codes


def counted(all_planned: list[Planned], *, missing: int) -> dict[str, int]:
    """Count objects by what happened to them, and differences by what is to be done."""
    objects: dict[str, set[str]] = {name: set() for name in ("new", "changed", "conflicts", "vanished", "gone")}
    todo: Counter[str] = Counter(each.todo for each in all_planned)
    for each in all_planned:
        kind, key = each.finding.kind, each.finding.key
        if each.todo == "settled" or (each.todo == "quiet" and kind != Kind.VANISHED):
            continue
        if kind == Kind.NEW:
            objects["new"].add(key)
        elif kind == Kind.VANISHED:
            objects["vanished"].add(key)
        elif kind == Kind.GONE_HERE:
            objects["gone"].add(key)
        else:
            objects["conflicts" if kind == Kind.CONFLICT else "changed"].add(key)
    return {
        **{name: len(keys) for name, keys in objects.items()},
        "missing": missing, "apply": todo["apply"], "ask": todo["ask"], "keep": todo["keep"],
    }  # fmt: skip
