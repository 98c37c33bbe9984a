"""What would an export change? Reads export, agreement and inventory flat, compares, applies the rules (E3).

However large, the same queries: the export from its parts, what was delivered, the inventory, what other sources say.
Nothing is written.
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q

from mainstay.domain.reconciling import Comparison, Finding, Kind, Row, Value, compare, too_many
from mainstay.network.inventory.queries import places, values
from mainstay.network.inventory.queries.values import Plain
from mainstay.network.reconciliation.choices import Covers, DifferenceState, Verdict
from mainstay.network.reconciliation.models import Delivered, Difference, FilePart, SyncRun, SyncSource
from mainstay.network.reconciliation.planning import JOINTS, Around, Planned, Policy, Said, counted, planned
from mainstay.network.reconciliation.reading import REFERENCES, Export, kept, read_export

CHUNK = 900
MOST_LOOKED_AT = 2_000
"""So many resources are looked at one by one for careful circuits; beyond, all of them ask a person."""


@dataclass(frozen=True)
class Known:
    """What a source delivered of an object before."""

    code: str
    agreed: Mapping[str, Value]
    differing: Mapping[str, Value]
    absences: int
    absent_in: str


@dataclass
class Compared:
    """Everything a run needs to write. `codes`: our code by key. `absences`: of objects that are missing now."""

    export: Export
    known: dict[str, Known]
    codes: dict[str, str]
    ours: dict[str, Plain]
    comparison: Comparison
    plan: list[Planned]
    absences: dict[str, int]
    counts: dict[str, int]
    held: list[dict[str, int | str]]

    def values(self, key: str) -> dict[str, Value]:
        """Return what the export says of an object, by field."""
        row = self.export.rows[key].row
        return {name: value for name, value in zip(self.export.fields, row, strict=True) if value is not None}


def file_of(run: SyncRun) -> bytes:
    """Return the file of a run."""
    parts = FilePart.objects.filter(run=run).order_by("position").values_list("content", flat=True)
    return b"".join(zlib.decompress(bytes(part)) for part in parts)


def export_id_of(run: SyncRun) -> str:
    """Return what tells one export from another: its content, and when the system wrote it where that is known."""
    written = "" if run.asked_by_id else run.file_at.isoformat()
    return sha256(f"{run.digest}{written}".encode()).hexdigest()[:32]


def policy_of(source: SyncSource) -> Policy:
    """Return the rules of a source (its `rules` fetched or not)."""
    rules = list(source.rules.all())
    return Policy(
        source.default_rule, {rule.field: rule.rule for rule in rules},
        {rule.field: rule.rank for rule in rules if rule.rank is not None}, source.rank,
        source.on_new, source.on_vanished, source.vanish_after, frozenset(source.careful_grades),
    )  # fmt: skip


def compare_run(run: SyncRun) -> Compared:
    """Compare a run's file with the inventory. Raises BadFile, BadCsv, BadRun."""
    source = run.source
    export = read_export(source, file_of(run))
    known = delivered(source)
    codes = {key: known[key].code if key in known else line.code for key, line in export.rows.items()}
    codes |= {key: was.code for key, was in known.items() if key not in codes}
    ours = _ours(source, export.fields, codes.values())
    theirs = _theirs(source, export, codes, ours)
    agreed = {key: tuple(was.agreed.get(name) for name in export.fields) for key, was in known.items()
              if key not in export.unread}  # fmt: skip
    here = {key: ours[code].row for key, code in codes.items() if code in ours and ours[code].here}
    found = compare(agreed, theirs, here, fields=export.fields, full=source.full)
    found = _out_of_service(found, codes, ours)
    export_id = export_id_of(run)
    absences = {f.key: known[f.key].absences + (known[f.key].absent_in != export_id) for f in found.findings
                if f.kind == Kind.VANISHED}  # fmt: skip
    around = _around(source, found.findings, codes, ours, absences)
    policy = policy_of(source)
    plan = [planned(f, codes.get(f.key, ""), ours.get(codes.get(f.key, "")), policy, around) for f in found.findings]
    _settle(source, plan)
    counts = counted(plan, missing=sum(each.todo == "quiet" and each.finding.kind == Kind.VANISHED for each in plan))
    touched = {f.key for f in found.findings}
    counts |= {"rows": export.total, "bad": len(export.bad), "outside": export.outside, "seen": found.seen,
               "agree": sum(key in here and key not in touched for key in theirs)}  # fmt: skip
    return Compared(export, known, codes, ours, found, plan, absences, counts, _held(source, plan, known, here))


def delivered(source: SyncSource) -> dict[str, Known]:
    """Return all a source ever delivered, by its keys (1 query)."""
    rows = Delivered.objects.filter(source=source).order_by()
    columns = ("key", "code", "agreed", "differing", "absences", "absent_in")
    return {
        key: Known(code, _kept(agreed), _kept(differing), absences, absent_in)
        for key, code, agreed, differing, absences, absent_in in rows.values_list(*columns).iterator(chunk_size=5_000)
    }


def _kept(said: Mapping[str, object]) -> dict[str, Value]:
    return {name: kept(value) for name, value in said.items()}


def _ours(source: SyncSource, fields: tuple[str, ...], codes: Iterable[str]) -> dict[str, Plain]:
    """Return what we have within the source's area, and what it names beyond."""
    if source.covers == Covers.CIRCUITS:
        found = values.circuits(fields, region=source.region_code)
        missing = {code for code in codes if code} - found.keys()
        return {**found, **values.circuits(fields, codes=missing)} if missing else found
    found = values.resources(fields, kinds=source.resource_kinds, region=source.region_code)
    missing = {code for code in codes if code} - found.keys()
    return {**found, **values.resources(fields, codes=missing)} if missing else found


