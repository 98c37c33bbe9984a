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


def bare_clock(clock: Any) -> dict[str, Any] | None:
    """Return a clock without the name of its circuit, where the row names it already; None without a clock."""
    if clock is None:
        return None
    names = ("state", "deadline_at", "total_seconds", "remaining_seconds", "as_of", "counting", "paused_since")
    return {name: getattr(clock, name) for name in names}
