"""Wires the rooms together: settings, urls, subscriptions, registries. Decides nothing."""
