"""Verbs that change the catalogue: `products`, `profiles` (profiles and their terms), `loading` (what is shipped)."""
