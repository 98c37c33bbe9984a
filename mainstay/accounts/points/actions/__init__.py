"""Verbs that write points, rules and gifts."""
