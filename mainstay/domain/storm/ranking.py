"""How much does a cause weigh? Grade × circuits × how little time is left (seconds)."""

from collections.abc import Mapping

GRADE_WEIGHTS = {"AAA": 32, "AA": 16, "A": 8, "I": 4, "II": 2, "III": 1}
"""Each grade weighs twice the next one; what is unknown weighs as the last."""
HORIZON_S = 4 * 3600
"""More time left than this makes nothing less urgent."""
MOST_URGENT = 4.0


def weight(circuits_by_grade: Mapping[str, int], least_left_s: float | None) -> float:
    """Return the weight of a cause; 0 when it hits no circuit. `least_left_s`: negative when a promise is missed."""
    circuits = sum(GRADE_WEIGHTS.get(grade, 1) * count for grade, count in circuits_by_grade.items())
    return circuits * urgency(least_left_s)


def urgency(left_s: float | None) -> float:
    """Return 1 for all the time in the world (or no clock) up to 4 for none left."""
    if left_s is None:
        return 1.0
    share = min(max(left_s, 0.0), HORIZON_S) / HORIZON_S
    return MOST_URGENT - (MOST_URGENT - 1) * share
