"""Which grade does a customer hold in which rule set, by which row and figures (B1, B2)? Not for credit or points."""
