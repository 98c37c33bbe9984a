"""Reads of the inventory.

`circuits` (lists, pages), `route` (paths of one circuit), `customers` (with counts of circuits), `places` (resources),
`topology` (arrays for the impact worker).
"""
