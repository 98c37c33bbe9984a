"""In which words does a customer read how a circuit is, and for how long it has been so?"""

from typing import Any

from mainstay.network.inventory.choices import LiveState

WORDS = {state.value: state.name.lower() for state in LiveState}
ORDER = ("up", "planned", "unprotected", "degraded", "unknown", "down")


def state_word(state: int, *, planned: bool) -> str:
    """Return the look's name of a state; what announced work does is shown as planned."""
    return "planned" if planned and state != LiveState.UP else WORDS.get(state, "unknown")


def state_of(circuit: Any) -> str:
    """Return the look's name of a circuit's live state."""
    return state_word(circuit.live_state, planned=circuit.live_planned)


def worst(states: list[str]) -> str:
    """Return the worst of some states' words, "up" of none."""
    return max(states, key=ORDER.index, default="up")
