"""Write what a comparison found: agreements, absences, differences, and what the rules apply by themselves (E3).

Part by part, each a short transaction of its own. Whatever was written stays true when a crash cuts the rest off: the
next attempt compares anew, and what agrees by then needs nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import MainstayError
from mainstay.domain.reconciling import Kind, Value
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.reconciliation import applying
from mainstay.network.reconciliation.applying import Wanted
from mainstay.network.reconciliation.choices import LIVE, Covers, DifferenceState, Verdict
from mainstay.network.reconciliation.comparing import Compared, Known, as_json, export_id_of
from mainstay.network.reconciliation.models import Delivered, Difference, SyncRun
from mainstay.network.reconciliation.planning import Planned
from mainstay.platform.bulk.rows import insert_many, update_many
from mainstay.platform.journal.actions import plain
from mainstay.platform.search.terms import spelled

T = TypeVar("T")
AGREED_AT_ONCE = 500
APPLIED_AT_ONCE = 20
"""Objects in one transaction: each is checked, written, audited and made findable."""
DIFFERENCES_AT_ONCE = 400
_COLUMNS = ("source_id", "run_id", "key", "field", "kind", "state", "verdict", "object_kind", "object_type",
            "object_id", "code", "label", "customer_id", "region_code", "grade", "agreed", "theirs", "ours",
            "other_source_id", "other_value", "problem", "problem_values", "since", "decided_at",
            "decided_by")  # fmt: skip
_RENEWED = ("run_id", "kind", "state", "verdict", "agreed", "theirs", "ours", "other_source_id", "other_value",
            "problem", "problem_values", "since", "decided_at", "decided_by", "why")  # fmt: skip


@dataclass
class Writer:
    """Mutable: writes one run. `beat` is called after every part, outside transactions."""

    run: SyncRun
    found: Compared
    at: datetime
    by: Actor
    beat: Callable[[], None] = lambda: None
    tally: dict[str, int] = field(default_factory=dict)

    def write(self) -> dict[str, int]:
        """Write everything; return how many were applied, refused, asked and settled."""
        spelled("线")  # reads the table of pinyin now, not amid the first write
        self.tally = dict.fromkeys(("applied", "refused", "asked", "settled"), 0)
        applied = self._apply([each for each in self.found.plan if each.todo == "apply"])
        self._agree(applied)
        self._differ(applied)
        mine = Difference.objects.filter(run=self.run, state=DifferenceState.APPLIED)
        self.tally["applied"] = mine.values("key").distinct().count()
        return self.tally

    def _apply(self, plan: list[Planned]) -> dict[str, Value | None]:
        """Apply object by object, holders first; return the keys of objects that came in line, with their code."""
        done: dict[str, Value | None] = {}
        groups: dict[str, list[Planned]] = {}
        for each in plan:
            groups.setdefault(each.finding.key, []).append(each)
        ordered = sorted(groups.values(), key=self._order)
        for part in parts(ordered, APPLIED_AT_ONCE):
            with transaction.atomic():
                wanted = [self._wanted(group) for group in part]
                results = applying.apply(self.run.source.covers, wanted, at=self.at, by=self.by)
                settled: list[Planned] = []
                for group, result in zip(part, results, strict=True):
                    for each in group:
                        if result.error is None:
                            done[_name(each)] = None
                            settled.append(each)
                        else:
                            each.todo, each.verdict, each.problem = "ask", Verdict.REFUSED, result.error
                    self.tally["refused"] += result.error is not None
                self._keep_applied(settled, [r.object_id for r, g in zip(results, part, strict=True) for _ in g
                                             if r.error is None])  # fmt: skip
                self._keep_delivered([group[0].finding.key for group, r in zip(part, results, strict=True)
                                      if r.error is None], done)  # fmt: skip
            self.beat()
        return done

    def _order(self, group: list[Planned]) -> int:
        """Sites before devices before ports before links: a part needs what holds it."""
        fields = self.found.export.fields
        if group[0].finding.kind != Kind.NEW or "kind" not in fields:
            return -1 if group[0].finding.kind != Kind.VANISHED else 99
        kind = self.found.export.rows[group[0].finding.key].row[fields.index("kind")]
        return ResourceKind.values.index(str(kind)) if kind in ResourceKind.values else 98

    def _wanted(self, group: list[Planned]) -> Wanted:
        first = group[0]
        said = {each.finding.field: each.finding.theirs for each in group if each.finding.field}
        if not first.finding.field and first.finding.kind != Kind.VANISHED:
            said = self.found.values(first.finding.key)
        return Wanted(first.code, first.finding.kind, said, first.plain.id if first.plain else None)

    def _keep_applied(self, settled: Sequence[Planned], ids: Sequence[int | None]) -> None:
        """Keep what was applied by rule; a difference that stood open until now is that one."""
        standing = self._live(each.finding.key for each in settled)
        new: list[tuple[dict[str, Any], Any]] = []
        renewed: list[tuple[dict[str, Any], Any]] = []
        for each, object_id in zip(settled, ids, strict=True):
            row = self._row(each, DifferenceState.APPLIED, object_id)
            old = standing.get((each.finding.key, each.finding.field))
            (renewed if old else new).append((row, old))
        self._store(new, renewed)

    def _keep_delivered(self, keys: Iterable[str], done: dict[str, Value | None]) -> None:
        rows = [row for key in dict.fromkeys(keys) if (row := self._delivered_row(key, done)) is not None]
        keep_delivered(rows)

    def _delivered_row(self, key: str, done: dict[str, Value | None]) -> tuple[Any, ...] | None:
        """Return what is now delivered and agreed of an object; None where it stays as it was kept."""
        known = self.found.known.get(key)
        if key not in self.found.export.rows:
            return self._absent(key, known, self.found.absences.get(key, 0))
        agreed = dict(known.agreed) if known else {}
        fresh = self.found.comparison.agreed.get(key)
        if fresh is not None:
            agreed |= {n: v for n, v in zip(self.found.export.fields, fresh, strict=True) if v is not None}
        said = self.found.values(key)
        findings = self._findings.get(key, ())
        for each in findings:
            if _name(each) in done:
                agreed |= said if not each.finding.field else {each.finding.field: said[each.finding.field]}
        differing = {each.finding.field: each.finding.theirs for each in findings
                     if each.finding.field and _name(each) not in done}  # fmt: skip
        code = self.found.codes[key]
        if known and (known.agreed, known.differing, known.absences, known.code) == (agreed, differing, 0, code):
            return None
        if known is None and any(not each.finding.field and _name(each) not in done for each in findings):
            return None  # new, and not created yet: nothing of it is agreed
        return (self.run.source_id, key, code, plain(agreed), plain(differing), 0, "")

    def _absent(self, key: str, known: Known | None, absences: int) -> tuple[Any, ...] | None:
        if known is None or known.absences == absences:
            return None
        return (self.run.source_id, key, known.code, plain(known.agreed), plain(known.differing),
                min(absences, 30_000), export_id_of(self.run))  # fmt: skip

    @property
    def _findings(self) -> dict[str, list[Planned]]:
        if not hasattr(self, "_grouped"):
            self._grouped: dict[str, list[Planned]] = {}
            for each in self.found.plan:
                self._grouped.setdefault(each.finding.key, []).append(each)
        return self._grouped

    def _agree(self, done: dict[str, Value | None]) -> None:
        """Keep what was agreed, what differs, and who was absent, for all objects whose record changes."""
        touched = dict.fromkeys([*self.found.comparison.agreed, *self._findings])
        back = [key for key, was in self.found.known.items() if was.absences and key in self.found.export.rows]
        stale = [key for key, was in self.found.known.items() if was.differing and key in self.found.export.rows]
        rows = (self._delivered_row(key, done) for key in dict.fromkeys([*touched, *back, *stale]))
        for part in parts([row for row in rows if row is not None], AGREED_AT_ONCE):
            with transaction.atomic():
                keep_delivered(part)
            self.beat()

    def _live(self, keys: Iterable[str]) -> dict[tuple[str, str], Difference]:
        rows = Difference.objects.filter(source=self.run.source_id, key__in=list(keys), state__in=LIVE)
        return {(row.key, row.field): row for row in rows}

    def _differ(self, done: dict[str, Value | None]) -> None:
        """List what asks a person, or what another source outvotes; let what has gone away expire."""
        wanted = [each for each in self.found.plan if each.todo in ("ask", "keep")]
        for part in parts(wanted, DIFFERENCES_AT_ONCE):
            with transaction.atomic():
                self._list(part)
            self.beat()
        standing = {(each.finding.key, each.finding.field) for each in self.found.plan if each.todo != "quiet"}
        live = Difference.objects.filter(
            source=self.run.source_id, state__in=(DifferenceState.OPEN, DifferenceState.KEPT)
        )
        gone = [pk for pk, key, name in live.values_list("pk", "key", "field").iterator(chunk_size=5_000)
                if (key, name) not in standing and self._judged(key)]  # fmt: skip
        for some in parts(gone, DIFFERENCES_AT_ONCE):
            with transaction.atomic():
                settled = Difference.objects.filter(pk__in=some, state__in=(DifferenceState.OPEN, DifferenceState.KEPT))
                self.tally["settled"] += settled.update(
                    state=DifferenceState.EXPIRED, decided_at=self.at, decided_by=self.by.name[:80], run=self.run
                )
            self.beat()

    def _judged(self, key: str) -> bool:
        """Say whether this run could see an object: its row was good, or the export claims to be complete."""
        if key in self.found.export.unread:
            return False
        return key in self.found.export.rows or self.run.source.full

    def _list(self, part: Sequence[Planned]) -> None:
        standing = self._live(each.finding.key for each in part)
        new, renewed = [], []
        for each in part:
            old = standing.get((each.finding.key, each.finding.field))
            state = DifferenceState.OPEN if each.todo == "ask" else DifferenceState.KEPT
            if old is None:
                new.append((self._row(each, state, each.plain.id if each.plain else None), None))
            elif old.state != DifferenceState.IGNORED and _differs(old, each, state):
                renewed.append((self._row(each, state, each.plain.id if each.plain else None), old))
            else:
                continue
            self.tally["asked"] += state == DifferenceState.OPEN
        self._store(new, renewed)

    def _row(self, each: Planned, state: DifferenceState, object_id: int | None) -> dict[str, Any]:
        finding, our = each.finding, each.plain
        theirs: Any = finding.theirs
        if not finding.field and finding.key in self.found.export.rows:
            theirs = self.found.values(finding.key)
        decided = state != DifferenceState.OPEN
        region = our.region_code if our else str(theirs.get("region_code", "")) if isinstance(theirs, dict) else ""
        return {
            "source_id": self.run.source_id, "run_id": self.run.pk, "key": finding.key, "field": finding.field,
            "kind": finding.kind.value, "state": state.value, "verdict": each.verdict.value,
            "object_kind": "circuit" if self.run.source.covers == Covers.CIRCUITS else "resource",
            "object_type": our.type if our else self._type(theirs), "object_id": object_id,
            "code": each.code or finding.key[:80], "label": (our.label if our else self._label(theirs))[:160],
            "customer_id": our.customer_id if our else None,
            "region_code": region or self.run.source.region_code,
            "grade": our.grade if our else "", "agreed": plain(finding.agreed), "theirs": plain(theirs),
            "ours": plain(finding.ours),
            "other_source_id": each.other.source_id if each.other else None,
            "other_value": plain(each.other.value) if each.other else None,
            "problem": each.problem.template[:400] if isinstance(each.problem, MainstayError) else "",
            "problem_values": plain(each.problem.values) if isinstance(each.problem, MainstayError) else None,
            "since": self.at, "decided_at": self.at if decided else None,
            "decided_by": self.by.name[:80] if decided else "", "why": "",
        }  # fmt: skip

    def _type(self, theirs: Any) -> str:
        name = "technology" if self.run.source.covers == Covers.CIRCUITS else "kind"
        return str(theirs.get(name, ""))[:12] if isinstance(theirs, dict) else ""

    def _label(self, theirs: Any) -> str:
        return str(theirs.get("name", "")) if isinstance(theirs, dict) else ""

    def _store(self, new: Sequence[tuple[dict[str, Any], Any]], renewed: Sequence[tuple[dict[str, Any], Any]]) -> None:
        insert_many(Difference, _COLUMNS, [tuple(row[name] for name in _COLUMNS) for row, _old in new])
        changed = (*_RENEWED, "object_id")
        update_many(Difference, changed, [(*(row[name] for name in changed), old.pk) for row, old in renewed])


def _name(each: Planned) -> str:
    return f"{each.finding.key}\0{each.finding.field}"


def _differs(old: Difference, each: Planned, state: DifferenceState) -> bool:
    """Say whether a difference that stands is news: ours kept by a person stays so until the source says otherwise."""
    theirs_same = each.finding.field == "" or as_json(old.theirs) == as_json(plain(each.finding.theirs))
    if old.state == DifferenceState.KEPT and old.verdict == Verdict.PERSON:
        return not theirs_same
    same_kind = old.kind == each.finding.kind.value and old.state == state
    problem = each.problem.template[:400] if isinstance(each.problem, MainstayError) else ""
    same_ours = as_json(old.ours) == as_json(plain(each.finding.ours)) and old.problem == problem
    return not (theirs_same and same_kind and same_ours and old.verdict == each.verdict.value)


def keep_delivered(rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep what sources delivered, in the caller's transaction.

    Rows: (source, key, code, agreed, differing, absences, absent_in).
    """
    key, rest = ("source_id", "key"), ("code", "agreed", "differing", "absences", "absent_in")
    insert_many(Delivered, (*key, *rest), rows, unique=key, update=rest)


def parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut a list into parts."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
