"""Writes many rows of one table at once, past the ORM's cost per row; pages through many. Not for single rows."""
