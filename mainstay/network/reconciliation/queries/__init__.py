"""Reads: sources and runs, differences, what waits."""