def _theirs(source: SyncSource, export: Export, codes: Mapping[str, str], ours: Mapping[str, Plain]) -> dict[str, Row]:
    """Return the rows by key, references in our codes; what lies outside the source's area is left out."""
    names = _names(source, codes)
    places_of = [place for place, name in enumerate(export.fields) if name in REFERENCES] if names else []
    found: dict[str, Row] = {}
    for key, line in export.rows.items():
        plain = ours.get(codes[key])
        if plain is not None and _is_outside(source, plain):
            export.outside += 1
            continue
        found[key] = _renamed(line.row, places_of, names) if places_of else line.row
    return found


def _is_outside(source: SyncSource, plain: Plain) -> bool:
    inside = plain.region_code.startswith(source.region_code)
    kinds = source.resource_kinds if source.covers == Covers.RESOURCES else ()
    return not inside or bool(kinds and plain.type not in kinds)


def _names(source: SyncSource, codes: Mapping[str, str]) -> dict[str, str]:
    """Return our codes by the ids that references of this source use: another source's, or its own."""
    if source.names_from_id:
        return dict(Delivered.objects.filter(source=source.names_from_id).values_list("key", "code"))
    if source.native_column and source.covers == Covers.RESOURCES:
        return {key: code for key, code in codes.items() if code}
    return {}


def _renamed(row: tuple[Value, ...], places_of: list[int], names: Mapping[str, str]) -> tuple[Value, ...]:
    renamed = list(row)
    for place in places_of:
        value = row[place]
        if isinstance(value, tuple):
            renamed[place] = tuple(names.get(each, each) for each in value)
        elif value:
            renamed[place] = names.get(str(value), value)
    return tuple(renamed)


def _out_of_service(found: Comparison, codes: Mapping[str, str], ours: Mapping[str, Plain]) -> Comparison:
    """Call new what we took out of service by what it is: here before, and gone."""
    findings = [
        Finding(f.key, "", Kind.GONE_HERE) if f.kind == Kind.NEW and codes.get(f.key, "") in ours else f
        for f in found.findings
    ]
    return Comparison(findings, found.agreed, found.seen)


def _around(
    source: SyncSource, findings: list[Finding], codes: Mapping[str, str], ours: Mapping[str, Plain],
    absences: Mapping[str, int],
) -> Around:  # fmt: skip
    named = {codes[f.key] for f in findings if f.field}
    others: dict[tuple[str, str], list[Said]] = {}
    if named:
        for one in SyncSource.objects.exclude(pk=source.pk).filter(covers=source.covers, active=True):
            ranks = policy_of(one)
            rows = Delivered.objects.filter(source=one, absences=0).order_by()
            for code, agreed, differing in rows.values_list("code", "agreed", "differing").iterator(chunk_size=5_000):
                if code in named:
                    for name, value in {**_kept(agreed), **_kept(differing)}.items():
                        others.setdefault((code, name), []).append(Said(one.pk, ranks.rank_of(name), value))
    return Around(others, _careful_codes(source, findings, codes, ours), absences)


def _careful_codes(
    source: SyncSource, findings: list[Finding], codes: Mapping[str, str], ours: Mapping[str, Plain]
) -> frozenset[str]:
    """Return the resources among the differences over which circuits of careful grades run."""
    if source.covers != Covers.RESOURCES or not source.careful_grades:
        return frozenset()
    wanted = {codes[f.key] for f in findings if f.field in JOINTS or f.kind == Kind.VANISHED} & ours.keys()
    if len(wanted) > MOST_LOOKED_AT:
        return frozenset(wanted)
    grades = list(source.careful_grades)
    return frozenset(code for code in wanted if places.circuits_over([ours[code].id]).filter(grade__in=grades).exists())


def _settle(source: SyncSource, plan: list[Planned]) -> None:
    """Let stand what a person has decided, until the source says something else (1 query)."""
    decided = Q(state=DifferenceState.KEPT, verdict=Verdict.PERSON) | Q(state=DifferenceState.IGNORED)
    rows = Difference.objects.filter(decided, source=source).values_list("key", "field", "state", "theirs")
    said = {(key, name): (state, theirs) for key, name, state, theirs in rows.iterator(chunk_size=5_000)}
    for each in plan:
        state, theirs = said.get((each.finding.key, each.finding.field), ("", None))
        whole = not each.finding.field
        if state and (state == DifferenceState.IGNORED or whole or kept(theirs) == each.finding.theirs):
            each.todo = "settled"


def _held(
    source: SyncSource, plan: list[Planned], known: Mapping[str, Known], here: Mapping[str, Row]
) -> list[dict[str, int | str]]:
    """Say why a run is not to go on by itself: too much would vanish or change (an export cut short)."""
    standing = sum(key in here for key in known)
    vanished = sum(each.finding.kind == Kind.VANISHED for each in plan)
    changed = len(
        {each.finding.key for each in plan if each.todo in ("apply", "ask") and each.finding.agreed is not None}
    )
    limits = (("vanish", vanished, source.most_vanished_percent), ("change", changed, source.most_changed_percent))
    return [
        {"what": what, "count": count, "among": standing, "percent": percent}
        for what, count, percent in limits
        if too_many(count, standing, percent)
    ]


def as_json(value: Value) -> str:
    """Return a value in a form that tells equal ones."""
    return json.dumps(value, ensure_ascii=False)
