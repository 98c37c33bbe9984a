"""Sources of inventory data (network managers), their regular sync, and what differs. Not for one-off files: imports."""
