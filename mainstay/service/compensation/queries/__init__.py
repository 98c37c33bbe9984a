"""Read clauses, claims and billing runs."""
