"""Decision tables that grade customers, judged by zen; pure. Not for who holds which grade (accounts.tiers)."""
