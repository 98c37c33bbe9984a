"""What the network is made of: resources, circuits, routes. Not for its state over time (network.alarms)."""
