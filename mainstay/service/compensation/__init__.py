"""What is owed for missed promises: clauses, claims, approval, letters, billing. Not for judging (service_levels)."""
