"""How anything is found by a few characters. Not for who may see it (the owners' queries)."""
