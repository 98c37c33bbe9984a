"""Set up sources of alarms and what their alarm types do to service (G1, G2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import Effect, PerceivedSeverity
from mainstay.network.alarms.errors import BadReport
from mainstay.network.alarms.models import AlarmSource, EffectRule
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.journal.actions import Change, record

_TIMES = ("quiet_s", "silence_after_s", "skew_tolerance_s", "flap_count", "flap_window_s", "flap_hold_s")


@dataclass(frozen=True)
class SourceSettings:
    """How a source's alarms are read. Seconds; 0 switches quiet and silence off; `flap_count` raisings within
    `flap_window_s` hold an alarm until it has been quiet for `flap_hold_s`."""

    quiet_s: int = 0
    silence_after_s: int = 0
    skew_tolerance_s: int = 900
    flap_count: int = 4
    flap_window_s: int = 120
    flap_hold_s: int = 120


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
    """Create a source or change how it is read."""
    require(by, Permission.SETTINGS)
    if settings.flap_count < 2:
        raise BadReport(msgid("Flapping needs at least 2 raisings, not {count}."), count=settings.flap_count)
    before = AlarmSource.objects.filter(code=code).values("name", *_TIMES).first()
    after = {"name": name, **{time: getattr(settings, time) for time in _TIMES}}
    source, _ = AlarmSource.objects.update_or_create(code=code, defaults=after)
    record("source.save", [Change("source", source.pk, name, before, after)], at=at, by=by)
    return source


@transaction.atomic
def replace_rules(source: AlarmSource | None, rules: Sequence[Rule], *, at: datetime, by: Actor) -> None:
    """Replace the rules of a source, or with None those for all sources."""
    require(by, Permission.SETTINGS)
    for rule in rules:
        if rule.effect not in Effect.values:
            raise BadReport(
                msgid("Effect {effect} of “{type}” is unknown; use 0, 1 or 2."),
                effect=rule.effect,
                type=rule.alarm_type,
            )
    EffectRule.objects.filter(source=source).delete()
    EffectRule.objects.bulk_create(EffectRule(source=source, **vars(rule)) for rule in rules)
    label = source.name if source else ""
    change = Change("source", source.pk if source else 0, label, None, {"rules": [vars(rule) for rule in rules]})
    record("source.rules", [change], at=at, by=by)


def load_defaults(*, at: datetime, by: Actor) -> None:
    """Give all sources X.733's meaning of the severities, unless rules for all sources exist."""
    if not EffectRule.objects.filter(source__isnull=True).exists():
        replace_rules(None, DEFAULT_RULES, at=at, by=by)
