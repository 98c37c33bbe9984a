"""Points of a customer: what a purse holds and allows, what a payment earns. Not for storing (accounts.points)."""
