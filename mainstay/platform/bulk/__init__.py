"""Writes many rows of one table at once, past the ORM's cost per row. Not for single rows: those are saved as usual."""
