"""Reads points, rules and gifts. `balance_of` is what other rooms ask."""

from mainstay.accounts.points.queries.balances import PointsBalance, balance_of

__all__ = ("PointsBalance", "balance_of")
