"""Reads: `rules` (which fields, guarded how), `sight` (what a reader sees), `records` (who asked, who read), `reviews`."""
