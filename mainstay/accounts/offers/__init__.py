"""Preferential policies: who is eligible and why, what they cost, whom they were granted. Not for prices (catalog)."""
