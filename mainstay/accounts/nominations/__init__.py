"""Who is a VIP by their accounts: balances, factors, extraction, nomination by hand (B6). Not for bills or tiers."""
