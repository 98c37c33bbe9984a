"""Reckon months, close them, judge them anew; agree on what is excluded."""

from mainstay.service.service_levels.actions.closing import close_month
from mainstay.service.service_levels.actions.disputing import decide, propose_responsibility
from mainstay.service.service_levels.actions.excluding import agree_exclusion, end_exclusion, watch_with
from mainstay.service.service_levels.actions.reckoning import begin_month, bring_up_to, reckon_month

__all__ = [
    "agree_exclusion", "begin_month", "bring_up_to", "close_month", "decide", "end_exclusion", "propose_responsibility",
    "reckon_month", "watch_with",
]  # fmt: skip
