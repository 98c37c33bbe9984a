"""Verbs of duplicates: `pairs` (decide, take up again), `merging` (prepare, carry out, undo)."""
