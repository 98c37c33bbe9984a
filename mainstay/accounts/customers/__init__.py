"""Who the key accounts are: organisations, individuals, contacts. Not for their users (platform.identity)."""
