"""Reads of the inventory: `circuits` (lists, pages), `topology` (arrays for the impact worker), `places` (resources)."""
