"""What does an alarm do to service, by which rule (G2)? For those who set the rules."""

from dataclasses import dataclass

from mainstay.domain.errors import msgid
from mainstay.network.alarms.choices import Effect
from mainstay.network.alarms.errors import NoSuchRule, NoSuchSource
from mainstay.network.alarms.models import AlarmSource, EffectRule
from mainstay.network.alarms.rules import rule_for


@dataclass(frozen=True)
class Verdict:
    """What an alarm would do, and the rule that says so (None: no rule speaks, so it does nothing)."""

    effect: Effect
    rule: EffectRule | None


def verdict(*, source: int | None, alarm_type: str, kind: str, severity: str) -> Verdict:
    """Return what an alarm of this source, type and severity on such a resource would do (1 query).

    By the very rule the impact worker takes; `source` None is a source without rules of its own.
    """
    rules = EffectRule.objects.select_related("source").order_by("id")
    found = rule_for(rules, source=source, alarm_type=alarm_type, kind=kind, severity=severity)
    return Verdict(Effect(found.effect) if found else Effect.NONE, found)


def source(source_id: int) -> AlarmSource:
    """Return one source. Raises NoSuchSource."""
    found = AlarmSource.objects.filter(pk=source_id).first()
    if found is None:
        raise NoSuchSource(msgid("There is no source {id}; choose one of the list."), id=source_id)
    return found


def rule(rule_id: int) -> EffectRule:
    """Return one rule with its source. Raises NoSuchRule."""
    found = EffectRule.objects.select_related("source").filter(pk=rule_id).first()
    if found is None:
        raise NoSuchRule(msgid("There is no rule {id}; choose one of the list."), id=rule_id)
    return found
