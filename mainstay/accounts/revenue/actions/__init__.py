"""Verbs that write: `intake` (what billing delivers), `reconciling` (what is held against billing)."""
