"""Write clauses, claims, letters and billing runs."""
