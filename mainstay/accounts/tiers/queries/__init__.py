"""What tiers tell: rules, runs, who holds what and why."""
