"""Verbs of the tiers: change rules, try them over everyone, approve, take effect, name by hand."""
