"""Which word of the shared look says a stored live state?"""

from typing import Any

from mainstay.network.inventory.choices import LiveState

WORDS = {state.value: state.name.lower() for state in LiveState}


def state_of(circuit: Any) -> str:
    """Return the look's name for a circuit's live state: planned work has its own, whatever it does."""
    if circuit.live_planned and circuit.live_state != LiveState.UP:
        return "planned"
    return WORDS.get(circuit.live_state, "unknown")


ORDER = ("up", "planned", "unprotected", "degraded", "unknown", "down")


def worst(states: list[str]) -> str:
    """Return the worst of some states' words, "up" of none."""
    return max(states, key=ORDER.index, default="up")
