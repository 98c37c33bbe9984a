"""What carries the service: inventory, planned work, alarms."""
