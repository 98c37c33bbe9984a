"""Verbs: `asking` (ask, grant, refuse, consult), `rules` (which fields are sensitive), `reviews` (who may see what)."""
