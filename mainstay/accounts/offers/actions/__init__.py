"""Verbs that write offers and what was granted."""
