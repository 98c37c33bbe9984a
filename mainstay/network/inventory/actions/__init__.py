"""Verbs that change the inventory: `resources` (add, connect), `circuits` (open, reroute, cease)."""
