"""What can be bought and promised: products, promise profiles and terms. Not for what was sold (accounts.contracts)."""
