"""Which administrative divisions and industries exist. Not for sites of the network (network.inventory)."""
