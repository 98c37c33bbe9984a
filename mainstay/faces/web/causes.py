"""How is an incident told: its state as a word, its grades in order, why each alarm belongs to it (G3)?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mainstay.domain.root_cause import SENTENCES, Reason
from mainstay.faces.web.states import WORDS
from mainstay.network.alarms.queries.incidents import Symptom

GRADES = ("AAA", "AA", "A", "I", "II", "III")


@dataclass(frozen=True)
class Branch:
    """One alarm of a cause's tree, and the sentence that says why it stands there."""

    alarm: Any
    sentence: str
    effect_state: str


def told(incident: Any) -> Any:
    """Put on an incident its state's word and its grades, best first."""
    incident.state = "planned" if incident.planned else WORDS.get(incident.worst_state, "unknown")
    incident.state_label = "" if incident.worst_state else _("no effect")
    if incident.is_declared and not incident.restored_at:
        incident.state_label = _("reported by customers")
    found = getattr(incident, "grades", {})
    incident.grades_shown = sorted(found.items(), key=lambda pair: GRADES.index(pair[0]) if pair[0] in GRADES else 9)
    return incident


def is_loud(incident: Any) -> bool:
    """Say whether the wall should be heard for it: something is down, or a circuit of the best grade is hit."""
    return bool(not incident.planned and (incident.state == "down" or "AAA" in incident.grades))


def branches(symptoms: Iterable[Symptom]) -> list[Branch]:
    """Return the alarms of a cause in order, each with its reason in the reader's language."""
    return [Branch(symptom.alarm, sentence(symptom), effect_state(symptom.alarm)) for symptom in symptoms]


def effect_state(alarm: Any) -> str:
    """Say what an alarm does to service by the look's word for a state."""
    if alarm.cleared_at:
        return "up"
    return {2: "down", 1: "degraded"}.get(alarm.effect, "up")


def sentence(symptom: Symptom) -> str:
    """Say why an alarm stands under its cause; an alarm that nothing explains is said to stand alone."""
    if symptom.code not in set(Reason):
        return _("Not yet placed in the tree.")
    words = {**symptom.alarm.reason, "by": symptom.by or "—", "via": symptom.via or "—"}
    try:
        return _(SENTENCES[Reason(symptom.code)]).format(**words)
    except (KeyError, ValueError):
        return _("It belongs to %(by)s.") % {"by": symptom.by or "—"}


def ground(reason: Mapping[str, Any]) -> str:
    """Say why something was taken for the cause, from a reason that names resources by their names."""
    code = reason.get("code")
    if code not in set(Reason) or code == Reason.CAUSE:
        return _("an alarm stands on it")
    words = {**reason, "by": reason.get("by") or "—", "via": reason.get("via") or "—"}
    return _(SENTENCES[Reason(code)]).format_map({"window_s": 0.0, "failing": 0.0, "of": 0.0, **words})
