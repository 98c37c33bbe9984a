"""Keep sources and their rules (E3). Each needs the permission to change settings."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, msgid
from mainstay.network.inventory.choices import ResourceKind
from mainstay.network.reconciliation import drops
from mainstay.network.reconciliation.choices import Covers, Encoding, NewRule, Rule, VanishedRule
from mainstay.network.reconciliation.errors import BadSource
from mainstay.network.reconciliation.models import FieldRule, SyncSource
from mainstay.network.reconciliation.queries.sources import visible_source
from mainstay.network.reconciliation.reading import KINDS
from mainstay.network.reconciliation.schedule import next_at
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change


@dataclass(frozen=True)
class SourceSettings:
    """What a source is, but for its code and what it covers; see `models.SyncSource` for each."""

    name: str
    resource_kinds: tuple[str, ...] = ()
    region_code: str = ""
    drop_folder: str = ""
    file_pattern: str = "*"
    mapping: Mapping[str, str] | None = None
    encoding: str = Encoding.AUTO
    native_column: str = ""
    names_from: str = ""
    full: bool = True
    every_minutes: int = 0
    daily_at: time | None = None
    late_after_minutes: int = 0
    default_rule: str = Rule.ASK
    on_new: str = NewRule.ASK
    vanish_after: int = 2
    on_vanished: str = VanishedRule.ASK
    most_vanished_percent: int = 5
    most_changed_percent: int = 20
    careful_grades: tuple[str, ...] = ("AAA",)
    rank: int = 5
    active: bool = True


def save_source(code: str, covers: str, wanted: SourceSettings, *, at: datetime, by: Actor) -> SyncSource:
    """Make a source, or change the one of this code; what it covers stays. Raises BadSource, NotAllowed."""
    require(by, Permission.SETTINGS)
    source = SyncSource.objects.filter(code=code).first()
    _check(code, covers, wanted, by=by)
    if source is not None:
        visible_source(by, source.pk)
        if source.covers != covers:
            raise BadSource(msgid("Source {code} delivers {covers}; make another source for the rest."), code=code,
                            covers=source.covers)  # fmt: skip
    before = _said(source) if source else None
    source = source or SyncSource(code=code, covers=covers, made_at=at)
    _set(source, wanted)
    drops.folder_of(source)
    source.next_at = next_at(source, at) if source.every_minutes == 0 else (at if source.active else None)
    with transaction.atomic():
        source.save()
        was, now = journal.differences(before or {}, _said(source))
        change = Change("sync_source", source.pk, source.name, was or None, now, region_code=source.region_code)
        if now:
            journal.record("sync_source.save", [change], at=at, by=by)
    return source


def set_rules(source_id: int, wanted: Mapping[str, tuple[str, int | None]], *, at: datetime, by: Actor) -> None:
    """Say who is right about each field: (rule, rank); a field left out follows the source's default."""
    require(by, Permission.SETTINGS)
    source = visible_source(by, source_id)
    for name, (rule, _rank) in wanted.items():
        check_field(source, name)
        if rule not in Rule.values:
            raise BadSource(msgid("“{rule}” is no rule; use one of {known}."), rule=rule, known=", ".join(Rule.values))
    before = {row.field: [row.rule, row.rank] for row in source.rules.all()}
    after = {name: list(said) for name, said in sorted(wanted.items())}
    if before == after:
        return
    with transaction.atomic():
        source.rules.all().delete()
        FieldRule.objects.bulk_create(
            FieldRule(source=source, field=name, rule=rule, rank=rank) for name, (rule, rank) in sorted(wanted.items())
        )
        change = Change("sync_source", source.pk, source.name, before, after, region_code=source.region_code)
        journal.record("sync_source.rules", [change], at=at, by=by)


def add_rule(source_id: int, name: str, rule: str, *, at: datetime, by: Actor) -> None:
    """Say who is right about one field from now on; the others stay as they are."""
    source = visible_source(by, source_id)
    rules = {row.field: (row.rule, row.rank) for row in source.rules.all()}
    set_rules(source_id, {**rules, name: (rule, rules.get(name, ("", None))[1])}, at=at, by=by)


def check_field(source: SyncSource, name: str) -> None:
    """Refuse a field that objects of the source do not have."""
    kind = KINDS[source.covers]
    if name not in kind.by_name or name in kind.key:
        raise BadSource(msgid("“{field}” is no field of {covers}."), field=name, covers=source.covers)


def _check(code: str, covers: str, wanted: SourceSettings, *, by: Actor) -> None:
    for what, value, known in (
        ("covers", covers, Covers.values), ("rule", wanted.default_rule, Rule.values),
        ("rule", wanted.on_new, NewRule.values), ("rule", wanted.on_vanished, VanishedRule.values),
        ("encoding", wanted.encoding, Encoding.values),
    ):  # fmt: skip
        if value not in known:
            raise BadSource(msgid("Source {code}: “{value}” is no {what}; use one of {known}."), code=code, value=value,
                            what=what, known=", ".join(known))  # fmt: skip
    if not code.strip() or not wanted.name.strip():
        raise BadSource(msgid("A source needs a code and a name."))
    for each in wanted.resource_kinds:
        if each not in ResourceKind.values:
            raise BadSource(msgid("“{kind}” is no kind of resource; use some of {known}."), kind=each,
                            known=", ".join(ResourceKind.values))  # fmt: skip
    if not may_see(by, customer_id=None, region_code=wanted.region_code):
        raise NotAllowed(msgid("The area “{region}” is not within yours; choose one that is."),
                         region=wanted.region_code)  # fmt: skip
    if not 1 <= wanted.vanish_after <= 100:
        raise BadSource(msgid("After {n} absences is not possible; give 1 to 100."), n=wanted.vanish_after)
    for name, column in (wanted.mapping or {}).items():
        if column not in KINDS[covers].by_name:
            raise BadSource(msgid("“{name}” cannot be read as “{column}”; choose a column of each."), name=name,
                            column=column)  # fmt: skip


def _set(source: SyncSource, wanted: SourceSettings) -> None:
    for each in fields(wanted):
        value: Any = getattr(wanted, each.name)
        if each.name == "names_from":
            source.names_from = _other(source, value)
        else:
            setattr(source, each.name, list(value) if isinstance(value, tuple) else
                    dict(value or {}) if each.name == "mapping" else value)  # fmt: skip


def _other(source: SyncSource, code: str) -> SyncSource | None:
    if not code:
        return None
    found = SyncSource.objects.filter(code=code).exclude(code=source.code).first()
    if found is None:
        raise BadSource(msgid("There is no other source “{code}” whose ids could be used."), code=code)
    return found


def _said(source: SyncSource) -> dict[str, Any]:
    said = {each.name: getattr(source, each.name) for each in fields(SourceSettings) if each.name != "names_from"}
    return {**said, "daily_at": source.daily_at.isoformat() if source.daily_at else None,
            "names_from": source.names_from.code if source.names_from else ""}  # fmt: skip
