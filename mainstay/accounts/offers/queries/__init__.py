"""Reads offers, what they save, whom they were granted, what became of it."""
