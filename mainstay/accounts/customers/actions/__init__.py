"""Verbs that change the archive: `customers` (create, update, hand over, retain), `contacts` (add, change, leave)."""
