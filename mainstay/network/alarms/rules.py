"""Which rule says what an alarm does to service (G2)? The judge asks for each alarm, people when they set rules."""

from collections.abc import Iterable

from mainstay.network.alarms.models import EffectRule

WEIGHTS = (4, 8, 2, 1)
"""How much each word makes a rule more specific: source, alarm type, kind of resource, severity."""


def rule_for(
    rules: Iterable[EffectRule], *, source: int | None, alarm_type: str, kind: str, severity: str
) -> EffectRule | None:
    """Return the rule that decides, None when none speaks; the most specific wins, the first given on a tie.

    `rules` in the order of their ids, so that on a tie the older one wins. A word that a rule leaves empty fits any.
    """
    asked = (source, alarm_type, kind, severity)
    best, found = -1, None
    for rule in rules:
        said = words_of(rule)
        if all(not word or word == fact for word, fact in zip(said, asked, strict=True)):
            score = sum(weight for word, weight in zip(said, WEIGHTS, strict=True) if word)
            if score > best:
                best, found = score, rule
    return found


def words_of(rule: EffectRule) -> tuple[int | None, str, str, str]:
    """Return what a rule asks for: source, alarm type, kind of resource, severity; empty means any."""
    return (rule.source_id, rule.alarm_type, rule.resource_kind, rule.severity)
