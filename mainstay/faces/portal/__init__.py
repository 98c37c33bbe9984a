"""The customer's own people."""
