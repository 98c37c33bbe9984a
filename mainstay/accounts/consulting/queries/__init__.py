"""Reads: `rules` (which fields, how guarded), `sight` (what a reader sees), `records` (who asked, read), `reviews`."""
