"""The rules a new house begins with: 700 points to begin with, less for what was late, more for what was kept."""

from typing import Any

NAME = "Shipped rules"
BASE = 700
RULES: tuple[dict[str, Any], ...] = (
    {"fact": "late_payments_year", "points": -20, "per": 1, "most": 200},
    {"fact": "arrears_days", "points": -40, "at_least": 1, "below": 31},
    {"fact": "arrears_days", "points": -100, "at_least": 31, "below": 61},
    {"fact": "arrears_days", "points": -180, "at_least": 61, "below": 91},
    {"fact": "arrears_days", "points": -300, "at_least": 91},
    {"fact": "arrears_percent", "points": -50, "at_least": 100, "below": 300},
    {"fact": "arrears_percent", "points": -100, "at_least": 300},
    {"fact": "clean_year", "points": 100, "at_least": 1},
    {"fact": "months_known", "points": -50, "below": 3},
    {"fact": "years_customer", "points": 10, "per": 1, "most": 100},
    {"fact": "billed_year_yuan", "points": 30, "at_least": 200_000, "below": 2_000_000},
    {"fact": "billed_year_yuan", "points": 60, "at_least": 2_000_000},
    {"fact": "is_state", "points": 20, "at_least": 1},
    {"fact": "is_public", "points": 20, "at_least": 1},
)
BANDS: tuple[dict[str, Any], ...] = (
    {"name": "A", "from_score": 800},
    {"name": "B", "from_score": 650},
    {"name": "C", "from_score": 500},
    {"name": "D", "from_score": 350},
    {"name": "E", "from_score": 0},
)
