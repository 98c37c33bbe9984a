"""Reads points, rules and gifts."""
