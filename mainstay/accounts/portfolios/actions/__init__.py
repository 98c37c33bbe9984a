"""Verbs of portfolios: `pool` (claim, assign, release), `notes`, `rules`, `recalling`, `handing` (hand-overs)."""
