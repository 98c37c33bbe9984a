"""Verbs: keep sources, take files in and run them, decide differences."""
