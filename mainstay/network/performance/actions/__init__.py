"""Verbs of the room: take samples in, set thresholds, sources and targets, forget."""
