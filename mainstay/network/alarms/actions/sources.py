"""Set up sources of alarms and what their alarm types do to service (G1, G2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import Effect, PerceivedSeverity
from mainstay.network.alarms.errors import BadReport, BadRule, NoSuchRule, NoSuchSource
from mainstay.network.alarms.models import AlarmSource, EffectRule
from mainstay.network.alarms.rules import words_of
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, differences, record
from mainstay.platform.places.queries import names


@dataclass(frozen=True)
class SourceSettings:
    """How a source's alarms are read. Seconds; 0 switches quiet and silence off; `flap_count` raisings within
    `flap_window_s` hold an alarm until it has been quiet for `flap_hold_s`. `region_code`: whose network it watches,
    "" for the whole house."""

    quiet_s: int = 0
    silence_after_s: int = 0
    skew_tolerance_s: int = 900
    flap_count: int = 4
    flap_window_s: int = 120
    flap_hold_s: int = 120
    region_code: str = ""


@dataclass(frozen=True)
class Rule:
    """What an alarm type does; empty words match any."""

    effect: int
    alarm_type: str = ""
    resource_kind: str = ""
    severity: str = ""
    note: str = ""


DEFAULT_RULES = (
    Rule(Effect.DOWN, severity=PerceivedSeverity.CRITICAL, note="X.733: service affecting, immediate action"),
    Rule(Effect.DEGRADED, severity=PerceivedSeverity.MAJOR, note="X.733: service affecting, urgent action"),
)
"""Used by sources without rules of their own for a type: X.733's own meaning of the severities."""


@transaction.atomic
def save_source(code: str, name: str, settings: SourceSettings, *, at: datetime, by: Actor) -> AlarmSource:
    """Create a source or change how it is read. Raises BadReport for too few raisings or an unknown region."""
    require(by, Permission.SETTINGS)
    if settings.flap_count < 2:
        raise BadReport(msgid("Flapping needs at least 2 raisings, not {count}."), count=settings.flap_count)
    if settings.region_code and not names([settings.region_code]):
        raise BadReport(msgid("There is no region {code}; choose one of the list."), code=settings.region_code)
    after = {"name": name, **vars(settings)}
    before = AlarmSource.objects.filter(code=code).values(*after).first()
    source, _ = AlarmSource.objects.update_or_create(code=code, defaults=after)
    record("source.save", [Change("source", source.pk, name, before, after)], at=at, by=by)
    return source


@transaction.atomic
def create_source(code: str, name: str, settings: SourceSettings, *, at: datetime, by: Actor) -> AlarmSource:
    """Create a source; BadReport when its code is taken, so that no other's settings are changed unawares."""
    require(by, Permission.SETTINGS)
    if AlarmSource.objects.filter(code=code).exists():
        raise BadReport(msgid("A source with the code {code} exists already; change that one instead."), code=code)
    return save_source(code, name, settings, at=at, by=by)


@transaction.atomic
def replace_rules(source: AlarmSource | None, rules: Sequence[Rule], *, at: datetime, by: Actor) -> None:
    """Replace the rules of a source, or with None those for all sources."""
    require(by, Permission.SETTINGS)
    for rule in rules:
        _check_rule(rule)
    EffectRule.objects.filter(source=source).delete()
    EffectRule.objects.bulk_create(EffectRule(source=source, **vars(rule)) for rule in rules)
    label = source.name if source else ""
    change = Change("source", source.pk if source else 0, label, None, {"rules": [vars(rule) for rule in rules]})
    record("source.rules", [change], at=at, by=by)


@transaction.atomic
def add_rule(source_id: int | None, rule: Rule, *, at: datetime, by: Actor) -> EffectRule:
    """Add one rule to a source, or with None to all sources.

    Raises NoSuchSource, BadRule (an unknown effect, or another rule asks for exactly the same).
    """
    require(by, Permission.SETTINGS)
    _check_rule(rule)
    made = EffectRule(source=_source(source_id), **vars(rule))
    _refuse_twin(made)
    made.save()
    _record_rule("source.rule_add", made, None, vars(rule), at=at, by=by)
    return made


@transaction.atomic
def change_rule(rule_id: int, source_id: int | None, rule: Rule, *, at: datetime, by: Actor) -> EffectRule:
    """Let a rule say something else; alarms that stand are judged anew. Raises NoSuchRule, NoSuchSource, BadRule."""
    require(by, Permission.SETTINGS)
    _check_rule(rule)
    found, source = _rule(rule_id), _source(source_id)
    before = _said(found)
    found.source = source
    for name, value in vars(rule).items():
        setattr(found, name, value)
    _refuse_twin(found)
    found.save()
    was, now = differences(before, _said(found))
    if now:
        _record_rule("source.rule_change", found, was, now, at=at, by=by)
    return found


@transaction.atomic
def remove_rule(rule_id: int, *, at: datetime, by: Actor) -> None:
    """Take a rule away: less specific ones speak instead, or none. Raises NoSuchRule."""
    require(by, Permission.SETTINGS)
    found = _rule(rule_id)
    _record_rule("source.rule_remove", found, _said(found), {}, at=at, by=by)
    found.delete()


def _said(rule: EffectRule) -> dict[str, Any]:
    source = rule.source.name if rule.source else ""
    return {"source": source, **{name: getattr(rule, name) for name in Rule.__dataclass_fields__}}


def _check_rule(rule: Rule) -> None:
    if rule.effect not in Effect.values:
        raise BadRule(
            msgid("Effect {effect} of “{type}” is unknown; use 0, 1 or 2."), effect=rule.effect, type=rule.alarm_type
        )


def _refuse_twin(rule: EffectRule) -> None:
    """Refuse a rule that asks for exactly what another asks for: it would never decide anything."""
    source, alarm_type, kind, severity = words_of(rule)
    same = {"source_id": source, "alarm_type": alarm_type, "resource_kind": kind, "severity": severity}
    twin = EffectRule.objects.filter(**same).exclude(pk=rule.pk).first()
    if twin is not None:
        raise BadRule(
            msgid("Rule {number} speaks of the very same alarms already; change that one instead."), number=twin.pk
        )


def _source(source_id: int | None) -> AlarmSource | None:
    if source_id is None:
        return None
    found = AlarmSource.objects.filter(pk=source_id).first()
    if found is None:
        raise NoSuchSource(msgid("There is no source {id}; choose one of the list."), id=source_id)
    return found


def _rule(rule_id: int) -> EffectRule:
    found = EffectRule.objects.filter(pk=rule_id).first()
    if found is None:
        raise NoSuchRule(msgid("There is no rule {id}; choose one of the list."), id=rule_id)
    return found


def _record_rule(
    action: str, rule: EffectRule, before: dict[str, Any] | None, after: dict[str, Any], *, at: datetime, by: Actor
) -> None:
    label = rule.source.name if rule.source else ""
    change = Change("source", rule.source_id or 0, label, before, {"rule": rule.pk, **after})
    record(action, [change], at=at, by=by)


def load_defaults(*, at: datetime, by: Actor) -> None:
    """Give all sources X.733's meaning of the severities, unless rules for all sources exist."""
    if not EffectRule.objects.filter(source__isnull=True).exists():
        replace_rules(None, DEFAULT_RULES, at=at, by=by)
