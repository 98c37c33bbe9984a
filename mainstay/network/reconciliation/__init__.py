"""Sources of inventory data (network managers), their regular sync, what differs. Not for one-off files: imports."""
