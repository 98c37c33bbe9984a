"""Reads of the room: trends, the worst circuits, thresholds, what a prober samples."""
