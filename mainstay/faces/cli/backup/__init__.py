"""Backups: a copy with what it answers, taken under load; restored elsewhere, it must answer the same (P4)."""
